import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { generatePrivateJwk, NodeEd25519Signer } from "../../src/platform/ed25519.ts";
import { makeRequest } from "../../src/protocol/request.ts";

/** How far in the past the first requests are made, so that later ones can be newer. */
const HEAD_START_SECONDS = 3 * 3600;

/**
 * Writes pre-signed requests, one a line: every client once, then every client again a second
 * later, and so on.
 */
export async function writeRequests(path: string, clients: number, rounds: number): Promise<void> {
  const signers = await Promise.all(
    Array.from({ length: clients }, async () => new NodeEd25519Signer(await generatePrivateJwk())),
  );
  const file = createWriteStream(path);
  const firstSec = Math.floor(Date.now() / 1000) - HEAD_START_SECONDS;
  for (let round = 0; round < rounds; round++) {
    const tokens = await Promise.all(
      signers.map((signer, i) => request(signer, i, firstSec + round)),
    );
    if (!file.write(`${tokens.join("\n")}\n`)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
}

function request(signer: NodeEd25519Signer, index: number, iat: number): Promise<string> {
  return makeRequest(
    {
      sub: signer.cmid,
      aud: "kms-host",
      product: "demo-office",
      iat,
      jti: Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64url"),
      device: {
        hostname: `PC-${String(index).padStart(5, "0")}.office.test`,
        fingerprint: signer.thumbprint,
        agent: "bench/1",
      },
      status: "licensed",
      remainingMinutes: 250_000,
    },
    signer.publicJwk,
    (data) => signer.sign(data),
  );
}
