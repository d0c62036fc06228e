import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { LARGEST_PACKAGE_BYTES } from "../../protocol/package-signature.ts";
import { fileFault } from "../support/files.ts";
import { UsageError } from "../support/run-program.ts";

const NAME = /^kms-box_(\d+\.\d+\.\d+)_([a-z0-9]{1,16})\.deb$/;

/**
 * What a package is called for, as `npm run package` names it.
 *
 * @throws {UsageError}
 */
export function partsOfName(path: string): { version: string; architecture: string } {
  const [, version, architecture] = NAME.exec(basename(path)) ?? [];
  if (version && architecture) return { version, architecture };
  throw new UsageError(
    `${path} is not named kms-box_VERSION_ARCH.deb: give it the name that it was built with.`,
  );
}

/**
 * SHA-256 of a package, base64url.
 *
 * @throws {UsageError} it is too large, or empty
 * @throws {FileNotAccessibleError}
 */
export async function digestOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size < 1 || size > LARGEST_PACKAGE_BYTES) {
      throw new UsageError(`${path} has ${size} bytes; a box takes 1 to ${LARGEST_PACKAGE_BYTES}.`);
    }
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
    return hash.digest("base64url");
  } catch (error) {
    throw error instanceof UsageError ? error : fileFault(`Cannot read ${path}`, error);
  }
}
