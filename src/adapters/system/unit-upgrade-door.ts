import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import type { PublicJwk } from "../../domain/claims.ts";
import { readIfThere } from "../../platform/durable-file.ts";
import { parsePublicJwk } from "../../platform/ed25519.ts";
import {
  type HandedOver,
  UPGRADE_STATES,
  type UpgradeDoor,
  UpgradeNotSetUpError,
  UpgradeRefusedError,
} from "../../ports/upgrade.ts";
import { Check, Type } from "../../protocol/typebox.ts";
import { UnitWish } from "./unit-wish.ts";

/** Where root puts the public key whose packages may be installed. */
export const UPGRADE_KEY_FILE = "/etc/kms-box/upgrade.pub.jwk";
/** Where root's side tells how far it is; gone after a power cut, as what it told of is. */
const PROGRESS_FILE = "/run/kms-box-upgrade/page.json";

const BY_HAND = 'as root "apt install ./kms-box_VERSION_ARCH.deb"';

const Progress = Type.Object({
  state: Type.Enum(UPGRADE_STATES),
  version: Type.String({ maxLength: 64 }),
  reason: Type.String({ maxLength: 400 }),
  at: Type.String({ maxLength: 32 }),
});

export interface UnitUpgradeDoorOptions {
  /** What systemd made for the service below /run; undefined where it did not start the box. */
  readonly folder: string | undefined;
  readonly keyFile?: string;
  readonly progressFile?: string;
  readonly takenWithinMs?: number;
}

/** Hands packages over by kms-box-page-upgrade.path. */
export class UnitUpgradeDoor implements UpgradeDoor {
  readonly #wish: UnitWish | undefined;
  readonly #keyFile: string;
  readonly #progressFile: string;

  constructor({ folder, keyFile, progressFile, takenWithinMs }: UnitUpgradeDoorOptions) {
    this.#wish = folder === undefined ? undefined : new UnitWish(folder, "upgrade", takenWithinMs);
    this.#keyFile = keyFile ?? UPGRADE_KEY_FILE;
    this.#progressFile = progressFile ?? PROGRESS_FILE;
  }

  get isThere(): boolean {
    return this.#wish !== undefined;
  }

  async trustedKey(): Promise<PublicJwk | null> {
    try {
      const text = await readIfThere(this.#keyFile);
      return text === undefined ? null : parsePublicJwk(text, this.#keyFile);
    } catch (cause) {
      throw new UpgradeNotSetUpError(
        `${this.#keyFile} cannot be used: put the vendor's public key there as root, readable by all.`,
        { cause },
      );
    }
  }

  async digestOf(path: string): Promise<string> {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
    return hash.digest("base64url");
  }

  async handOver(upload: string, signature: string, older: boolean): Promise<void> {
    if (!this.#wish) {
      throw new UpgradeRefusedError(`Only the installed service can: upgrade ${BY_HAND}.`);
    }
    const { path } = this.#wish;
    const wish = `${upload}\n${older ? "older" : "newer"}\n${signature}\n`;
    const isTaken = await this.#wish.make(wish).catch((cause: NodeJS.ErrnoException) => {
      throw new UpgradeRefusedError(`${path} cannot be written (${cause.code}): ${BY_HAND}.`, {
        cause,
      });
    });
    if (isTaken) return;
    throw new UpgradeRefusedError(
      `systemd does not take the package: start kms-box-page-upgrade.path, or upgrade ${BY_HAND}.`,
    );
  }

  async progress(): Promise<HandedOver | null> {
    try {
      const found: unknown = JSON.parse(await readFile(this.#progressFile, "utf8"));
      return Check(Progress, found) ? found : null;
    } catch {
      return null;
    }
  }
}
