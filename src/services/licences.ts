import type { LicensedProduct } from "../domain/claims.ts";
import {
  type CoveredProduct,
  type InstalledLicence,
  LicenceBook,
  LicenceRefusedError,
  licenceValidity,
} from "../domain/licence.ts";
import { SECOND_MS } from "../domain/units.ts";
import type { EventLog } from "../ports/events.ts";
import type { Sha256, Signer, Verifier } from "../ports/keys.ts";
import type { CmidStore } from "../ports/store.ts";
import { openLicence } from "../protocol/licence.ts";
import { MalformedTokenError } from "../protocol/malformed-token.ts";

/** Name of the document that holds the installed tokens. */
export const LICENCES_DOCUMENT = "licences";

/** Its vendor is none of those trusted so far: installing it with `addVendor` changes that. */
export class VendorUnknownError extends LicenceRefusedError {
  override readonly code = "vendor-unknown";
}

export interface LicenceParts {
  readonly store: CmidStore;
  readonly signer: Pick<Signer, "thumbprint">;
  readonly verifier: Verifier;
  readonly sha256: Sha256;
  readonly events: EventLog;
}

export interface InstallOptions {
  readonly nowMs: number;
  /** Whether to trust the licence's vendor beside those trusted before. */
  readonly addVendor?: boolean;
}

/** The licences of this host: kept in the store, checked when read and when installed. */
export class LicenceService {
  readonly #parts: LicenceParts;
  #book = new LicenceBook([]);
  #installing: Promise<unknown> = Promise.resolve();

  constructor(parts: LicenceParts) {
    this.#parts = parts;
  }

  get book(): LicenceBook {
    return this.#book;
  }

  /** Reads what is installed. A licence that no longer verifies is left out and named in the log. */
  async start(): Promise<void> {
    for (const token of this.#storedTokens()) {
      try {
        this.#book = this.#book.with(await this.#opened(token));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        this.#parts.events.record("licence-unusable", `A stored licence is unusable: ${message}`);
      }
    }
  }

  covering(productId: string, nowMs: number): CoveredProduct | undefined {
    return this.#book.covering(productId, nowMs);
  }

  productsAt(nowMs: number): LicensedProduct[] {
    return this.#book.productsAt(nowMs);
  }

  /**
   * Installs a licence and keeps it on flash.
   *
   * The first vendor is trusted on first use; another one only if told so. One at a time, since each
   * adds to what the one before it left.
   *
   * @throws {LicenceRefusedError} it is damaged, for another host, expired, not yet valid, or of a
   *   vendor not trusted; the message says which and what to do
   */
  install(token: string, options: InstallOptions): Promise<InstalledLicence> {
    const installed = this.#installing.then(() => this.#install(token, options));
    this.#installing = installed.catch(() => undefined);
    return installed;
  }

  async #install(token: string, options: InstallOptions): Promise<InstalledLicence> {
    const licence = await this.#opened(token.trim());
    this.#refuseByTime(licence, options.nowMs);
    this.#refuseUnknownVendor(licence, options.addVendor ?? false);
    const book = this.#book.with(licence);
    await this.#parts.store.commit([
      { op: "document", name: LICENCES_DOCUMENT, value: book.licences.map((each) => each.token) },
    ]);
    this.#book = book;
    const { claims, vendorThumbprint } = licence;
    this.#parts.events.record(
      "licence-installed",
      `Licence of the vendor "${claims.iss}" installed.`,
      {
        vendor: claims.iss,
        vendorThumbprint,
        products: claims.products.map(({ id }) => id).join(" "),
        expires: new Date(claims.exp * SECOND_MS).toISOString(),
      },
    );
    return licence;
  }

  async #opened(token: string): Promise<InstalledLicence> {
    const { verifier, sha256, signer } = this.#parts;
    let licence: InstalledLicence;
    try {
      licence = await openLicence(token, {
        sha256,
        verify: (key, data, signature) => verifier.verify(key, data, signature),
      });
    } catch (cause) {
      if (!(cause instanceof MalformedTokenError)) throw cause;
      throw new LicenceRefusedError(
        `The licence is damaged: ${cause.message}. Fetch the file from the vendor again.`,
        { cause },
      );
    }
    if (licence.claims.sub !== signer.thumbprint) {
      throw new LicenceRefusedError(
        `The licence is for another host (${licence.claims.sub}); this one is ` +
          `${signer.thumbprint}. Send the vendor what "kms-box licence request" prints here.`,
      );
    }
    return licence;
  }

  #refuseByTime({ claims }: InstalledLicence, nowMs: number): void {
    const validity = licenceValidity(claims, nowMs);
    if (validity === "expired") {
      const ended = new Date(claims.exp * SECOND_MS).toISOString();
      throw new LicenceRefusedError(
        `The licence expired on ${ended}. Ask the vendor for a new one, or set this host's clock ` +
          `(it says ${new Date(nowMs).toISOString()}).`,
      );
    }
    if (validity === "not-yet-valid") {
      const begins = new Date(claims.nbf * SECOND_MS).toISOString();
      throw new LicenceRefusedError(
        `The licence is not valid before ${begins}. Install it then, or set this host's clock ` +
          `(it says ${new Date(nowMs).toISOString()}).`,
      );
    }
  }

  #refuseUnknownVendor(licence: InstalledLicence, addVendor: boolean): void {
    const { vendors, licences } = this.#book;
    if (vendors.length === 0 || vendors.includes(licence.vendorThumbprint) || addVendor) return;
    throw new VendorUnknownError(
      `The licence is of the vendor "${licence.claims.iss}" (${licence.vendorThumbprint}), but ` +
        `this host trusts "${licences[0]?.claims.iss}" (${vendors.join(", ")}). If both are meant ` +
        "to be here, install it with --add-vendor.",
    );
  }

  #storedTokens(): string[] {
    const stored = this.#parts.store.documents.get(LICENCES_DOCUMENT);
    return Array.isArray(stored) ? stored.filter((token) => typeof token === "string") : [];
  }
}
