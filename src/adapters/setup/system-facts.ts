import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readIfThere } from "../../platform/durable-file.ts";
import type { Account, SystemFacts } from "../../ports/setup.ts";

/** Where the files are that tell what was set up before. */
export interface FactPlaces {
  readonly hosts: string;
  readonly settings: string;
  readonly keys: string;
  readonly sshKeys: string;
}

/** What a system below a root folder is like. */
export async function readSystemFacts(root: string, places: FactPlaces): Promise<SystemFacts> {
  const read = async (path: string) => (await readIfThere(join(root, path))) ?? "";
  const names = async (path: string) => readdir(join(root, path)).catch((): string[] => []);
  const keys = (await names(places.keys)).filter((name) => !name.startsWith("."));
  return {
    settings: parseSettings(await read(places.settings)),
    hosts: await read(places.hosts),
    accounts: parseAccounts(await read("/etc/passwd")),
    keyFiles: keys.map((name) => `${places.keys}/${name}`),
    chrony: (await names("/etc/chrony")).includes("sources.d"),
    keyedAccounts: (await names(places.sshKeys)).filter((name) => !name.startsWith(".")),
  };
}

/** Setup writes it durably, so that what is damaged was changed by hand and is written anew. */
function parseSettings(text: string): SystemFacts["settings"] {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
    return value as SystemFacts["settings"];
  } catch {
    return {};
  }
}

/** passwd(5). */
function parseAccounts(text: string): Account[] {
  return text.split("\n").flatMap((line) => {
    const [name = "", , number = ""] = line.split(":");
    return /^\d+$/.test(number) ? [{ name, number: Number(number) }] : [];
  });
}

/** The number of a group (group(5)); undefined if there is none. */
export async function groupNumber(root: string, group: string): Promise<number | undefined> {
  const text = (await readIfThere(join(root, "/etc/group"))) ?? "";
  const line = text.split("\n").find((each) => each.startsWith(`${group}:`));
  const number = line?.split(":")[2];
  return number === undefined ? undefined : Number(number);
}

/** Whether what is written to the root file system is gone after a restart. */
export async function forgetsAtRestart(): Promise<boolean> {
  return isForgetful(await readFile("/proc/self/mounts", "utf8").catch(() => ""));
}

interface Mount {
  readonly place: string;
  readonly kind: string;
  readonly options: string;
}

/** Whether the root file system of these mounts (proc_mounts(5)) is in memory, or an overlay there. */
export function isForgetful(text: string): boolean {
  const mounts = text.split("\n").map((line): Mount => {
    const [, place = "", kind = "", options = ""] = line.split(" ");
    return { place, kind, options };
  });
  const root = mounts.findLast(({ place }) => place === "/");
  if (root?.kind !== "overlay") return isInMemory(root);
  const [, upper] = /(?:^|,)upperdir=([^,]+)/.exec(root.options) ?? [];
  // An overlay without an upper folder is read-only, and says so when it is written.
  if (upper === undefined) return false;
  const [holder] = mounts
    .filter(({ place }) => place !== "/" && `${upper}/`.startsWith(`${place}/`))
    .toSorted((a, b) => b.place.length - a.place.length);
  // Raspberry Pi OS has its upper folder in a tmpfs that the system does not see any more.
  return holder === undefined || isInMemory(holder);
}

function isInMemory(mount: Mount | undefined): boolean {
  return mount?.kind === "tmpfs" || mount?.kind === "ramfs";
}
