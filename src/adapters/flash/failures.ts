import { StorageFailedError } from "../../ports/store.ts";

/** What a person can do, by errno. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full: free some space",
  EDQUOT: "the disk quota is used up: free some space or raise the quota",
  EROFS: "the file system is read-only: check the memory card, then remount it or restart the box",
  EIO: "the memory card cannot be written: back up the folder and replace the card",
  EACCES: "permission is denied: give the service's user the folder and its files",
  EPERM: "permission is denied: give the service's user the folder and its files",
  EMFILE: "too many files are open: raise the service's limit (LimitNOFILE)",
  ENFILE: "too many files are open on this machine: find the program that opens them",
};

/** errno where the failed call certainly changed nothing on the medium. */
const REFUSED = new Set(["ENOSPC", "EDQUOT", "EROFS"]);

/** Code of a system error, `UNKNOWN` without one. */
export function errnoOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "UNKNOWN";
}

/** Whether the failed write was refused cleanly, so that nothing on the medium is in doubt. */
export function wasRefused(error: unknown): boolean {
  return REFUSED.has(errnoOf(error));
}

/** What went wrong and what to do, for a person. */
export function reasonFor(error: unknown): string {
  return ADVICE[errnoOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

/** Translates a system error. */
export function storageFailed(error: unknown): StorageFailedError {
  if (error instanceof StorageFailedError) return error;
  return new StorageFailedError(`The state could not be stored: ${reasonFor(error)}`, {
    cause: error,
  });
}
