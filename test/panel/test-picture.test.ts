import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { testPicture } from "../../src/panel/test-picture.ts";
import { halfBlocks } from "../../src/panel/text-art.ts";

describe("The test picture", () => {
  for (const height of [64, 32]) {
    it(`of 128x${height} has a border, an L and a diagonal`, () => {
      const golden = `test/panel/golden/test-picture-${height}.txt`;
      const lines = halfBlocks(testPicture(128, height)).map((line) => line.trimEnd());
      assert.equal(`${lines.join("\n")}\n`, readFileSync(golden, "utf8"));
    });
  }
});
