import { chmod, chown, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { SettingsFile } from "../../domain/backup.ts";
import { KmsError } from "../../domain/errors.ts";
import { readIfThere, writeFileDurably } from "../../platform/durable-file.ts";

/** A file of settings cannot be put back. */
export class SettingsRefusedError extends KmsError {
  readonly code = "settings-refused";
}

/** What stands in a backup of settings, and what could not be had. */
export interface ReadSettings {
  readonly files: readonly SettingsFile[];
  /** Path and reason. */
  readonly leftOut: readonly string[];
}

/** Folders beside the configuration file, and which of their files count. */
const FOLDERS = [
  ["config.d", /^[\w-][\w.-]*\.json$/],
  ["keys", /^[\w-][\w.-]*$/],
] as const;
/** Keys and keytabs have some hundred bytes. */
export const LARGEST_SETTINGS_BYTES = 1 << 20;
const PERMISSIONS = 0o777;
/** What a backup may give others, whatever stands in it. */
const MOST_PERMISSIONS: Readonly<Record<SettingsFile["kind"], number>> = {
  config: 0o644,
  "config.d": 0o644,
  keys: 0o640,
  settings: 0o600,
  "dns-key": 0o600,
};

/** Reads the configuration file, `config.d/` and `keys/` beside it. */
export async function readSettings(configPath: string): Promise<ReadSettings> {
  const files: SettingsFile[] = [];
  const leftOut: string[] = [];
  const take = async (kind: SettingsFile["kind"], path: string) => {
    const read = await readOne(kind, path);
    if (typeof read === "string") leftOut.push(`${path}: ${read}`);
    else files.push(read);
  };
  await take("config", configPath);
  for (const [kind, names] of FOLDERS) {
    const folder = join(dirname(configPath), kind);
    for (const name of await namesIn(folder, leftOut)) {
      if (names.test(name)) await take(kind, join(folder, name));
      else leftOut.push(`${join(folder, name)}: its name is not one of ${kind}`);
    }
  }
  return { files, leftOut };
}

async function namesIn(folder: string, leftOut: string[]): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    const { code = "failed" } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") leftOut.push(`${folder}: ${code}`);
    return [];
  }
}

/** @returns why not, if it cannot be had */
async function readOne(kind: SettingsFile["kind"], path: string): Promise<SettingsFile | string> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return "it is no file";
    if (found.size > LARGEST_SETTINGS_BYTES) return "it is too large for settings";
    const content = (await readFile(path)).toString("base64");
    const name = kind === "config" ? "" : basename(path);
    return { kind, name, mode: found.mode & PERMISSIONS, content };
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** A file that is to be put back, and what is there now. */
export interface PlannedFile {
  readonly path: string;
  readonly file: SettingsFile;
  readonly there: "missing" | "same" | "other";
}

/**
 * Looks where the files of a backup belong; changes nothing.
 *
 * @throws {SettingsRefusedError} a name that is none of settings
 * @throws the system's error if a file that is there cannot be read
 */
export async function planSettings(
  configPath: string,
  files: readonly SettingsFile[],
): Promise<PlannedFile[]> {
  return Promise.all(
    files.map(async (file) => {
      const path = pathOf(configPath, file);
      const there = await readIfThere(path);
      if (there === undefined) return { path, file, there: "missing" as const };
      const same = Buffer.from(file.content, "base64").toString("utf8") === there;
      return { path, file, there: same ? ("same" as const) : ("other" as const) };
    }),
  );
}

function pathOf(configPath: string, { kind, name }: SettingsFile): string {
  if (kind === "config") return configPath;
  const names = FOLDERS.find(([folder]) => folder === kind)?.[1];
  if (names?.test(name)) return join(dirname(configPath), kind, name);
  throw new SettingsRefusedError(
    `The backup holds a file that is none of settings: ${kind}/${name}`,
  );
}

/**
 * Writes the files that are missing or other ones, each whole or not at all.
 *
 * @param group that may read keys, if root writes them
 */
export async function putSettings(planned: readonly PlannedFile[], group: number): Promise<void> {
  for (const { path, file, there } of planned) {
    if (there === "same") continue;
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    const mode = file.mode & MOST_PERMISSIONS[file.kind];
    await writeFileDurably(path, Buffer.from(file.content, "base64"), mode);
    if (process.getuid?.() === 0) await chown(path, 0, group);
    // The umask may have taken away what the group needs.
    await chmod(path, mode);
  }
}
