import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import sinon from "sinon";
import { terminalView } from "../../../src/panel/terminal-view.ts";
import { litPicture, rig } from "./terminal-rig.ts";

const DARK = { green: false, yellow: false, red: false, activity: false };
const GREEN = { ...DARK, green: true };

describe("the panel in the terminal", () => {
  it("draws picture and LEDs, and prints what others write above", async () => {
    const { panel, output } = rig();
    await panel.display.start(() => undefined);
    panel.leds.set(GREEN);
    panel.display.show(litPicture(), "full");
    panel.write("12:00 a line of the log\n");
    assert.equal(output.lines[0], "12:00 a line of the log");
    assert.equal(output.lines[2], `│${"▀".repeat(128)}│`);
    assert.match(output.lines.at(-1) ?? "", /● status {3}○ attention/);
    await panel.display.stop();
  });

  it("writes nothing while nothing changes", () => {
    const { panel, output } = rig();
    panel.display.show(litPicture(), "full");
    const write = sinon.spy(output, "write");
    panel.display.show(litPicture(), "full");
    panel.leds.set(DARK);
    assert.equal(write.callCount, 0);
  });

  it("keeps no reference to the picture", () => {
    const { panel, output } = rig();
    const picture = litPicture();
    panel.display.show(picture, "full");
    picture.bytes.fill(0);
    panel.leds.set(GREEN);
    assert.match(output.lines.join("\n"), /▀{128}/);
  });

  it("draws nothing more once it has stopped, and leaves what stands there", async () => {
    const { panel, output } = rig();
    panel.leds.set(GREEN);
    panel.display.show(litPicture(), "full");
    await panel.leds.stop();
    await panel.display.stop();
    const left = output.lines;
    assert.match(left.at(-1) ?? "", /○ status/);
    panel.leds.set(GREEN);
    panel.display.show(litPicture(64), "full");
    assert.deepEqual([output.lines, output.cursorShown], [left, true]);
  });

  it("gives the cursor back however the program ends, and listens to nothing afterwards", async () => {
    const { panel, output } = rig();
    const listeners = () => ["exit", "SIGCONT"].map((name) => process.listenerCount(name));
    const before = listeners();
    await panel.display.start(() => undefined);
    panel.display.show(litPicture(), "full");
    assert.equal(output.cursorShown, false);
    // What the process does first when it exits.
    process.listeners("exit").at(-1)?.(0);
    assert.equal(output.cursorShown, true);
    await panel.display.stop();
    assert.deepEqual([listeners(), output.listenerCount("resize")], [before, 0]);
  });
});

describe("the panel in a terminal whose size changes", () => {
  const picture = litPicture(64);
  const drawn = (columns: number, rows: number) =>
    terminalView({ picture, brightness: "full", levels: DARK }, { columns, rows }) ?? [];
  const start = async (columns: number, rows: number) => {
    const made = rig();
    made.output.resize(columns, rows);
    await made.panel.display.start(() => undefined);
    made.panel.display.show(picture, "full");
    return made;
  };
  const plain = (lines: string[]) => lines.map((line) => stripVTControlCharacters(line));

  for (const [columns, rows] of [
    [140, 50],
    [130, 36],
    [80, 24],
    [66, 20],
  ] as const) {
    it(`is whole at ${columns} columns and ${rows} rows`, async () => {
      const { output, panel } = await start(columns, rows);
      panel.leds.set(GREEN);
      panel.leds.set(DARK);
      assert.deepEqual(output.screen, plain(drawn(columns, rows)));
      await panel.display.stop();
    });
  }

  it("is drawn in place where it still fits, larger or smaller", async () => {
    const { output, panel } = await start(140, 50);
    panel.write("log\n");
    output.resize(200, 60);
    assert.deepEqual(output.lines, ["log", ...plain(drawn(140, 50))]);
    output.resize(140, 30);
    assert.deepEqual(output.screen.slice(-19), plain(drawn(140, 30)));
    await panel.display.stop();
  });

  it("says in one line what it needs where it does not, and comes back", async () => {
    const { output, panel } = await start(140, 50);
    for (const [columns, rows] of [
      [40, 10],
      [5, 2],
      [1, 1],
    ] as const) {
      output.resize(columns, rows);
      panel.write("log\n");
      panel.leds.set(GREEN);
      panel.leds.set(DARK);
    }
    output.resize(40, 10);
    assert.equal(output.screen.at(-1), "Make the terminal at least 66 columns wi");
    output.resize(80, 24);
    assert.deepEqual(output.screen.slice(-19), plain(drawn(80, 24)));
    await panel.display.stop();
  });

  it("takes a usual size where the terminal tells none", async () => {
    const { output, panel } = rig();
    Object.assign(output, { columns: 0, rows: 0 });
    const write = sinon.stub(output, "write");
    panel.display.show(picture, "full");
    assert.match(String(write.args[0]?.[0]), /┌─{64}┐/);
  });
});
