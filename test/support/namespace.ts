import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { PATH, runTool } from "./debian-packages.ts";

/** Set where {@link runInNamespaces} runs a program. */
const MARK = "KMS_BOX_TEST_NAMESPACE";

/** Everything that a program makes, mounts or starts there ends with it, and it with us. */
const NAMESPACES = ["--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** Runs a program in network, mount, UTS and process namespaces of its own; its exit status. */
export async function runInNamespaces(command: readonly string[]): Promise<number> {
  const env = { ...process.env, PATH, [MARK]: "1" };
  const args = ["--pdeathsig", "KILL", "unshare", ...NAMESPACES, ...command];
  const child = spawn("setpriv", args, { stdio: "inherit", env });
  // Whoever interrupts this interrupts the program: it ends by itself and cleans up.
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  const [status] = (await once(child, "close")) as [number | null];
  process.off("SIGINT", ignore);
  return status ?? 1;
}

export interface Surroundings {
  readonly hostname: string;
  /** Addresses of servers that run here as well; not the box's own. */
  readonly serverAddresses: readonly string[];
  /** The box's own, with prefix length, of its interface `eth0`. */
  readonly boxAddress: string;
  /** Folders that are empty here. */
  readonly folders: readonly string[];
  /** Files below `/etc`, by name. */
  readonly etc: Readonly<Record<string, string>>;
}

/**
 * Makes a small office of this process's namespaces: a copy of `/etc` to change at will, empty
 * folders, and addresses that lead nowhere else.
 */
export async function furnish(surroundings: Surroundings): Promise<void> {
  if (process.env[MARK] === undefined) {
    throw new Error("This suite changes /etc and the network: start it by its npm script.");
  }
  await runTool("hostname", [surroundings.hostname]);
  const copy = "/mnt";
  await runTool("mount", ["-t", "tmpfs", "tmpfs", copy]);
  await runTool("cp", ["-a", "/etc", copy]);
  await runTool("mount", ["--bind", `${copy}/etc`, "/etc"]);
  for (const [name, text] of Object.entries(surroundings.etc)) writeFileSync(`/etc/${name}`, text);
  for (const folder of surroundings.folders) {
    await runTool("mkdir", ["-p", folder]);
    await runTool("mount", ["-t", "tmpfs", "tmpfs", folder]);
  }
  await runTool("ip", ["link", "set", "lo", "up"]);
  for (const address of surroundings.serverAddresses) {
    await runTool("ip", ["address", "add", address, "dev", "lo"]);
  }
  // The box publishes the addresses of its real interfaces, told by their names.
  await runTool("ip", ["link", "add", "eth0", "type", "veth", "peer", "name", "veth0"]);
  await runTool("ip", ["address", "add", surroundings.boxAddress, "dev", "eth0"]);
  for (const link of ["veth0", "eth0"]) await runTool("ip", ["link", "set", link, "up"]);
}

/** Tries until something else than undefined comes. @throws {Error} after the time */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined>,
  withinMs = 60_000,
): Promise<T> {
  const endMs = performance.now() + withinMs;
  while (performance.now() < endMs) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(50);
  }
  throw new Error(`${what}: not within ${withinMs} ms`);
}
