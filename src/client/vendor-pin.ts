import type { PublicJwk } from "../domain/claims.ts";
import { sha256 } from "../platform/ed25519.ts";
import { keyNames } from "../protocol/thumbprint.ts";
import { NotInstalledError, VendorKeyNeededError } from "./errors.ts";
import type { Settings } from "./shapes.ts";

export type PinChange = "pinned" | "unchanged" | "replaced";

/** What a vendor key is called. */
export function vendorThumbprint(key: PublicJwk): string {
  return keyNames(key, sha256).thumbprint;
}

/** The vendor key pinned for a product; undefined if there is none. */
export function pinnedKey(settings: Settings, product: string): PublicJwk | undefined {
  // An id may be a word that every object knows, such as "constructor".
  return Object.hasOwn(settings.products, product)
    ? settings.products[product]?.vendorKey
    : undefined;
}

/** The settings with a key pinned for a product, and what that changed. */
export function withPin(
  settings: Settings,
  product: string,
  vendorKey: PublicJwk,
): { settings: Settings; change: PinChange } {
  const known = pinnedKey(settings, product);
  if (known?.x === vendorKey.x) return { settings, change: "unchanged" };
  const products = { ...settings.products, [product]: { vendorKey } };
  return { settings: { ...settings, products }, change: known ? "replaced" : "pinned" };
}

/** @throws {VendorKeyNeededError} */
export function requirePin(settings: Settings, product: string): PublicJwk {
  const key = pinnedKey(settings, product);
  if (key) return key;
  throw new VendorKeyNeededError(
    `No vendor key is known for the product "${product}". Give the vendor's public key once: kms-client activate --product ${product} --vendor-key vendor.pub.jwk`,
  );
}

/**
 * The product meant where none was named: the only one there is.
 *
 * @throws {NotInstalledError} there is none, or there are several.
 */
export function onlyProduct(settings: Settings): string {
  const [first, ...others] = Object.keys(settings.products);
  if (first === undefined) {
    throw new NotInstalledError(
      "No product is installed here. Begin with: kms-client activate --product ID --vendor-key vendor.pub.jwk",
    );
  }
  if (others.length === 0) return first;
  throw new NotInstalledError(
    `Several products are installed here (${[first, ...others].join(", ")}): name one with --product ID.`,
  );
}
