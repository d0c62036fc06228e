import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { Framebuffer } from "../../src/panel/framebuffer.ts";
import { type PanelView, terminalView } from "../../src/panel/terminal-view.ts";

const picture = new Framebuffer(128, 64);
for (let x = 0; x < 128; x++) picture.set(x, 0);

const view: PanelView = {
  picture,
  brightness: "full",
  levels: { green: true, yellow: false, red: false, activity: false },
};

const widths = (lines: readonly string[] = []) =>
  lines.map((line) => stripVTControlCharacters(line).length);

describe("the panel in a terminal", () => {
  it("is of half blocks in a big one, framed, with the LEDs below", () => {
    const lines = terminalView(view, { columns: 130, rows: 36 }) ?? [];
    assert.equal(lines.length, 35);
    assert.equal(lines[1], `│${"▀".repeat(128)}│`);
    assert.deepEqual(new Set(widths(lines.slice(0, -1))), new Set([130]));
    const lamps = lines.at(-1) ?? "";
    assert.ok(
      lamps.startsWith(" \u001B[92m●\u001B[0m status   \u001B[2m○\u001B[0m attention"),
      lamps,
    );
  });

  it("is of braille dots in one of 80 columns and 24 rows", () => {
    const lines = terminalView(view, { columns: 80, rows: 24 }) ?? [];
    assert.equal(lines.length, 19);
    assert.equal(lines[1], `│${"⠉".repeat(64)}│`);
    assert.ok(widths(lines).every((width) => width <= 66));
  });

  it("takes dots where one column or row is missing for half blocks", () => {
    assert.equal(terminalView(view, { columns: 129, rows: 36 })?.length, 19);
    assert.equal(terminalView(view, { columns: 130, rows: 35 })?.length, 19);
  });

  it("is not there where even dots do not fit", () => {
    assert.equal(terminalView(view, { columns: 65, rows: 50 }), undefined);
    assert.equal(terminalView(view, { columns: 80, rows: 19 }), undefined);
    assert.ok(terminalView(view, { columns: 66, rows: 20 }));
  });

  it("is faint when dimmed and blank when off", () => {
    const dim = terminalView({ ...view, brightness: "dim" }, { columns: 130, rows: 36 });
    assert.equal(dim?.[1], `│\u001B[2m${"▀".repeat(128)}\u001B[0m│`);
    const off = terminalView({ ...view, brightness: "off" }, { columns: 130, rows: 36 });
    assert.equal(off?.[1], `│${" ".repeat(128)}│`);
  });
});
