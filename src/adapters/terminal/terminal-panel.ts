import type { ReadStream, WriteStream } from "node:tty";
import type { Framebuffer } from "../../panel/framebuffer.ts";
import type { LampLevels } from "../../panel/lamps.ts";
import type { Brightness } from "../../panel/screen.ts";
import { terminalView } from "../../panel/terminal-view.ts";
import type { Clock, Timers } from "../../ports/clock.ts";
import type { Button, Display, Leds, PartCondition } from "../../ports/panel.ts";
import { isForeground } from "./foreground.ts";
import { TerminalButton } from "./terminal-button.ts";
import { TerminalRegion } from "./terminal-region.ts";

type OnCondition = (condition: PartCondition) => void;

const PRESENT: PartCondition = { state: "present" };
const DARK: LampLevels = { green: false, yellow: false, red: false, activity: false };
const TOO_SMALL =
  "Make the terminal at least 66 columns wide and 20 rows high to see the front panel here.";
/** The whole job, as the terminal does it: a shell waits for the first of its processes. */
const JOB = 0;
/** Where there is no shell to stop the job it goes on. */
const SUSPENDED_BY_MS = 500;

export interface TerminalParts {
  readonly input: Pick<ReadStream, "isTTY" | "setRawMode" | "on" | "off" | "pause" | "resume">;
  readonly output: Pick<WriteStream, "columns" | "rows" | "write" | "on" | "off">;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Whether this program may use the terminal; asked after it was stopped and goes on. */
  readonly inForeground?: () => boolean;
}

/** The front panel drawn in a terminal, with its space bar as the button. */
export class TerminalPanel {
  readonly display: Display;
  readonly leds: Leds;
  readonly button: Button;
  readonly #parts: TerminalParts;
  readonly #region: TerminalRegion;
  readonly #keys: TerminalButton;
  #picture: Framebuffer | undefined;
  #brightness: Brightness = "full";
  #levels: LampLevels = DARK;
  #shown = "";
  /** Whether it has the terminal: others may have it for a while. */
  #hold: "has" | "leaves" | "returns" | "ended" = "has";
  /** Nobody reads what is written, and writing fails. */
  #gone = false;

  constructor(parts: TerminalParts) {
    this.#parts = parts;
    this.#region = new TerminalRegion(parts.output);
    this.display = {
      start: (onCondition) => this.#start(onCondition),
      show: (picture, brightness) => {
        this.#picture = picture.copy();
        this.#brightness = brightness;
        this.#draw();
      },
      stop: () => this.#stop(),
    };
    this.leds = {
      start: async (onCondition) => onCondition(PRESENT),
      set: (levels) => {
        this.#levels = levels;
        this.#draw();
      },
      stop: async () => this.leds.set(DARK),
    };
    this.#keys = new TerminalButton({ ...parts, onSuspend: () => this.#suspend() });
    this.button = this.#keys;
  }

  /** Where others write to the same terminal: above the panel. */
  write(text: string): void {
    if (!this.#gone) this.#region.write(text);
  }

  async #start(onCondition: OnCondition): Promise<void> {
    this.#parts.output.on("resize", this.#resized);
    process.on("exit", this.#giveBack);
    process.on("SIGCONT", this.#continued);
    process.on("SIGHUP", this.#hungUp);
    onCondition(PRESENT);
  }

  async #stop(): Promise<void> {
    this.#hold = "ended";
    this.#parts.output.off("resize", this.#resized);
    process.off("exit", this.#giveBack);
    process.off("SIGCONT", this.#continued);
    process.off("SIGHUP", this.#hungUp);
    this.#giveBack();
  }

  /** Leaves what is drawn as it stands, and the cursor below. */
  readonly #giveBack = (): void => {
    if (!this.#gone) this.#region.end();
    this.#shown = "";
  };

  readonly #resized = (): void => {
    this.#region.resized(this.#size().columns);
    this.#shown = "";
    this.#draw();
  };

  #suspend(): void {
    this.#hold = "leaves";
    this.#keys.leave();
    this.#giveBack();
    this.#parts.timers.after(SUSPENDED_BY_MS, this.#continued);
    process.kill(JOB, "SIGTSTP");
  }

  readonly #continued = (): void => {
    if (this.#hold === "ended") return;
    this.#hold = "returns";
    // What others wrote meanwhile stays above.
    this.#region.restart();
    this.#shown = "";
    this.#keys.rest();
    this.#draw();
  };

  /** Whose terminal was closed ends as in order as by any other signal. */
  readonly #hungUp = (): void => {
    const { inForeground = isForeground } = this.#parts;
    if (!inForeground()) {
      this.#hold = "ended";
      this.#gone = true;
      this.#keys.rest();
    }
  };

  /** A program in the background that changes the terminal's mode, or reads keys, is stopped. */
  #comesBack(): boolean {
    const { inForeground = isForeground } = this.#parts;
    if (this.#hold !== "returns" || !inForeground()) return false;
    this.#hold = "has";
    this.#keys.take();
    return true;
  }

  /** 0 where the terminal does not tell. */
  #size() {
    const { columns, rows } = this.#parts.output;
    return { columns: columns || 80, rows: rows || 24 };
  }

  #draw(): void {
    if (!this.#picture || (this.#hold !== "has" && !this.#comesBack())) return;
    const size = this.#size();
    const view = { picture: this.#picture, brightness: this.#brightness, levels: this.#levels };
    const lines = terminalView(view, size) ?? [TOO_SMALL.slice(0, size.columns)];
    const shown = lines.join("\n");
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#region.draw(lines);
  }
}
