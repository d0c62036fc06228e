import assert from "node:assert/strict";
import { bytesText } from "../../src/domain/bytes-text.ts";

describe("an amount of bytes", () => {
  it("is told in powers of ten, with two digits or three", () => {
    const texts = [0, 999, 1000, 9949, 9950, 99_500, 999_499, 999_500, 1.25e9, 3e13, 5e15].map(
      bytesText,
    );
    assert.deepEqual(texts, [
      ...["0 B", "999 B", "1.0 kB", "9.9 kB", "10 kB", "100 kB", "999 kB", "1.0 MB"],
      ...["1.3 GB", "30 TB", "5.0 PB"],
    ]);
  });
});
