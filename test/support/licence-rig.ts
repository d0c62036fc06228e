import { randomBytes } from "node:crypto";
import type { LicenceClaims, LicensedProduct, PublicJwk } from "../../src/domain/claims.ts";
import { DAY_MS, SECOND_MS } from "../../src/domain/units.ts";
import { generatePrivateJwk, NodeEd25519Signer } from "../../src/platform/ed25519.ts";
import { encodeBase64url } from "../../src/protocol/base64url.ts";
import { makeLicence } from "../../src/protocol/licence.ts";

export type HostFixture = Pick<NodeEd25519Signer, "publicJwk" | "thumbprint">;

export async function createHostKey(): Promise<HostFixture> {
  return new NodeEd25519Signer(await generatePrivateJwk());
}

export function productOf(id: string, threshold = 25): LicensedProduct {
  return { id, name: `The product ${id}`, application: id, threshold };
}

/** A vendor that signs whatever a test needs, right or wrong. */
export class VendorFixture {
  readonly name: string;
  readonly signer: NodeEd25519Signer;

  private constructor(name: string, signer: NodeEd25519Signer) {
    this.name = name;
    this.signer = signer;
  }

  static async create(name: string): Promise<VendorFixture> {
    return new VendorFixture(name, new NodeEd25519Signer(await generatePrivateJwk()));
  }

  /** A licence valid from an hour ago for 30 days, but for what `claims` says. */
  licence(
    host: { publicJwk: PublicJwk; thumbprint: string },
    products: readonly LicensedProduct[],
    claims: Partial<LicenceClaims> = {},
  ): Promise<string> {
    const nowSec = Math.floor(Date.now() / SECOND_MS);
    const whole: LicenceClaims = {
      iss: this.name,
      sub: host.thumbprint,
      cnf: { jwk: host.publicJwk },
      products,
      iat: nowSec,
      nbf: nowSec - 3600,
      exp: nowSec + (30 * DAY_MS) / SECOND_MS,
      jti: encodeBase64url(randomBytes(16)),
      ...claims,
    };
    return makeLicence(whole, this.signer, (data) => this.signer.sign(data));
  }
}
