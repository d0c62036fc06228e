import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  generatePrivateJwk,
  NodeEd25519Signer,
  NodeEd25519Verifier,
} from "../../../src/platform/ed25519.ts";
import { makeLease } from "../../../src/protocol/lease.ts";
import { openRequest } from "../../../src/protocol/request.ts";

// The least that an activation can cost: verify the request, sign a lease, keep nothing.
const signer = new NodeEd25519Signer(await generatePrivateJwk());
const verifier = new NodeEd25519Verifier();

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
    (data) => signer.sign(data),
  );
  return JSON.stringify({ lease });
}

server.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on("SIGTERM", () => process.exit(0));
