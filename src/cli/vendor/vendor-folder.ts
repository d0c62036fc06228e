import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import {
  createVendorKey,
  readVendorKey,
  VENDOR_KEY_FILE,
} from "../../adapters/keys/vendor-key-files.ts";
import { KmsError } from "../../domain/errors.ts";
import { writeFileDurably } from "../../platform/durable-file.ts";
import type { Signer } from "../../ports/keys.ts";
import { fileFault } from "../support/files.ts";
import { UsageError } from "../support/run-program.ts";

/** What the vendor is called, beside its keys; not secret. */
const PROFILE_FILE = "vendor.json";
/** As the licence's `iss` allows. */
const LONGEST_NAME = 128;

/** The folder holds a vendor's key already. */
export class VendorKeyExistsError extends KmsError {
  readonly code = "vendor-key-exists";
}

/** The folder holds no vendor's key. */
export class VendorKeyMissingError extends KmsError {
  readonly code = "vendor-key-missing";
}

export interface Vendor {
  readonly name: string;
  readonly signer: Signer;
}

/**
 * Makes a vendor's keys and writes down its name.
 *
 * @throws {VendorKeyExistsError} keys are never replaced
 */
export async function createVendor(folder: string, name = nameOfFolder(folder)): Promise<Vendor> {
  checkName(name);
  try {
    const signer = await createVendorKey(folder);
    await writeFileDurably(join(folder, PROFILE_FILE), `${JSON.stringify({ name })}\n`, 0o644);
    return { name, signer };
  } catch (error) {
    // The path itself may be a file, which the system calls by the same code.
    const exists = (error as NodeJS.ErrnoException).code === "EEXIST";
    if (!exists || !(await hasKey(folder))) throw fileFault(`Cannot write to ${folder}`, error);
    throw new VendorKeyExistsError(
      `${join(folder, VENDOR_KEY_FILE)} exists and is kept: every client that trusts it and every ` +
        "licence signed by it would be lost. Name another folder to become another vendor.",
    );
  }
}

/** @throws {VendorKeyMissingError} @throws {KeyUnreadableError} the key is damaged */
export async function openVendor(folder: string): Promise<Vendor> {
  const signer = await readVendorKey(folder).catch((error: unknown) => {
    throw error instanceof KmsError ? error : fileFault(`Cannot read ${folder}`, error);
  });
  if (!signer) {
    throw new VendorKeyMissingError(
      `${folder} holds no ${VENDOR_KEY_FILE}. Make a vendor key by "kms-vendor init --dir ${folder}".`,
    );
  }
  return { name: (await storedName(folder)) ?? nameOfFolder(folder), signer };
}

async function hasKey(folder: string): Promise<boolean> {
  return (await readVendorKey(folder).catch(() => undefined)) !== undefined;
}

async function storedName(folder: string): Promise<string | undefined> {
  try {
    const profile: unknown = JSON.parse(await readFile(join(folder, PROFILE_FILE), "utf8"));
    const { name } = (profile ?? {}) as { name?: unknown };
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    return undefined;
  }
}

/** A name that nobody gave is at least one that its owner chose. */
function nameOfFolder(folder: string): string {
  return basename(resolve(folder)) || "vendor";
}

/** @throws {UsageError} */
export function checkName(name: string): void {
  if (name.trim() === "" || name.length > LONGEST_NAME || /\p{C}/u.test(name)) {
    throw new UsageError(
      `--name must be 1 to ${LONGEST_NAME} printable characters, as clients and hosts show it.`,
    );
  }
}
