import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { adminCodeFrom, formatAdminCode, readAdminCode } from "../../src/panel/admin-code.ts";

describe("an administrator code", () => {
  it("is made of eight characters that are not mistaken for others", () => {
    for (let round = 0; round < 200; round++) {
      assert.match(adminCodeFrom(randomBytes(64)) ?? "", /^[2-9CDFGHJKMNPRTVWXY]{8}$/);
    }
  });

  it("favours no character", () => {
    const seen = new Map<string, number>();
    for (let byte = 0; byte < 256; byte++) {
      const code = adminCodeFrom(new Uint8Array(8).fill(byte));
      if (code) seen.set(code, (seen.get(code) ?? 0) + 1);
    }
    assert.equal(seen.size, 24);
    assert.deepEqual([...new Set(seen.values())], [10]);
  });

  it("passes over bytes that would be unfair, and asks for more if there are too few others", () => {
    const enough = [240, 0, 255, 0, 0, 0, 0, 0, 0, 23];
    assert.equal(adminCodeFrom(new Uint8Array(enough)), "2222222Y");
    assert.equal(adminCodeFrom(new Uint8Array(enough.slice(1, 9))), undefined);
  });

  it("is shown in two groups, and read however it is typed", () => {
    assert.equal(formatAdminCode("7KM4TXWC"), "7KM4-TXWC");
    for (const typed of [
      "7KM4-TXWC",
      "7km4txwc",
      " 7km4 – txwc ".replace("–", "-"),
      "7-k-m-4 TXWC",
    ]) {
      assert.equal(readAdminCode(typed), "7KM4TXWC");
    }
    assert.equal(readAdminCode("BSZ85222"), "85285222");
  });

  it("is nothing else that somebody may type", () => {
    for (const typed of [
      "",
      "7KM4-TXW",
      "7KM4-TXWCC",
      "7KM4-TXW0",
      "7KM4-TXWß",
      "7KM4TXW\u{1F600}",
    ]) {
      assert.equal(readAdminCode(typed), undefined);
    }
  });

  it("survives being shown and typed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (bytes) => {
        const code = adminCodeFrom(bytes);
        if (code) assert.equal(readAdminCode(formatAdminCode(code).toLowerCase()), code);
      }),
    );
  });
});
