import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SettingsFile } from "../../domain/backup.ts";
import { dnsKeyFile, SETTINGS_FILE } from "../../ports/settings.ts";
import { isSettingsName } from "../flash/settings-file.ts";

const DNS_KEY = /^dns-key\.(.+)\.key$/;
const MODE = 0o600;

/** What the administrator has set while the box ran: it lies in the state folder, and is the box's own. */
export async function readStateFiles(folder: string): Promise<SettingsFile[]> {
  const files: SettingsFile[] = [];
  for (const name of (await readdir(folder)).filter(isSettingsName).toSorted()) {
    const domain = DNS_KEY.exec(name)?.[1];
    if (name !== SETTINGS_FILE && domain === undefined) continue;
    const content = (await readFile(join(folder, name))).toString("base64");
    const kind = domain === undefined ? "settings" : "dns-key";
    files.push({ kind, name: domain ?? "", mode: MODE, content });
  }
  return files;
}

/** Whether a file belongs into the state folder; others are root's, beside the configuration file. */
export function isStateFileKind({ kind }: SettingsFile): boolean {
  return kind === "settings" || kind === "dns-key";
}

/** The name of such a file in the state folder; undefined if it is none that a box makes. */
export function stateFileName({ kind, name }: SettingsFile): string | undefined {
  const own = kind === "settings" ? SETTINGS_FILE : dnsKeyFile(name);
  return isSettingsName(own) ? own : undefined;
}
