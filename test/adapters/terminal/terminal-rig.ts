import { EventEmitter } from "node:events";
import { TerminalPanel } from "../../../src/adapters/terminal/terminal-panel.ts";
import { Framebuffer } from "../../../src/panel/framebuffer.ts";
import type { PartCondition } from "../../../src/ports/panel.ts";
import { FakeClock, FakeTimers } from "../../support/fake-clock.ts";
import { TerminalModel } from "../../support/terminal-model.ts";

export class Keyboard extends EventEmitter {
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

/** A panel on a terminal, which another program has while `foreground.is` is false. */
export function rig(input = new Keyboard()) {
  const output = new TerminalModel();
  const clock = new FakeClock();
  const timers = new FakeTimers();
  const foreground = { is: true };
  const panel = new TerminalPanel({
    input: input as never,
    output: output as never,
    clock,
    timers,
    inForeground: () => foreground.is,
  });
  return { input, output, clock, timers, panel, foreground };
}

/** A rig that was started, whose button tells into lists. */
export async function pressable(input = new Keyboard()) {
  const made = rig(input);
  const told: [pressed: boolean, atMs: number][] = [];
  const conditions: PartCondition["state"][] = [];
  await made.panel.display.start(() => undefined);
  await made.panel.button.start(
    (pressed, atMs) => told.push([pressed, atMs]),
    ({ state }) => conditions.push(state),
  );
  const stop = async () => {
    await made.panel.button.stop();
    await made.panel.display.stop();
  };
  return { ...made, told, conditions, stop };
}

/** Its first row is lit. */
export function litPicture(height = 32): Framebuffer {
  const picture = new Framebuffer(128, height);
  for (let x = 0; x < 128; x++) picture.set(x, 0);
  return picture;
}
