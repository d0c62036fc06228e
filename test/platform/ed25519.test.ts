import assert from "node:assert/strict";
import {
  generatePrivateJwk,
  KeyUnreadableError,
  NodeEd25519Signer,
  NodeEd25519Verifier,
  parsePrivateJwk,
  parsePublicJwk,
  sha256,
} from "../../src/platform/ed25519.ts";
import { privateJwkOf, signerOf } from "../support/keys.ts";

/** The first test of RFC 8032 section 7.1, as JWK in RFC 8037 appendix A.1. */
const RFC_KEY = {
  kty: "OKP",
  crv: "Ed25519",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
} as const;
const RFC_SIGNATURE =
  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b" +
  "d25bf5f0595bbe24655141438e7a100b";

describe("signing with Ed25519", () => {
  it("gives the signature of RFC 8032", async () => {
    const signature = await new NodeEd25519Signer(RFC_KEY).sign(new Uint8Array());
    assert.equal(Buffer.from(signature).toString("hex"), RFC_SIGNATURE);
  });

  it("names the key by the thumbprint of RFC 8037", () => {
    const { thumbprint, publicJwk, cmid } = new NodeEd25519Signer(RFC_KEY);
    assert.equal(thumbprint, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    assert.equal(cmid, "90facafe-a9b1-8566-9854-0f70c0117a22");
    assert.deepEqual(publicJwk, { kty: "OKP", crv: "Ed25519", x: RFC_KEY.x });
  });

  it("refuses a key that is none", () => {
    assert.throws(() => new NodeEd25519Signer({ ...RFC_KEY, d: "AAAA" }), KeyUnreadableError);
  });
});

describe("checking signatures", () => {
  const verifier = new NodeEd25519Verifier();
  const signer = signerOf("client");
  const data = Buffer.from("data");

  it("tells true ones from all others", async () => {
    const signature = await signer.sign(data);
    assert.equal(await verifier.verify(signer.publicJwk, data, signature), true);
    assert.equal(await verifier.verify(signer.publicJwk, Buffer.from("date"), signature), false);
    assert.equal(await verifier.verify(signerOf("other").publicJwk, data, signature), false);
    assert.equal(await verifier.verify(signer.publicJwk, data, signature.subarray(1)), false);
  });

  it("takes no key for a reason to reject", async () => {
    for (const x of ["", "AAAA", "!".repeat(43), "A".repeat(43)]) {
      const key = { kty: "OKP", crv: "Ed25519", x } as const;
      assert.equal(await verifier.verify(key, data, new Uint8Array(64)), false);
    }
  });
});

describe("a key in a file", () => {
  it("can be read again once made", async () => {
    const made = await generatePrivateJwk();
    assert.deepEqual(parsePrivateJwk(JSON.stringify(made), "key"), made);
    assert.notEqual((await generatePrivateJwk()).d, made.d);
  });

  it("may carry other members, which are dropped", () => {
    const text = JSON.stringify({ ...RFC_KEY, kid: "k", use: "sig" });
    assert.deepEqual(parsePrivateJwk(text, "key"), RFC_KEY);
    const { d: _, ...publicKey } = RFC_KEY;
    assert.deepEqual(parsePublicJwk(text, "key"), publicKey);
  });

  const { d: _, ...withoutSecret } = RFC_KEY;
  const broken: [string, string, RegExp][] = [
    ["no JSON", "{", /^key is not JSON; a key file is a JWK/],
    ["null", "null", /^key is not an Ed25519 key as JWK/],
    ["a key of another type", '{"kty":"EC","crv":"P-256","x":"x"}', /not an Ed25519 key/],
    ["a key without x", '{"kty":"OKP","crv":"Ed25519"}', /not an Ed25519 key/],
    ["a public key", JSON.stringify(withoutSecret), /^key holds no private key: its member "d"/],
    [
      "a cut key",
      JSON.stringify({ ...RFC_KEY, d: "AAAA" }),
      /does not hold an Ed25519 private key/,
    ],
    [
      "two halves that differ",
      JSON.stringify({ ...RFC_KEY, x: privateJwkOf("other").x }),
      /^key is damaged: its public and private parts differ/,
    ],
  ];
  for (const [what, text, message] of broken) {
    it(`is refused if it is ${what}, naming the file`, () => {
      assert.throws(
        () => parsePrivateJwk(text, "key"),
        (error: unknown) => {
          assert.ok(error instanceof KeyUnreadableError);
          assert.equal(error.code, "key-unreadable");
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it("is refused as a public key if its x is none", () => {
    const text = JSON.stringify({ ...withoutSecret, x: "AAAA" });
    assert.throws(() => parsePublicJwk(text, "key"), /^KeyUnreadableError: key does not hold/);
  });
});

describe("SHA-256", () => {
  it("is that of FIPS 180-4", () => {
    assert.equal(
      Buffer.from(sha256(Buffer.from("abc"))).toString("hex"),
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});
