import type { RequestClaims } from "../../src/domain/claims.ts";
import { generatePrivateJwk, NodeEd25519Signer } from "../../src/platform/ed25519.ts";
import { makeRequest } from "../../src/protocol/request.ts";

/** Clients with real keys that sign requests ahead of time. */
export class Fleet {
  readonly #signers: readonly NodeEd25519Signer[];

  private constructor(signers: readonly NodeEd25519Signer[]) {
    this.#signers = signers;
  }

  static async make(clients: number): Promise<Fleet> {
    return new Fleet(
      await Promise.all(
        Array.from(
          { length: clients },
          async () => new NodeEd25519Signer(await generatePrivateJwk()),
        ),
      ),
    );
  }

  /** One request of every client, all made at the same second. */
  requests(iat: number, product = "demo-office"): Promise<string[]> {
    const claims = { iat, product };
    return Promise.all(this.#signers.map((signer, i) => this.request(i, claims, signer)));
  }

  /** A request of one client with some claims changed, well signed all the same. */
  request(
    index: number,
    claims: Partial<Record<keyof RequestClaims, unknown>>,
    signer = this.#signers[index],
  ): Promise<string> {
    if (!signer) throw new Error(`there is no client ${index}`);
    const good: RequestClaims = {
      sub: signer.cmid,
      aud: "kms-host",
      product: "demo-office",
      iat: Math.floor(Date.now() / 1000),
      jti: Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url"),
      device: { hostname: `PC-${index}`, fingerprint: signer.thumbprint, agent: "test/1" },
      status: "unlicensed",
      remainingMinutes: 0,
    };
    return makeRequest({ ...good, ...claims } as RequestClaims, signer.publicJwk, (data) =>
      signer.sign(data),
    );
  }
}
