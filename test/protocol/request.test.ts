import assert from "node:assert/strict";
import fc from "fast-check";
import type { RequestClaims } from "../../src/domain/claims.ts";
import { LICENCE_STATUSES } from "../../src/domain/status.ts";
import { makeJws } from "../../src/protocol/jws.ts";
import { MalformedTokenError } from "../../src/protocol/malformed-token.ts";
import { makeRequest, openRequest, REQUEST_TYP } from "../../src/protocol/request.ts";
import { signerOf } from "../support/keys.ts";

const client = signerOf("client");
const CLAIMS: RequestClaims = {
  sub: client.cmid,
  aud: "kms-host",
  product: "writer",
  iat: 1_700_000_000,
  jti: "j".repeat(22),
  device: { hostname: "pc-1", fingerprint: "f".repeat(43), agent: "agent/1" },
  status: "licensed",
  remainingMinutes: 5,
};
const HEADER = { typ: REQUEST_TYP, alg: "Ed25519", jwk: client.publicJwk };
const sign = async () => new Uint8Array(64);

const open = async (header: object, claims: object) =>
  openRequest(await makeJws(header, claims, sign));

async function faultOf(header: object, claims: object): Promise<string> {
  const token = await makeJws(header, claims, sign);
  try {
    openRequest(token);
  } catch (error) {
    assert.ok(error instanceof MalformedTokenError);
    return error.message;
  }
  return "";
}

/** The claims with one member, named by its path, replaced or, with undefined, left out. */
function changed(path: string, value: unknown): object {
  const copy = structuredClone(CLAIMS) as unknown as Record<string, unknown>;
  const [first = "", second] = path.split(".");
  if (second === undefined) copy[first] = value;
  else (copy[first] as Record<string, unknown>)[second] = value;
  return copy;
}

describe("an activation request", () => {
  it("can be opened once made", async () => {
    const token = await makeRequest(CLAIMS, client.publicJwk, (data) => client.sign(data));
    const { claims, jwk, kid } = openRequest(token);
    assert.deepEqual(claims, CLAIMS);
    assert.deepEqual(jwk, client.publicJwk);
    assert.equal(kid, undefined);
  });

  it("may name its key, and carry members that the host does not know", async () => {
    const { kid, jwk, claims } = await open(
      { ...HEADER, kid: client.thumbprint, jwk: { ...client.publicJwk, use: "sig" } },
      { ...CLAIMS, later: "version" },
    );
    assert.equal(kid, client.thumbprint);
    assert.deepEqual(jwk, client.publicJwk);
    assert.equal(claims.sub, client.cmid);
  });

  it("never carries a private key further", async () => {
    const jwk = { ...client.publicJwk, d: "secret" };
    assert.match(await faultOf({ ...HEADER, jwk }, CLAIMS), /^header\.jwk/);
    const own = await makeRequest(CLAIMS, jwk, sign);
    assert.equal(Buffer.from(own.split(".")[0] ?? "", "base64url").includes("secret"), false);
  });

  const required = [
    ...Object.keys(CLAIMS),
    ...Object.keys(CLAIMS.device).map((name) => `device.${name}`),
  ];
  for (const path of required) {
    it(`is refused without ${path}, saying so`, async () => {
      const name = path.split(".").at(-1) ?? "";
      const fault = await faultOf(HEADER, changed(path, undefined));
      assert.match(fault, new RegExp(`^payload.*${name}`));
    });
  }

  it("is refused without a key, or with one of another kind", async () => {
    const { jwk: _, ...without } = HEADER;
    assert.match(await faultOf(without, CLAIMS), /^header .*jwk/);
    for (const other of [
      { kty: "EC" },
      { crv: "X25519" },
      { x: "AAAA" },
      { x: `${"A".repeat(42)}B` },
    ]) {
      const jwk = { ...client.publicJwk, ...other };
      assert.match(await faultOf({ ...HEADER, jwk }, CLAIMS), /^header\.jwk/);
    }
  });

  const accepted: [string, unknown[]][] = [
    ["product", ["a", "A1._:+-", "x".repeat(64)]],
    ["iat", [0, 1, 100_000_000_000]],
    ["jti", ["_".repeat(22), "-".repeat(128)]],
    ["device.hostname", ["x", "Empfang-Süd", "社内", "x".repeat(255)]],
    ["device.fingerprint", ["x".repeat(16), "x".repeat(88)]],
    ["device.agent", ["x", "x".repeat(128)]],
    ["status", [...LICENCE_STATUSES]],
    ["remainingMinutes", [0, 1_000_000_000]],
  ];
  for (const [path, values] of accepted) {
    it(`takes ${path} to the ends of its range`, async () => {
      for (const value of values) assert.equal(await faultOf(HEADER, changed(path, value)), "");
    });
  }

  const refused: [string, unknown[]][] = [
    ["sub", ["", client.cmid.toUpperCase(), client.cmid.replace(/-8/, "-4"), `${client.cmid} `]],
    ["aud", ["", "kms", ["kms-host"]]],
    ["product", ["", "x".repeat(65), ".x", "a b", "a/b", "ä", 7]],
    ["iat", [-1, 1.5, "1", 100_000_000_001, null]],
    ["jti", ["x".repeat(21), "x".repeat(129), "x".repeat(21).concat("="), 7]],
    ["device", [null, [], "pc"]],
    [
      "device.hostname",
      ["", "x".repeat(256), "a\nb", "a\u001b[2J", "a\u202eb", "a\u2028b", "\u0000"],
    ],
    ["device.fingerprint", ["x".repeat(15), "x".repeat(89), `${"x".repeat(20)}=`]],
    ["device.agent", ["", "x".repeat(129), "a\tb", "a\u0085b"]],
    ["status", ["", "Licensed", "expired"]],
    ["remainingMinutes", [-1, 0.5, 1_000_000_001, "1"]],
  ];
  for (const [path, values] of refused) {
    it(`takes no ${path} outside of it, and says where the fault is`, async () => {
      for (const value of values) {
        const fault = await faultOf(HEADER, changed(path, value));
        assert.ok(fault.startsWith(`payload.${path} `), `${JSON.stringify(value)}: ${fault}`);
      }
    });
  }

  it("is refused with its own error whatever the claims are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.object(), async (claims) => {
        assert.notEqual(await faultOf(HEADER, claims), "");
      }),
    );
  });
});
