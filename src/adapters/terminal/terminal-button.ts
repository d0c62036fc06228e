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

/** An orderly stop takes less; who presses Ctrl-C again later does not want to wait for it. */
const IMPATIENT_AFTER_MS = 1000;

/** As a shell tells that SIGINT ended a program. */
const INTERRUPTED_STATUS = 130;

export interface TerminalButtonParts {
  readonly input: Pick<ReadStream, "isTTY" | "setRawMode" | "on" | "off" | "pause" | "resume">;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Called for Ctrl-Z, which a terminal in raw mode does not heed itself. */
  readonly onSuspend: () => void;
}

const AWAY: PartCondition = {
  state: "absent",
  code: "no-terminal",
  reason: "Another program has the keyboard.",
};

/** The space bar as the panel's button; Enter taps it at once. */
export class TerminalButton implements Button {
  readonly #parts: TerminalButtonParts;
  #hold: KeyHold = KEY_UP;
  #interruptedMs: number | undefined;
  #started = false;
  /** Whether the terminal's mode was changed and is to be given back. */
  #taken = false;
  #cancel: (() => void) | undefined;
  #onChange: (pressed: boolean, atMs: number) => void = () => undefined;
  #onCondition: (condition: PartCondition) => void = () => undefined;

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
    this.#onCondition = onCondition;
    this.#started = true;
    input.on("data", this.#onKeys);
    input.on("error", ignore);
    // However the program ends, the shell after it must find its terminal as it was.
    process.on("exit", this.#giveBack);
    this.take();
  }

  async stop(): Promise<void> {
    if (!this.#started) return;
    this.#started = false;
    this.#cancel?.();
    const { input } = this.#parts;
    input.off("data", this.#onKeys);
    input.off("error", ignore);
    input.pause();
    this.#giveBack();
    process.off("exit", this.#giveBack);
  }

  /** Reads the keys from now on. */
  take(): void {
    if (!this.#started) return;
    const { input } = this.#parts;
    // Whoever had the terminal meanwhile may have changed its mode, which is kept to be raw still.
    input.setRawMode(false);
    input.setRawMode(true);
    this.#taken = true;
    input.resume();
    this.#onCondition({ state: "present" });
  }

  /** Gives the terminal back and leaves the keys to others. */
  leave(): void {
    this.#giveBack();
    this.rest();
  }

  /** Reads no keys, as others have the terminal already. A key that is held does not act. */
  rest(): void {
    if (!this.#started) return;
    this.#taken = false;
    this.#parts.input.pause();
    this.#cancel?.();
    this.#hold = KEY_UP;
    this.#onCondition(AWAY);
  }

  readonly #giveBack = (): void => {
    if (this.#taken) this.#parts.input.setRawMode(false);
    this.#taken = false;
  };

  readonly #onKeys = (keys: Buffer): void => {
    for (const key of keys.toString("latin1")) {
      if (key === SPACE) this.#press(this.#parts.clock.monotonicMs());
      else if (key === ENTER) this.#tap();
      else if (key === CTRL_C) this.#interrupt();
      else if (key === CTRL_Z) this.#parts.onSuspend();
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

  /** The second time at once: a signal would end the program without giving the terminal back. */
  #interrupt(): void {
    const atMs = this.#parts.clock.monotonicMs();
    if (this.#interruptedMs === undefined) {
      this.#interruptedMs = atMs;
      process.kill(process.pid, "SIGINT");
    } else if (atMs >= this.#interruptedMs + IMPATIENT_AFTER_MS) {
      process.exit(INTERRUPTED_STATUS);
    }
  }
}

/** A terminal that was closed cannot be read; that is told by a signal as well. */
function ignore(): void {}
