import assert from "node:assert/strict";
import sinon from "sinon";
import { Keyboard, litPicture, pressable } from "./terminal-rig.ts";

describe("the space bar as the button", () => {
  it("is a tap when it is typed once", async () => {
    const { input, clock, timers, told, conditions, stop } = await pressable();
    assert.deepEqual(conditions, ["present"]);
    input.type(" ");
    assert.deepEqual(timers.delays, [700]);
    clock.pass(700);
    await timers.fire();
    assert.deepEqual(told, [
      [true, 1000],
      [false, 1700],
    ]);
    await stop();
  });

  it("is held while it repeats", async () => {
    const { input, clock, timers, told, stop } = await pressable();
    input.type(" ");
    for (const passedMs of [500, 30, 30, 30]) {
      clock.pass(passedMs);
      input.type(" ");
    }
    assert.deepEqual([told, timers.delays], [[[true, 1000]], [200]]);
    clock.pass(200);
    await timers.fire();
    assert.deepEqual(told.at(-1), [false, 1790]);
    await stop();
  });

  it("is tapped at once by Enter, but not while it is held", async () => {
    const { input, clock, timers, told, stop } = await pressable();
    input.type("\r\r");
    assert.deepEqual(timers.delays, [60]);
    clock.pass(60);
    await timers.fire();
    assert.deepEqual(told, [
      [true, 1000],
      [false, 1060],
    ]);
    await stop();
  });

  it("is not disturbed by other keys", async () => {
    const { input, told, stop } = await pressable();
    input.type("\u001B[Aq\nü");
    assert.deepEqual(told, []);
    await stop();
  });

  it("lets Ctrl-C stop the program, which a terminal in raw mode does not do itself", async () => {
    const { input, stop } = await pressable();
    const kill = sinon.stub(process, "kill");
    input.type("\u0003");
    assert.deepEqual(kill.args, [[process.pid, "SIGINT"]]);
    await stop();
  });

  it("ends the program at a Ctrl-C a second later, so that it gives the terminal back", async () => {
    const { input, clock, stop } = await pressable();
    const kill = sinon.stub(process, "kill");
    const exit = sinon.stub(process, "exit");
    exit.throws(new Error("exited"));
    input.type("\u0003\u0003");
    clock.pass(999);
    input.type("\u0003");
    clock.pass(1);
    assert.throws(() => input.type("\u0003"), /exited/);
    assert.deepEqual([exit.args, kill.callCount], [[[130]], 1]);
    await stop();
  });

  it("gives the terminal back when it stops", async () => {
    const listeners = process.listenerCount("exit");
    const { input, stop } = await pressable();
    assert.deepEqual([input.raw, input.flowing], [true, true]);
    await stop();
    assert.deepEqual([input.raw, input.flowing, input.listenerCount("data")], [false, false, 0]);
    assert.equal(process.listenerCount("exit"), listeners);
  });

  it("is absent without a keyboard, whose mode is left alone", async () => {
    const { conditions, input, stop } = await pressable(new Keyboard(false));
    assert.deepEqual(conditions, ["absent"]);
    input.raw = true;
    process.emit("SIGCONT");
    await stop();
    assert.equal(input.raw, true);
  });
});

describe("a terminal that others have for a while", () => {
  /** After Ctrl-Z, with what was drawn until then. */
  async function suspended() {
    const made = await pressable();
    const kill = sinon.stub(process, "kill");
    made.panel.display.show(litPicture(), "full");
    made.input.type(" \u001A");
    return { ...made, kill, drawn: made.output.lines.length };
  }

  it("is given back for Ctrl-Z, and the whole job stopped", async () => {
    const { input, kill, output, conditions, stop } = await suspended();
    assert.deepEqual(kill.args, [[0, "SIGTSTP"]]);
    assert.deepEqual([input.raw, input.flowing, output.cursorShown], [false, false, true]);
    assert.deepEqual(conditions, ["present", "absent"]);
    await stop();
  });

  it("is left alone meanwhile", async () => {
    const { panel, output, drawn, stop } = await suspended();
    panel.display.show(litPicture(64), "full");
    panel.write("log\n");
    assert.deepEqual(output.lines.slice(drawn), ["log"]);
    await stop();
  });

  it("is taken again when the program goes on, and drawn below", async () => {
    const { input, output, conditions, drawn, told, timers, stop } = await suspended();
    process.emit("SIGCONT");
    assert.deepEqual([input.raw, input.flowing, output.cursorShown], [true, true, false]);
    assert.equal(output.lines.length, 2 * drawn);
    assert.equal(conditions.at(-1), "present");
    // The key that was held does not act.
    await timers.fire();
    assert.deepEqual(told, [[true, 1000]]);
    await stop();
  });

  it("is taken again where there is no shell to stop the program", async () => {
    const { input, timers, stop } = await suspended();
    await timers.fire();
    assert.equal(input.raw, true);
    await stop();
  });

  it("is left alone in the background, until the program is in front again", async () => {
    const { input, panel, output, foreground, drawn, stop } = await suspended();
    foreground.is = false;
    process.emit("SIGCONT");
    panel.display.show(litPicture(64), "full");
    assert.deepEqual([input.raw, input.flowing], [false, false]);
    assert.equal(output.lines.length, drawn);
    foreground.is = true;
    panel.display.show(litPicture(64), "dim");
    assert.deepEqual([input.raw, input.flowing], [true, true]);
    assert.ok(output.lines.length > drawn);
    await stop();
  });

  it("keeps the mode that others gave it if the program ends in the background", async () => {
    const { input, foreground, stop } = await pressable();
    foreground.is = false;
    // Stopped by a signal from outside, not by Ctrl-Z.
    process.emit("SIGCONT");
    input.raw = true;
    await stop();
    assert.equal(input.raw, true);
  });

  it("is not written to once it was closed, nor given another mode", async () => {
    const { panel, input, output, foreground, stop } = await pressable();
    panel.display.show(litPicture(), "full");
    foreground.is = false;
    const write = sinon.spy(output, "write");
    const setRawMode = sinon.spy(input, "setRawMode");
    input.emit("error", new Error("read EIO"));
    process.emit("SIGHUP");
    panel.display.show(litPicture(64), "full");
    panel.write("log\n");
    await stop();
    assert.deepEqual([write.callCount, setRawMode.callCount], [0, 0]);
  });

  it("is given back after a SIGHUP from elsewhere", async () => {
    const { input, output, stop } = await pressable();
    process.emit("SIGHUP");
    await stop();
    assert.deepEqual([input.raw, output.cursorShown], [false, true]);
  });
});
