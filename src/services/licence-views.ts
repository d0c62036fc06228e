import { type InstalledLicence, licenceValidity } from "../domain/licence.ts";

/** A licence as the administrator sees it; times as NumericDate. */
export function licenceView({ claims, vendorThumbprint }: InstalledLicence, nowMs: number) {
  return {
    vendor: claims.iss,
    vendorThumbprint,
    validity: licenceValidity(claims, nowMs),
    issued: claims.iat,
    validFrom: claims.nbf,
    expires: claims.exp,
    products: [...claims.products],
  };
}
