import type { ReadStream, WriteStream } from "node:tty";
import type { Framebuffer } from "../../panel/framebuffer.ts";
import type { LampLevels } from "../../panel/lamps.ts";
import type { Brightness } from "../../panel/screen.ts";
import { terminalView } from "../../panel/terminal-view.ts";
import type { Clock, Timers } from "../../ports/clock.ts";
import type { Button, Display, Leds, PartCondition } from "../../ports/panel.ts";
import { TerminalButton } from "./terminal-button.ts";
import { TerminalRegion } from "./terminal-region.ts";

type OnCondition = (condition: PartCondition) => void;

const PRESENT: PartCondition = { state: "present" };
const DARK: LampLevels = { green: false, yellow: false, red: false, activity: false };

export interface TerminalParts {
  readonly input: Pick<ReadStream, "isTTY" | "setRawMode" | "on" | "off" | "pause" | "resume">;
  readonly output: Pick<WriteStream, "columns" | "rows" | "write" | "on" | "off">;
  readonly clock: Clock;
  readonly timers: Timers;
}

/** The front panel drawn in a terminal, with its space bar as the button. */
export class TerminalPanel {
  readonly display: Display;
  readonly leds: Leds;
  readonly button: Button;
  readonly #output: TerminalParts["output"];
  readonly #region: TerminalRegion;
  #picture: Framebuffer | undefined;
  #brightness: Brightness = "full";
  #levels: LampLevels = DARK;
  #shown = "";

  constructor(parts: TerminalParts) {
    this.#output = parts.output;
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
    this.button = new TerminalButton({ ...parts, onContinued: () => this.#redraw() });
  }

  /** Where others write to the same terminal: above the panel. */
  write(text: string): void {
    this.#region.write(text);
  }

  async #start(onCondition: OnCondition): Promise<void> {
    this.#output.on("resize", this.#redraw);
    onCondition(PRESENT);
  }

  async #stop(): Promise<void> {
    this.#output.off("resize", this.#redraw);
    this.#region.end();
  }

  readonly #redraw = (): void => {
    this.#region.restart();
    this.#shown = "";
    this.#draw();
  };

  #draw(): void {
    if (!this.#picture) return;
    // 0 where the terminal does not tell.
    const { columns, rows } = this.#output;
    const view = { picture: this.#picture, brightness: this.#brightness, levels: this.#levels };
    const lines = terminalView(view, { columns: columns || 80, rows: rows || 24 }) ?? [
      "Make the terminal at least 66 columns wide and 20 rows high to see the front panel here.",
    ];
    const shown = lines.join("\n");
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#region.draw(lines);
  }
}
