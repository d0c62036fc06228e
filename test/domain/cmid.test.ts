import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { cmidFromDigest, thumbprintInput } from "../../src/domain/cmid.ts";

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe("a CMID", () => {
  it("is derived from the key of RFC 8037, whose thumbprint that document gives", () => {
    const x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    const hash = createHash("sha256").update(thumbprintInput(x)).digest();
    assert.equal(hash.toString("base64url"), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    assert.equal(cmidFromDigest(hash), "90facafe-a9b1-8566-9854-0f70c0117a22");
  });

  it("is a lower-case UUID of version 8 and of RFC 9562's variant, whatever the digest", () => {
    fc.assert(
      fc.property(digest, (bytes) => {
        const form = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
        assert.match(cmidFromDigest(bytes), form);
      }),
    );
  });

  it("keeps every bit of the first 16 bytes that version and variant leave", () => {
    fc.assert(
      fc.property(digest, (bytes) => {
        const cmid = Buffer.from(cmidFromDigest(bytes).replaceAll("-", ""), "hex");
        const expected = Buffer.from(bytes.subarray(0, 16));
        expected[6] = ((expected[6] ?? 0) & 0x0f) | 0x80;
        expected[8] = ((expected[8] ?? 0) & 0x3f) | 0x80;
        assert.deepEqual(cmid, expected);
      }),
    );
  });
});
