import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PackagingError } from "./architectures.ts";

const UNITS = "usr/lib/systemd/system";

/** Where a drop-in for a part of systemd goes, by the name of its file in `systemd/drop-ins/`. */
const DROP_INS: Readonly<Record<string, string>> = {
  "journald.conf": "usr/lib/systemd/journald.conf.d/50-kms-box.conf",
  "timesyncd.conf": "usr/lib/systemd/timesyncd.conf.d/50-kms-box.conf",
  "watchdog.conf": "usr/lib/systemd/system.conf.d/50-kms-box.conf",
};

const UNIT = /\.(service|timer|socket|path|target|mount)$/;
const RULES = /^\d\d-[a-z-]+\.rules$/;
const LEFT_OUT = /\.(md|ts)$/;

/** Started by an administrator who wants it: a box needs no client of its own. */
const NOT_ENABLED = ["kms-client.timer"];

/** A file to pack, by its path in the project and in the package. */
export interface PackedFile {
  readonly from: string;
  readonly to: string;
}

/** What of `systemd/` a package has. */
export interface SystemFiles {
  readonly files: readonly PackedFile[];
  /** Names of all units but templates. */
  readonly units: readonly string[];
  /** Those that are enabled when the package is installed. */
  readonly enabled: readonly string[];
  /** Folders below `/var/lib` that systemd makes for them. */
  readonly stateFolders: readonly string[];
}

/**
 * Where every file of `systemd/` goes.
 *
 * @throws {PackagingError} there is a file whose place is not known: it would be missing on a box
 */
export async function readSystemFiles(project: string): Promise<SystemFiles> {
  const folder = join(project, "systemd");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: PackedFile[] = [];
  const units: string[] = [];
  const enabled: string[] = [];
  const stateFolders = new Set<string>();
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    if (!entry.isFile() || LEFT_OUT.test(entry.name)) continue;
    const from = join(entry.parentPath, entry.name);
    const text = await readFile(from, "utf8");
    files.push({ from, to: placeOf(entry.name, from.slice(folder.length + 1), text) });
    if (!UNIT.test(entry.name)) continue;
    // A template is nothing that could be started or stopped by its name.
    if (!entry.name.includes("@.")) units.push(entry.name);
    for (const [, names] of text.matchAll(/^StateDirectory=(.*)$/gm)) {
      for (const name of (names ?? "").split(" ")) stateFolders.add(name);
    }
    if (/^\[Install\]/m.test(text) && !NOT_ENABLED.includes(entry.name)) enabled.push(entry.name);
  }
  return { files, units, enabled, stateFolders: [...stateFolders].sort() };
}

function placeOf(name: string, path: string, text: string): string {
  const dropIn = path.startsWith("drop-ins/") ? DROP_INS[name] : undefined;
  if (dropIn !== undefined) return dropIn;
  if (UNIT.test(path) && path === name) return `${UNITS}/${name}`;
  // A drop-in of one unit, as kms-box.service.d/50-name.conf.
  if (/^[^/]+\.d\/[^/]+\.conf$/.test(path)) return `${UNITS}/${path}`;
  if (RULES.test(name)) {
    return text.includes("polkit.addRule")
      ? `usr/share/polkit-1/rules.d/${name}`
      : `usr/lib/udev/rules.d/${name}`;
  }
  throw new PackagingError(
    `systemd/${path}: say in deploy/packaging/system-files.ts where this file goes on a box.`,
  );
}
