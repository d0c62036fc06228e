import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import sinon from "sinon";
import { TerminalPanel } from "../../../src/adapters/terminal/terminal-panel.ts";
import { Framebuffer } from "../../../src/panel/framebuffer.ts";
import type { PartCondition } from "../../../src/ports/panel.ts";
import { FakeClock, FakeTimers } from "../../support/fake-clock.ts";
import { TerminalModel } from "../../support/terminal-model.ts";

const GREEN = { green: true, yellow: false, red: false, activity: false };

class Keyboard extends EventEmitter {
  isTTY: boolean;
  raw = false;
  flowing = false;

  constructor(isTTY = true) {
    super();
    this.isTTY = isTTY;
  }

  setRawMode(raw: boolean): never {
    this.raw = raw;
    return this as never;
  }

  resume(): never {
    this.flowing = true;
    return this as never;
  }

  pause(): never {
    this.flowing = false;
    return this as never;
  }

  type(keys: string): void {
    this.emit("data", Buffer.from(keys));
  }
}

function rig(input = new Keyboard()) {
  const output = new TerminalModel();
  const clock = new FakeClock();
  const timers = new FakeTimers();
  const panel = new TerminalPanel({
    input: input as never,
    output: output as never,
    clock,
    timers,
  });
  return { input, output, clock, timers, panel };
}

/** A rig whose button tells into a list. */
async function pressable(input = new Keyboard()) {
  const made = rig(input);
  const told: [pressed: boolean, atMs: number][] = [];
  const conditions: PartCondition[] = [];
  await made.panel.button.start(
    (pressed, atMs) => told.push([pressed, atMs]),
    (condition) => conditions.push(condition),
  );
  return { ...made, told, conditions };
}

function litPicture(): Framebuffer {
  const picture = new Framebuffer(128, 32);
  for (let x = 0; x < 128; x++) picture.set(x, 0);
  return picture;
}

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
  });

  it("writes nothing while nothing changes", async () => {
    const { panel, output } = rig();
    panel.display.show(litPicture(), "full");
    const write = sinon.spy(output, "write");
    panel.display.show(litPicture(), "full");
    panel.leds.set({ ...GREEN, green: false });
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

  it("says what size it needs in a small terminal, and draws anew once that has changed", async () => {
    const { panel, output } = rig();
    await panel.display.start(() => undefined);
    output.columns = 40;
    panel.display.show(litPicture(), "full");
    assert.match(output.lines[0] ?? "", /at least 66 columns/);
    output.columns = 140;
    output.emit("resize");
    assert.match(output.lines.join("\n"), /▀{128}/);
    await panel.display.stop();
    assert.equal(output.listenerCount("resize"), 0);
  });
});

describe("the space bar as the button", () => {
  it("is a tap when it is typed once", async () => {
    const { input, clock, timers, told, conditions } = await pressable();
    assert.deepEqual(conditions, [{ state: "present" }]);
    input.type(" ");
    assert.deepEqual(timers.delays, [700]);
    clock.pass(700);
    await timers.fire();
    assert.deepEqual(told, [
      [true, 1000],
      [false, 1700],
    ]);
  });

  it("is held while it repeats", async () => {
    const { input, clock, timers, told } = await pressable();
    input.type(" ");
    for (const passedMs of [500, 30, 30, 30]) {
      clock.pass(passedMs);
      input.type(" ");
    }
    assert.deepEqual([told, timers.delays], [[[true, 1000]], [200]]);
    clock.pass(200);
    await timers.fire();
    assert.deepEqual(told.at(-1), [false, 1790]);
  });

  it("is tapped at once by Enter, but not while it is held", async () => {
    const { input, clock, timers, told } = await pressable();
    input.type("\r");
    input.type("\r");
    assert.deepEqual(timers.delays, [60]);
    clock.pass(60);
    await timers.fire();
    assert.deepEqual(told, [
      [true, 1000],
      [false, 1060],
    ]);
  });

  it("lets Ctrl-C stop the program, which a terminal in raw mode does not do itself", async () => {
    const { input } = await pressable();
    const kill = sinon.stub(process, "kill");
    input.type("\u0003");
    assert.deepEqual(kill.args, [[process.pid, "SIGINT"]]);
  });

  it("gives the terminal back for Ctrl-Z and takes it again afterwards", async () => {
    const { input } = await pressable();
    const kill = sinon.stub(process, "kill");
    input.type("\u001A");
    assert.deepEqual([kill.args, input.raw], [[[process.pid, "SIGTSTP"]], false]);
    process.emit("SIGCONT");
    assert.equal(input.raw, true);
  });

  it("gives the terminal back when it stops", async () => {
    const { input, panel } = await pressable();
    assert.deepEqual([input.raw, input.flowing], [true, true]);
    const listeners = process.listenerCount("exit");
    await panel.button.stop();
    assert.deepEqual([input.raw, input.flowing, input.listenerCount("data")], [false, false, 0]);
    assert.equal(process.listenerCount("exit"), listeners - 1);
  });

  it("is absent without a keyboard", async () => {
    const { conditions, panel } = await pressable(new Keyboard(false));
    assert.equal(conditions[0]?.state, "absent");
    await panel.button.stop();
  });
});
