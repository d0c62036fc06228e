import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ledGpios, PIN_INPUT, PIN_OUTPUT, PULLS } from "./boot-settings.ts";
import { hardwareFolder, pins } from "./pins.ts";
import { runTool, type ToolRun } from "./tool.ts";

const MISSING = "dtc is not installed: apt-get install device-tree-compiler";

function dtc(...args: string[]): ToolRun {
  const run = runTool("dtc", args);
  if (run === undefined) throw new Error(MISSING);
  return run;
}

/** The text between the braces of a node. */
function nodeIn(tree: string, name: RegExp): string {
  const lines = tree.split("\n");
  const first = lines.findIndex((line) => name.test(line));
  assert.notEqual(first, -1, `no node ${name}`);
  const indent = /^\t*/.exec(lines[first] ?? "")?.[0] ?? "";
  const last = lines.findIndex((line, i) => i > first && line === `${indent}};`);
  return lines.slice(first + 1, last).join("\n");
}

function cells(node: string, property: string): number[] {
  const found = new RegExp(`\\t${property} = <([^>]*)>;`).exec(node)?.[1];
  assert.ok(found !== undefined, `no ${property} in\n${node}`);
  return found.split(" ").map(Number);
}

describe("device-tree overlay", () => {
  const folder = mkdtempSync(join(tmpdir(), "kms-box-overlay-"));
  const compiled = join(folder, "kms-box.dtbo");
  let tree = "";

  before("compile it and take it apart again", () => {
    const source = join(hardwareFolder, "kms-box-overlay.dts");
    const made = dtc("-@", "-I", "dts", "-O", "dtb", "-o", compiled, source);
    assert.deepEqual([made.status, made.stderr], [0, ""], "compiles without a warning");
    const apart = dtc("-q", "-I", "dtb", "-O", "dts", compiled);
    assert.equal(apart.status, 0, apart.stderr);
    tree = apart.stdout;
  });

  after(() => rmSync(folder, { recursive: true }));

  it("is a plugin that leaves its targets to the board's own tree", () => {
    const fixups = nodeIn(tree, /^\t__fixups__ \{/);
    assert.ok(fixups.includes(`i2c${pins.display.bus} = "/fragment@0:target:0"`), fixups);
    assert.ok(fixups.includes('gpio = "/fragment@1:target:0"'), fixups);
  });

  it("turns the display's bus on at the frequency of pins.json", () => {
    const bus = nodeIn(tree, /^\tfragment@0 \{/);
    assert.deepEqual(cells(bus, "clock-frequency"), [pins.display.busFrequencyHz]);
    assert.ok(bus.includes('status = "okay"'));
  });

  it("makes the button an input that is pulled up", () => {
    const button = nodeIn(tree, /\tkms_box_button \{/);
    assert.deepEqual(cells(button, "brcm,pins"), [pins.button.gpio]);
    assert.deepEqual(cells(button, "brcm,function"), [PIN_INPUT]);
    assert.deepEqual(cells(button, "brcm,pull"), [PULLS[pins.button.pull]]);
  });

  it("makes the LEDs outputs that begin dark", () => {
    const leds = nodeIn(tree, /\tkms_box_leds \{/);
    assert.deepEqual(cells(leds, "brcm,pins"), ledGpios());
    assert.deepEqual(cells(leds, "brcm,function"), [PIN_OUTPUT]);
    assert.ok(leds.includes("output-low;"), leds);
  });

  it("applies both to the pin controller and takes no line for a driver", () => {
    const gpio = nodeIn(tree, /^\tfragment@1 \{/);
    const phandles = ["button", "leds"].flatMap((part) =>
      cells(nodeIn(tree, new RegExp(`\\tkms_box_${part} \\{`)), "phandle"),
    );
    assert.deepEqual(cells(gpio, "pinctrl-0"), phandles);
    assert.doesNotMatch(readFileSync(compiled, "latin1"), /gpio-leds|gpio-keys|gpio-hog/);
  });
});
