import assert from "node:assert/strict";
import { describeScreen } from "../../src/panel/describe.ts";
import { drawScreen } from "../../src/panel/draw-screen.ts";
import { pagesOf } from "../../src/panel/panel-pages.ts";
import type { Screen } from "../../src/panel/screen.ts";
import { panelFacts } from "../support/panel-facts.ts";

const FINGERPRINT = Array.from({ length: 32 }, (_, n) =>
  (n * 7).toString(16).padStart(2, "0").toUpperCase(),
).join(":");
const PAGE: Screen = {
  kind: "page",
  name: { page: "certificate" },
  position: 0,
  pages: 1,
  sinceMs: 0,
};

describe("the certificate's page", () => {
  const facts = panelFacts({ fingerprint: FINGERPRINT });

  it("is there while there is a certificate", () => {
    const names = (of: typeof facts) => pagesOf(of).map(({ key }) => key);
    assert.ok(names(facts).includes("certificate"));
    assert.ok(!names(panelFacts()).includes("certificate"));
  });

  it("says all of the fingerprint, in groups", () => {
    const [title, ...lines] = describeScreen(PAGE, facts);
    assert.equal(title, "HTTPS certificate");
    assert.equal(lines[0], "0007 0E15 1C23 2A31");
    assert.equal(lines.join("").replaceAll(" ", ""), FINGERPRINT.replaceAll(":", ""));
  });

  it("draws another picture for each fingerprint, on displays of both heights", () => {
    const other = panelFacts({ fingerprint: FINGERPRINT.replace(/D9$/, "D8") });
    for (const height of [64, 32]) {
      const size = { width: 128, height };
      const pictures = [facts, other].map((each) =>
        Buffer.from(drawScreen(PAGE, each, size).bytes).toString("hex"),
      );
      assert.notEqual(pictures[0], pictures[1], String(height));
    }
  });
});
