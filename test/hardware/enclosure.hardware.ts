import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hardwareFolder } from "./pins.ts";
import { readStl, type Solid } from "./stl.ts";
import { runTool } from "./tool.ts";

const PARTS = ["base", "front", "lid"] as const;
type Part = (typeof PARTS)[number];

/** Length and width of each board: the base must be larger inside. */
const BOARDS: Readonly<Record<string, readonly [number, number]>> = {
  zero2w: [65, 30],
  "3": [85, 56],
  "4": [85, 56],
  "5": [85, 56],
};

type Settings = Readonly<Record<string, string | number>>;

interface Rendered {
  readonly solid: Solid;
  /** What the drawing says the part's size is. */
  readonly stated: readonly number[];
}

describe("enclosure", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "kms-box-enclosure-"));

  before(function () {
    if (runTool("openscad", ["--version"]) !== undefined) return;
    console.log("openscad is not installed, nothing is rendered: apt-get install openscad");
    this.skip();
  });

  after(() => rmSync(folder, { recursive: true }));

  function render(part: Part, settings: Settings): Rendered {
    const out = join(folder, `${part}.stl`);
    const set = Object.entries({ part, ...settings }).flatMap(([name, value]) => [
      "-D",
      `${name}=${JSON.stringify(value)}`,
    ]);
    const run = runTool("openscad", [...set, "-o", out, `${hardwareFolder}/enclosure.scad`]);
    assert.equal(run?.status, 0, run?.stderr);
    assert.doesNotMatch(run.stderr, /WARNING|ERROR/);
    return { solid: readStl(readFileSync(out, "utf8")), stated: statedSize(part, run.stderr) };
  }

  function check(part: Part, settings: Settings): Rendered {
    const rendered = render(part, settings);
    const { solid, stated } = rendered;
    assert.ok(solid.triangles > 0 && solid.volume > 0);
    assert.equal(solid.openEdges, 0, "a printer needs a closed surface");
    stated.forEach((length, axis) => {
      assert.ok(Math.abs(length - (solid.size[axis] ?? 0)) < 0.02, `${part}: ${solid.size.join()}`);
    });
    return rendered;
  }

  for (const [pi, [length, width]] of Object.entries(BOARDS)) {
    it(`holds a Raspberry Pi ${pi}`, () => {
      for (const display of ["0.96", "1.3"]) {
        const base = check("base", { pi, display }).solid.size;
        assert.ok((base[0] ?? 0) > length + 5 && (base[1] ?? 0) > width + 20, base.join());
        check("front", { pi, display });
        check("lid", { pi, display });
      }
    });
  }

  it("takes small LEDs and a small button", () => {
    const small = check("front", { pi: "zero2w", led_diameter: 3, button_diameter: 6 });
    const large = check("front", { pi: "zero2w", led_diameter: 5, button_diameter: 12 });
    assert.ok(small.solid.volume > large.solid.volume, "smaller holes leave more plastic");
  });

  it("refuses a board that it does not know", () => {
    const file = `${hardwareFolder}/enclosure.scad`;
    const run = runTool("openscad", ["-D", 'pi="2"', "-o", join(folder, "no.stl"), file]);
    assert.notEqual(run?.status, 0);
    assert.match(run?.stderr ?? "", /zero2w, 3, 4 or 5/);
  });
});

function statedSize(part: Part, messages: string): number[] {
  const found = new RegExp(`size_of = "${part}", size = \\[([^\\]]*)\\]`).exec(messages)?.[1];
  assert.ok(found !== undefined, messages);
  return found.split(", ").map(Number);
}
