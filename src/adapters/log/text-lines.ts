import type { DestinationStream } from "pino";

/** pino's numbers for its levels. */
const LEVELS: Readonly<Record<number, string>> = {
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
};

interface LogLine {
  readonly time: number;
  readonly level: number;
  readonly msg?: string;
  readonly event?: string;
  readonly err?: { readonly stack?: string };
}

/** Turns pino's JSON into a line for a person: time of day, level, event, sentence. */
export function textLines(output: { write(text: string): unknown }): DestinationStream {
  return {
    write: (json) => {
      const { time, level, msg = "", event = "", err } = JSON.parse(json) as LogLine;
      const clock = new Date(time).toTimeString().slice(0, 8);
      const trace = err?.stack ? `\n${err.stack}` : "";
      output.write(
        `${clock} ${(LEVELS[level] ?? "").padEnd(5)} ${event.padEnd(17)} ${msg}${trace}\n`,
      );
    },
  };
}
