import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { decode } from "fast-png";
import { generatedTexts, pagesFolder } from "./generated.ts";
import {
  goldenFolder,
  goldenPicture,
  HEIGHTS,
  photograph,
  pictureName,
  SHOWN,
} from "./page-pictures.ts";

const AGAIN = "is not current: npm run generate";

describe("generated files", () => {
  for (const [path, content] of Object.entries(generatedTexts())) {
    it(`${basename(path)} is current`, () => {
      assert.equal(readFileSync(path, "utf8"), content, `${path} ${AGAIN}`);
    });
  }

  it("has a picture of every screen that the README shows, and no others", () => {
    const expected = Object.keys(SHOWN).flatMap((screen) =>
      HEIGHTS.map((height) => pictureName(screen, height)),
    );
    assert.deepEqual(readdirSync(pagesFolder).sort(), expected.sort(), `${pagesFolder} ${AGAIN}`);
  });

  it("shows at least one screen of every kind", () => {
    const kindOf = (name: string): string => name.split("-")[0] ?? "";
    const golden = readdirSync(goldenFolder).map(kindOf);
    const shown = Object.keys(SHOWN).map(kindOf);
    assert.deepEqual(new Set(shown), new Set(golden));
  });

  for (const screen of Object.keys(SHOWN)) {
    it(`the pictures of ${screen} show what the golden ones show`, () => {
      for (const height of HEIGHTS) {
        const path = `${pagesFolder}/${pictureName(screen, height)}`;
        const picture = goldenPicture(screen, height);
        assert.deepEqual([picture.width, picture.height], [128, height]);
        const { width, height: rows, data } = decode(readFileSync(path));
        const expected = photograph(picture);
        assert.deepEqual([width, rows], [expected.width, expected.height], `${path} ${AGAIN}`);
        assert.ok(Buffer.from(data.buffer).equals(expected.data), `${path} ${AGAIN}`);
      }
    });
  }

  it("keeps the animation small enough for a page of text", () => {
    assert.ok(Buffer.byteLength(generatedTexts()["hardware/count-climbing.svg"] ?? "") < 150_000);
  });
});
