import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { SECOND_MS } from "../../domain/units.ts";

/** Something that changes while a box runs, and how it is shown. */
export interface View<T> {
  read(): Promise<T>;
  /** What is redrawn in place in a terminal; absent where lines follow each other there too. */
  screen?(value: T): string[];
  /** Lines for a log; none if nothing worth a line has changed. `before` is absent at first. */
  changes(value: T, before: T | undefined): string[];
  /** One document for each change; none if nothing has changed. */
  documents(value: T, before: T | undefined): unknown[];
}

/** Where a view is shown; tests give their own. */
export interface Screen {
  /** Whether it can be redrawn in place. */
  readonly isTTY?: boolean;
  /** Like `columns` 0 where the terminal does not tell. */
  readonly rows?: number;
  readonly columns?: number;
  write(text: string): unknown;
}

/** How long a restart may take. */
const AWAY_MS = 15 * SECOND_MS;

/** Top left; what is there from before is overwritten. */
const HOME = "\u001B[H";
const CLEAR_LINE = "\u001B[K";
const CLEAR_BELOW = "\u001B[J";

/**
 * Shows a view every second, or as often as told, until SIGINT or SIGTERM, or until reading it fails:
 * redrawn in place in a terminal, else one line, or with `json` one document, for each change.
 */
export async function watch<T>(view: View<T>, json: boolean, everyMs = SECOND_MS): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
  await show(view, json, process.stdout, stop.signal, everyMs);
}

/** As `watch`, until the signal. */
export async function show<T>(
  view: View<T>,
  json: boolean,
  screen: Screen,
  signal: AbortSignal,
  everyMs = SECOND_MS,
): Promise<void> {
  let before: T | undefined;
  let readMs = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const value = await view.read().catch((error: unknown) => {
      // A box that starts again is back before long; what it showed last stays until then.
      if (performance.now() > readMs + AWAY_MS) throw error;
    });
    if (value === undefined) {
      await sleep(SECOND_MS, undefined, { signal }).catch(() => undefined);
      continue;
    }
    readMs = performance.now();
    if (json)
      writeLines(
        screen,
        view.documents(value, before).map((each) => JSON.stringify(each)),
      );
    else if (screen.isTTY && view.screen) screen.write(frame(view.screen(value), screen));
    else writeLines(screen, view.changes(value, before));
    before = value;
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

function writeLines(screen: Screen, lines: readonly string[]): void {
  for (const line of lines) screen.write(`${line}\n`);
}

/** One write for the whole picture, so that it does not flicker; cut to the terminal's size. */
function frame(lines: readonly string[], { rows, columns }: Screen): string {
  const shown = lines
    .slice(0, rows ? rows - 1 : undefined)
    .map((line) => `${cut(line, columns)}${CLEAR_LINE}\n`);
  return `${HOME}${shown.join("")}${CLEAR_BELOW}`;
}

/** Colours take no room. */
function cut(line: string, columns: number | undefined): string {
  const fits = !columns || stripVTControlCharacters(line).length <= columns;
  return fits ? line : line.slice(0, columns);
}
