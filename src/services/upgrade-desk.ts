import type { PublicJwk } from "../domain/claims.ts";
import { UploadRefusedError, type Uploads } from "../ports/backup.ts";
import {
  type HandedOver,
  type UpgradeDoor,
  UpgradeNotSetUpError,
  UpgradeRefusedError,
} from "../ports/upgrade.ts";
import type { TokenCrypto } from "../protocol/licence.ts";
import {
  LARGEST_PACKAGE_BYTES,
  openPackageSignature,
  type PackageClaims,
  requireDigest,
} from "../protocol/package-signature.ts";

export interface UpgradeDeskParts {
  readonly uploads: Uploads;
  readonly door: UpgradeDoor;
  readonly crypto: TokenCrypto;
  /** The one in use. */
  readonly version: string;
  /** Of this machine, as Debian names it. */
  readonly architecture: string;
}

const NO_KEY =
  "No key is set up whose packages this box may take. Put your vendor's public key there as root: " +
  "install -m 644 vendor.pub.jwk /etc/kms-box/upgrade.pub.jwk";

const NOT_THE_SERVICE =
  "This box does not run as the service of an installed package, so it can install none. Stop it, and " +
  "start the other version instead.";

/** Whether packages may be sent: `no-service` where nobody could install one, `no-key` where none is trusted. */
export type UpgradeStanding = "open" | "no-service" | "no-key";

/** Takes a package from whoever administers the box, and hands it to root's side if it may be installed. */
export class UpgradeDesk {
  readonly #parts: UpgradeDeskParts;

  constructor(parts: UpgradeDeskParts) {
    this.#parts = parts;
  }

  async standing(): Promise<UpgradeStanding> {
    const { door } = this.#parts;
    if (!door.isThere) return "no-service";
    return (await door.trustedKey().catch(() => null)) === null ? "no-key" : "open";
  }

  progress(): Promise<HandedOver | null> {
    return this.#parts.door.progress();
  }

  /**
   * @returns what names the upload
   * @throws {UpgradeNotSetUpError}
   * @throws {UploadRefusedError}
   */
  async upload(chunks: AsyncIterable<Uint8Array>, bytes: number): Promise<string> {
    await this.#key();
    if (bytes > LARGEST_PACKAGE_BYTES) {
      throw new UploadRefusedError(
        `The package has ${bytes} bytes; at most ${LARGEST_PACKAGE_BYTES} are taken.`,
      );
    }
    return this.#parts.uploads.receive(chunks, bytes);
  }

  /**
   * Verifies the package; resolves once root's side has taken it, which verifies it again.
   *
   * @param older whether the version in use, or an older one, may be installed
   * @throws {UpgradeNotSetUpError}
   * @throws {UploadRefusedError} it is there no more
   * @throws {MalformedTokenError}
   * @throws {PackageNotTrustedError}
   * @throws {UpgradeRefusedError}
   */
  async install(upload: string, signature: string, older: boolean): Promise<PackageClaims> {
    const { uploads, door, crypto } = this.#parts;
    const token = signature.trim();
    const claims = await openPackageSignature(token, await this.#key(), crypto);
    requireDigest(claims, await door.digestOf(uploads.pathOf(upload)));
    this.#requireFitting(claims, older);
    await door.handOver(upload, token, older);
    return claims;
  }

  async #key(): Promise<PublicJwk> {
    const { door } = this.#parts;
    if (!door.isThere) throw new UpgradeNotSetUpError(NOT_THE_SERVICE);
    const key = await door.trustedKey();
    if (key) return key;
    throw new UpgradeNotSetUpError(NO_KEY);
  }

  #requireFitting(claims: PackageClaims, older: boolean): void {
    const { version, architecture } = this.#parts;
    if (claims.architecture !== architecture) {
      throw new UpgradeRefusedError(
        `The package is for ${claims.architecture}, this machine is ${architecture}. Fetch that one.`,
      );
    }
    if (older || isNewer(claims.version, version)) return;
    throw new UpgradeRefusedError(
      `The package has version ${claims.version}, and ${version} is in use. If that is meant, allow ` +
        "an older version (older: true).",
    );
  }
}

/** Of three numbers each. */
function isNewer(version: string, than: string): boolean {
  const numbers = than.split(".").map(Number);
  for (const [i, number] of version.split(".").map(Number).entries()) {
    const other = numbers[i] ?? 0;
    if (number !== other) return number > other;
  }
  return false;
}
