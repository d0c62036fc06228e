import type { LicenceClaims, LicensedProduct } from "./claims.ts";
import { KmsError } from "./errors.ts";
import { SECOND_MS } from "./units.ts";

/** A licence whose signature and host key were verified. */
export interface InstalledLicence {
  /** The compact JWS as the vendor signed it; clients are handed it unchanged. */
  readonly token: string;
  readonly vendorThumbprint: string;
  readonly claims: LicenceClaims;
}

/** A product together with the licence that it is covered by. */
export interface CoveredProduct {
  readonly product: LicensedProduct;
  readonly licence: InstalledLicence;
}

export type LicenceValidity = "valid" | "not-yet-valid" | "expired";

/** The licence cannot be installed; the message names which rule it breaks. */
export class LicenceRefusedError extends KmsError {
  readonly code: string = "licence-refused";
}

/** Where `nowMs` lies in the licence's time; the end belongs to `expired` (RFC 7519 section 4.1.4). */
export function licenceValidity(claims: LicenceClaims, nowMs: number): LicenceValidity {
  if (nowMs < claims.nbf * SECOND_MS) return "not-yet-valid";
  return nowMs < claims.exp * SECOND_MS ? "valid" : "expired";
}

/**
 * The licences of one host. Where several cover a product, the valid one issued last counts.
 * Immutable: installing gives a new book.
 */
export class LicenceBook {
  readonly licences: readonly InstalledLicence[];
  readonly #byProduct = new Map<string, CoveredProduct[]>();

  constructor(licences: readonly InstalledLicence[]) {
    this.licences = [...licences].sort((a, b) => b.claims.iat - a.claims.iat);
    for (const licence of this.licences) {
      for (const product of licence.claims.products) {
        const covering = this.#byProduct.get(product.id) ?? [];
        covering.push({ product, licence });
        this.#byProduct.set(product.id, covering);
      }
    }
  }

  /** The product as its valid licence describes it; undefined if none is valid now. */
  covering(productId: string, nowMs: number): CoveredProduct | undefined {
    return this.#byProduct
      .get(productId)
      ?.find(({ licence }) => licenceValidity(licence.claims, nowMs) === "valid");
  }

  /** Whether any licence names the product, valid now or not. */
  names(productId: string): boolean {
    return this.#byProduct.has(productId);
  }

  /** Every product with a valid licence, in the order of its id. */
  productsAt(nowMs: number): LicensedProduct[] {
    return [...this.#byProduct.keys()]
      .sort()
      .flatMap((id) => this.covering(id, nowMs)?.product ?? []);
  }

  /** Whether other licences take over each of its products before it ends. */
  isReplaced({ claims: { products, exp } }: InstalledLicence): boolean {
    return products.every(({ id }) =>
      this.#byProduct
        .get(id)
        ?.some(({ licence: { claims } }) => claims.exp > exp && claims.nbf <= exp),
    );
  }

  /** Thumbprints of the vendors whose licences are installed. */
  get vendors(): string[] {
    return [...new Set(this.licences.map(({ vendorThumbprint }) => vendorThumbprint))];
  }

  /**
   * The book with one more licence. The same token twice is once.
   *
   * @throws {LicenceRefusedError} another vendor holds a product or an application of it already:
   *   one vendor's clients must not count towards another's threshold.
   */
  with(licence: InstalledLicence): LicenceBook {
    const others = this.licences.filter(
      ({ vendorThumbprint }) => vendorThumbprint !== licence.vendorThumbprint,
    );
    for (const { id, application } of licence.claims.products) {
      const taken = others.find(({ claims }) =>
        claims.products.some((product) => product.id === id || product.application === application),
      );
      if (taken) {
        throw new LicenceRefusedError(
          `The product "${id}" or its application "${application}" is already licensed by the ` +
            `vendor "${taken.claims.iss}". Ask this vendor for a licence with ids of its own.`,
        );
      }
    }
    return new LicenceBook([
      ...this.licences.filter(({ token }) => token !== licence.token),
      licence,
    ]);
  }
}
