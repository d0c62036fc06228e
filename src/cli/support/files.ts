import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { KmsError } from "../../domain/errors.ts";

/** A file that was named on the command line cannot be read or written. */
export class FileNotAccessibleError extends KmsError {
  readonly code = "file-not-accessible";
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "this user may not",
  EPERM: "this user may not",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "it is a file",
  EROFS: "the file system is read-only",
  ENOSPC: "the file system is full",
};

/**
 * The text of a file, or of standard input for `-`.
 *
 * @throws {FileNotAccessibleError}
 */
export async function readInput(path: string): Promise<string> {
  if (path === "-") return text(process.stdin);
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw fileFault(`Cannot read ${path}`, error);
  }
}

/** The system's error in a sentence that begins with what could not be done. */
export function fileFault(couldNot: string, cause: unknown): FileNotAccessibleError {
  return new FileNotAccessibleError(`${couldNot}: ${reasonOf(cause)}.`, { cause });
}

/** The system's error as a clause. */
export function reasonOf(error: unknown): string {
  const { code = "failed" } = error as NodeJS.ErrnoException;
  const reason = REASONS[code];
  return reason ? `${reason} (${code})` : code;
}
