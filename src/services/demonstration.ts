import type { LicensedProduct, PublicJwk } from "../domain/claims.ts";
import { KmsError } from "../domain/errors.ts";
import { DEFAULT_POLICY } from "../domain/policy.ts";
import { DAY_MS, SECOND_MS } from "../domain/units.ts";
import type { RandomBytes, Signer } from "../ports/keys.ts";
import { encodeBase64url } from "../protocol/base64url.ts";
import { makeLicence } from "../protocol/licence.ts";

/** Says in every place where the vendor is shown that it is none. */
export const DEMO_VENDOR_NAME = "DEMONSTRATION VENDOR";

/** The folder is in use for something else than a demonstration. */
export class DemonstrationRefusedError extends KmsError {
  readonly code = "demonstration-refused";
}

export const DEMO_PRODUCT: LicensedProduct = {
  id: "demo-office",
  name: "Demonstration product",
  application: "demo",
  threshold: DEFAULT_POLICY.activationThreshold,
};
const VALID_DAYS = 365;
const NONCE_BYTES = 16;

/** A licence for trying the box out, from a vendor key that was made on the same machine. */
export function makeDemoLicence(
  vendor: Signer,
  host: { publicJwk: PublicJwk; thumbprint: string },
  random: RandomBytes,
  nowMs: number,
  threshold = DEMO_PRODUCT.threshold,
): Promise<string> {
  const iat = Math.floor(nowMs / SECOND_MS);
  return makeLicence(
    {
      iss: DEMO_VENDOR_NAME,
      sub: host.thumbprint,
      cnf: { jwk: host.publicJwk },
      products: [{ ...DEMO_PRODUCT, threshold }],
      iat,
      nbf: iat,
      exp: iat + (VALID_DAYS * DAY_MS) / SECOND_MS,
      jti: encodeBase64url(random(NONCE_BYTES)),
    },
    vendor,
    (data) => vendor.sign(data),
  );
}
