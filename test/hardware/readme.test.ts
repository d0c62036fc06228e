import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { pins } from "./pins.ts";
import { readmeSections, withSections } from "./readme-sections.ts";

const text = readFileSync("hardware/README.md", "utf8");
const written = withSections(
  text,
  Object.fromEntries(Object.keys(readmeSections()).map((name) => [name, ""])),
);

describe("README of the hardware", () => {
  it("names pins in its generated parts only", () => {
    const numbers = /GPIO ?\d+|\bpins? (?:[2-9]|\d\d)/i;
    assert.match(readmeSections().steps ?? "", numbers);
    assert.doesNotMatch(written, numbers);
  });

  it("links to files that are there", () => {
    const targets = [...text.matchAll(/\]\(([^)#:]+)\)|src="([^"]+)"/g)].map(
      (found) => found[1] ?? found[2],
    );
    assert.ok(targets.length > 8);
    for (const target of targets) assert.ok(existsSync(`hardware/${target}`), target);
  });

  it("gives the display's address as the drivers use it", () => {
    assert.ok(written.includes(`**${pins.display.address}**`));
  });

  it("keeps its own words when the generated parts are made anew", () => {
    assert.equal(withSections(text, readmeSections()), text);
    assert.throws(() => withSections(text, { absent: "" }), /no markers of absent/);
  });
});
