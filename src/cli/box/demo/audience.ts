import { SECOND_MS } from "../../../domain/units.ts";
import { formatTime } from "../../support/dates.ts";
import type { Screen } from "../watch.ts";
import type { DemoStep } from "./play.ts";

const BAR_WIDTH = 25;
const USUAL_COLUMNS = 80;
/** Of a time, so that a line fits a terminal of usual width. */
const DAY_LENGTH = 10;
const START_OF_LINE = "\r";
const CLEAR_LINE = "\u001B[K";

/** Shows a demonstration while it runs: in a terminal a bar that fills, else a line for each step. */
export class Audience {
  readonly #screen: Screen;
  #barShown = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  step(step: DemoStep): void {
    const counted = `${String(step.count).padStart(4)} of ${step.threshold}`;
    if (this.#screen.isTTY) {
      this.#barShown = true;
      const line = `  [${bar(step)}] ${counted}  ${sentence(step)}`;
      // A line that wraps could not be drawn over.
      const shown = line.slice(0, (this.#screen.columns || USUAL_COLUMNS) - 1);
      this.#screen.write(`${START_OF_LINE}${shown}${CLEAR_LINE}`);
    } else {
      this.#line(`${counted}  ${sentence(step)}`);
    }
  }

  /** Something worth a line of its own. */
  say(...lines: readonly string[]): void {
    if (this.#barShown) this.#screen.write("\n");
    this.#barShown = false;
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    this.#screen.write(`${line}\n`);
  }
}

function bar({ count, threshold }: DemoStep): string {
  const full = Math.min(BAR_WIDTH, Math.floor((count / threshold) * BAR_WIDTH));
  return "#".repeat(full).padEnd(BAR_WIDTH, ".");
}

function sentence({ hostname, reply }: DemoStep): string {
  switch (reply.kind) {
    case "activated":
      return `${hostname} is activated to ${formatTime(reply.lease.exp * SECOND_MS).slice(0, DAY_LENGTH)}`;
    case "below-threshold":
      return `${hostname} is counted, not activated yet`;
    case "failed":
      return `${hostname} is refused: ${reply.message}`;
  }
}
