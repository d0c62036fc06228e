import { mkdir, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { writeFileDurably } from "../platform/durable-file.ts";
import { StateDamagedError, StateNotAccessibleError } from "./errors.ts";

/**
 * The text of a file; undefined if there is none.
 *
 * @throws {StateNotAccessibleError}
 */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw accessError(path, "read", error);
  }
}

/**
 * The value of a JSON file, checked; undefined if there is no file.
 *
 * @throws {StateDamagedError} it is not JSON, or the check fails.
 */
export async function readJson<T>(
  path: string,
  check: (value: unknown) => value is T,
): Promise<T | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const value = parseJson(text);
  if (check(value)) return value;
  throw new StateDamagedError(
    path,
    `${path} is damaged. Restore it, or move it away and run: kms-client activate --product ID --vendor-key FILE`,
  );
}

/** Writes a value durably; the folder is made where needed. */
export async function writeJson(path: string, value: unknown, mode = 0o644): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    await writeFileDurably(path, `${JSON.stringify(value, null, 2)}\n`, mode);
  } catch (error) {
    throw accessError(path, "write", error);
  }
}

/** Renames a damaged file, so that it can be looked at and replaced; returns its new path. */
export async function setAside(path: string, nowMs: number): Promise<string> {
  const kept = `${path}.damaged-${nowMs}`;
  try {
    await rename(path, kept);
  } catch (error) {
    throw accessError(path, "rename", error);
  }
  return kept;
}

/** The system's error in a sentence that says what to do. */
export function accessError(path: string, doing: string, cause: unknown): StateNotAccessibleError {
  const { code = "unknown error" } = cause as NodeJS.ErrnoException;
  const remedy =
    code === "EACCES" || code === "EPERM"
      ? "Run as the user who installed the client (often root), or name another folder with --state DIR."
      : "Check the disk and the folder, or name another folder with --state DIR.";
  return new StateNotAccessibleError(`Cannot ${doing} ${path} (${code}). ${remedy}`, { cause });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
