import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { decode } from "fast-png";
import { generatedTexts, pagesFolder } from "./generated.ts";
import { goldenNames, goldenPicture, photograph } from "./page-pictures.ts";

const AGAIN = "is not current: npm run generate";

describe("generated files", () => {
  for (const [path, content] of Object.entries(generatedTexts())) {
    it(`${basename(path)} is current`, () => {
      assert.equal(readFileSync(path, "utf8"), content, `${path} ${AGAIN}`);
    });
  }

  it("has a picture of every golden page and of nothing else", () => {
    const pictures = readdirSync(pagesFolder).sort();
    assert.deepEqual(
      pictures,
      goldenNames().map((name) => `${name}.png`),
      `${pagesFolder} ${AGAIN}`,
    );
  });

  it("shows in every picture what the golden page shows", () => {
    for (const name of goldenNames()) {
      const path = `${pagesFolder}/${name}.png`;
      const { width, height, data } = decode(readFileSync(path));
      const expected = photograph(goldenPicture(name));
      assert.deepEqual([width, height], [expected.width, expected.height], `${path} ${AGAIN}`);
      assert.ok(
        Buffer.compare(Buffer.from(expected.data), Buffer.from(data.buffer)) === 0,
        `${path} ${AGAIN}`,
      );
    }
  });

  it("keeps the animation small enough for a page of text", () => {
    assert.ok(Buffer.byteLength(generatedTexts()["hardware/count-climbing.svg"] ?? "") < 150_000);
  });
});
