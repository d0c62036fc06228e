import { readdir } from "node:fs/promises";

/** Where the installed package keeps the version before, which it goes back to if the new one fails. */
const KEPT_FOLDER = "/usr/lib/kms-box/kept";
const VERSION = /^\d+\.\d+\.\d+$/;

/** @returns null where no other version than `own` is kept, as without the package */
export async function readKeptVersion(own: string, folder = KEPT_FOLDER): Promise<string | null> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.find((name) => VERSION.test(name) && name !== own) ?? null;
}
