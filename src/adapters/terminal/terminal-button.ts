import type { ReadStream } from "node:tty";
import { KEY_UP, type KeyHold, keyTold, releaseDueMs } from "../../panel/key-hold.ts";
import type { Clock, Timers } from "../../ports/clock.ts";
import type { Button, PartCondition } from "../../ports/panel.ts";

const SPACE = " ";
const ENTER = "\r";
const CTRL_C = "\u0003";
const CTRL_Z = "\u001A";

/** Long enough to pass for a press, short enough to be a tap. */
const TAP_MS = 60;

export interface TerminalButtonParts {
  readonly input: Pick<ReadStream, "isTTY" | "setRawMode" | "on" | "off" | "pause" | "resume">;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Called when the program goes on after Ctrl-Z. */
  readonly onContinued: () => void;
}

/** The space bar as the panel's button; Enter taps it at once. */
export class TerminalButton implements Button {
  readonly #parts: TerminalButtonParts;
  #hold: KeyHold = KEY_UP;
  #cancel: (() => void) | undefined;
  #onChange: (pressed: boolean, atMs: number) => void = () => undefined;

  constructor(parts: TerminalButtonParts) {
    this.#parts = parts;
  }

  async start(
    onChange: (pressed: boolean, atMs: number) => void,
    onCondition: (condition: PartCondition) => void,
  ): Promise<void> {
    const { input } = this.#parts;
    if (!input.isTTY) {
      onCondition({ state: "absent", code: "no-terminal", reason: "No keyboard is attached." });
      return;
    }
    this.#onChange = onChange;
    input.setRawMode(true);
    input.on("data", this.#onKeys);
    input.resume();
    // However the program ends, the shell after it must find its terminal as it was.
    process.on("exit", this.#giveBack);
    onCondition({ state: "present" });
  }

  async stop(): Promise<void> {
    const { input } = this.#parts;
    if (!input.isTTY) return;
    this.#cancel?.();
    input.off("data", this.#onKeys);
    input.pause();
    this.#giveBack();
    process.off("exit", this.#giveBack);
  }

  readonly #giveBack = (): void => {
    this.#parts.input.setRawMode(false);
  };

  readonly #onKeys = (keys: Buffer): void => {
    for (const key of keys.toString("latin1")) {
      if (key === SPACE) this.#press(this.#parts.clock.monotonicMs());
      else if (key === ENTER) this.#tap();
      else if (key === CTRL_C) process.kill(process.pid, "SIGINT");
      else if (key === CTRL_Z) this.#suspend();
    }
  };

  #press(atMs: number): void {
    if (this.#hold.kind === "up") this.#onChange(true, atMs);
    this.#hold = keyTold(this.#hold, atMs);
    this.#releaseAfter((releaseDueMs(this.#hold) ?? atMs) - atMs);
  }

  #tap(): void {
    if (this.#hold.kind === "down") return;
    const atMs = this.#parts.clock.monotonicMs();
    this.#onChange(true, atMs);
    this.#hold = keyTold(this.#hold, atMs);
    this.#releaseAfter(TAP_MS);
  }

  #releaseAfter(delayMs: number): void {
    this.#cancel?.();
    this.#cancel = this.#parts.timers.after(delayMs, () => {
      this.#hold = KEY_UP;
      this.#onChange(false, this.#parts.clock.monotonicMs());
    });
  }

  /** A terminal in raw mode does not stop the program itself. */
  #suspend(): void {
    this.#giveBack();
    process.once("SIGCONT", () => {
      this.#parts.input.setRawMode(true);
      this.#parts.onContinued();
    });
    process.kill(process.pid, "SIGTSTP");
  }
}
