import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeBase64url, encodeBase64url } from "../../src/protocol/base64url.ts";
import { makeJws, openJws, signingInput } from "../../src/protocol/jws.ts";
import { MalformedTokenError } from "../../src/protocol/malformed-token.ts";

const TYP = "test+jwt";
const part = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const HEADER = { typ: TYP, alg: "Ed25519" };
const SIGNATURE = encodeBase64url(new Uint8Array(64));
const token = (header: unknown, claims: unknown, signature = SIGNATURE) =>
  `${part(header)}.${part(claims)}.${signature}`;

describe("base64url", () => {
  it("gives back the bytes that were encoded", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        assert.deepEqual(new Uint8Array(decodeBase64url(encodeBase64url(bytes)) ?? []), bytes);
      }),
    );
  });

  it("encodes a part of a buffer as that part alone", () => {
    assert.equal(encodeBase64url(Buffer.from("abcdef").subarray(2, 4)), "Y2Q");
  });

  it("takes the one canonical encoding only", () => {
    for (const text of ["YQ==", "YQ ", "YR", "Y+Q", "Y/Q", "YQ\n", "Y", "Yü"]) {
      assert.equal(decodeBase64url(text), undefined, text);
    }
    assert.deepEqual(decodeBase64url("YQ"), Buffer.from("a"));
  });
});

describe("a signed object", () => {
  it("can be opened once made, with the bytes that were signed", async () => {
    const seen: Uint8Array[] = [];
    const made = await makeJws(HEADER, { a: "ü" }, async (data) => {
      seen.push(data);
      return new Uint8Array(64).fill(1);
    });
    const { header, claims, signed, signature } = openJws(made, TYP);
    assert.deepEqual(header, HEADER);
    assert.deepEqual(claims, { a: "ü" });
    assert.deepEqual(Buffer.from(signed), Buffer.from(seen[0] ?? []));
    assert.equal(Buffer.from(signed).toString(), signingInput(HEADER, { a: "ü" }));
    assert.deepEqual(new Uint8Array(signature), new Uint8Array(64).fill(1));
  });

  it("may say EdDSA for its algorithm", () => {
    assert.deepEqual(openJws(token({ typ: TYP, alg: "EdDSA" }, {}), TYP).claims, {});
  });

  const short = encodeBase64url(new Uint8Array(63));
  const malformed: [string, string, RegExp][] = [
    ["it is empty", "", /three parts/],
    ["it has two parts", "a.b", /three parts/],
    ["it has four parts", `${token(HEADER, {})}.`, /three parts/],
    ["a part is empty", `${part(HEADER)}..${SIGNATURE}`, /three parts/],
    ["its header is not base64url", `{}.${part({})}.${SIGNATURE}`, /the header is not base64url/],
    ["its header is padded", `${part("{}")}=.x.x`, /the header is not base64url/],
    ["its header is not JSON", token("{", {}), /the header is not JSON$/],
    ["its header is a list", token([], {}), /the header is not a JSON object/],
    ["its header is null", token(null, {}), /the header is not a JSON object/],
    ["its payload is a number", token(HEADER, 7), /the payload is not a JSON object/],
    ["its payload is no UTF-8", `${part(HEADER)}.${"_w"}.${SIGNATURE}`, /payload is not UTF-8/],
    ["its typ is another", token({ ...HEADER, typ: "JWT" }, {}), /typ must be test\+jwt/],
    ["it has no typ", token({ alg: "Ed25519" }, {}), /typ must be/],
    ["its alg is none", token({ ...HEADER, alg: "none" }, {}), /alg must be one of/],
    ["its alg is HS256", token({ ...HEADER, alg: "HS256" }, {}), /alg must be one of/],
    ["its alg is a list", token({ ...HEADER, alg: ["Ed25519"] }, {}), /alg must be one of/],
    ["its alg is written otherwise", token({ ...HEADER, alg: "ed25519" }, {}), /alg must be/],
    ["it has extensions", token({ ...HEADER, crit: ["b64"] }, {}), /crit is not supported/],
    ["its signature is short", token(HEADER, {}, short), /not 64 bytes/],
    ["its signature is not canonical", token(HEADER, {}, `${SIGNATURE.slice(0, -1)}B`), /64 bytes/],
    ["a byte order mark is before its header", token("\uFEFF{}", {}), /the header is not JSON/],
    ["a line end follows it", `${token(HEADER, {})}\n`, /not 64 bytes/],
  ];
  for (const [why, text, message] of malformed) {
    it(`is refused if ${why}`, () => {
      assert.throws(
        () => openJws(text, TYP),
        (error: unknown) => {
          assert.ok(error instanceof MalformedTokenError);
          assert.equal(error.code, "malformed-token");
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it("is refused with its own error whatever the text is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String()).map((p) => p.join(".")),
        ),
        (text) => {
          assert.throws(() => openJws(text, TYP), MalformedTokenError);
        },
      ),
    );
  });
});
