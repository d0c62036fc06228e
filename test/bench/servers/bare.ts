import { createPrivateKey, randomBytes, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import {
  generatePrivateJwk,
  NodeEd25519Signer,
  NodeEd25519Verifier,
} from "../../../src/platform/ed25519.ts";
import { makeLease } from "../../../src/protocol/lease.ts";
import { openRequest } from "../../../src/protocol/request.ts";
import { makeDemoLicence } from "../../../src/services/demonstration.ts";

// The least that an activation can cost: verify the request, sign a lease, send the answer that the
// wire format asks for, and keep nothing.
const jwk = await generatePrivateJwk();
const signer = new NodeEd25519Signer(jwk);
// Both in the thread pool, which is the fastest for a server that does nothing else.
const key = createPrivateKey({ key: { ...jwk }, format: "jwk" });
const signInPool = promisify(sign);
const verifier = new NodeEd25519Verifier();
const licence = await makeDemoLicence(signer, signer, randomBytes, Date.now());

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    void answer(Buffer.concat(chunks).toString("latin1")).then((body) => {
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      });
      response.end(body);
    });
  });
});

async function answer(token: string): Promise<string> {
  const { claims, jwk, signed, signature } = openRequest(token);
  if (!(await verifier.verify(jwk, signed, signature))) return "{}";
  const iat = Math.floor(Date.now() / 1000);
  const lease = await makeLease(
    {
      iss: signer.thumbprint,
      sub: claims.sub,
      cnf: { jkt: signer.thumbprint },
      product: claims.product,
      iat,
      exp: iat + 180 * 86_400,
      nonce: claims.jti,
      count: 1,
      threshold: 1,
    },
    (data) => signInPool(null, data, key),
  );
  return JSON.stringify({
    lease,
    licence,
    count: 1,
    threshold: 1,
    validityMinutes: 259_200,
    renewalIntervalMinutes: 10_080,
    retryIntervalMinutes: 120,
  });
}

server.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on("SIGTERM", () => process.exit(0));
