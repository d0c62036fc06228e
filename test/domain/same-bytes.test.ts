import assert from "node:assert/strict";
import { sameBytes } from "../../src/domain/same-bytes.ts";

describe("the comparison of secrets", () => {
  it("tells the same from another, and from one of another length", () => {
    const secret = new Uint8Array([1, 2, 3]);
    assert.equal(sameBytes(secret, new Uint8Array([1, 2, 3])), true);
    for (const other of [[1, 2, 4], [0, 2, 3], [1, 2], [1, 2, 3, 0], []]) {
      assert.equal(sameBytes(secret, new Uint8Array(other)), false, String(other));
      assert.equal(sameBytes(new Uint8Array(other), secret), false, String(other));
    }
  });

  it("looks at as many bytes wherever the two differ", () => {
    const secret = new Uint8Array(32).fill(7);
    const looks = (at: number) => {
      let count = 0;
      const other = new Proxy(secret.with(at, 8), {
        get(bytes, name) {
          if (typeof name === "string" && /^\d+$/.test(name)) count++;
          return Reflect.get(bytes, name, bytes);
        },
      });
      assert.equal(sameBytes(secret, other), false);
      return count;
    };
    assert.deepEqual([looks(0), looks(15), looks(31)], [32, 32, 32]);
  });
});
