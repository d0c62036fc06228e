/** A series of values to be drawn as bars from left to right. */
export interface Series {
  readonly title: string;
  readonly values: readonly number[];
}

export interface ChartStyle {
  /** Characters that a line may have. */
  readonly columns: number;
  /** Parts of a full character, from none to all of it. */
  readonly parts: string;
}

/** For a terminal. */
export const BLOCKS = " ▁▂▃▄▅▆▇█";
/** For a pipe or a file. */
export const PLAIN = " #";

const ROWS = 4;
const GAP = " ";

/**
 * Lines of a bar chart: the title, the bars with their scale on the left. Where there are more
 * values than columns, a bar is the largest of those that share it.
 */
export function chartLines({ title, values }: Series, { columns, parts }: ChartStyle): string[] {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const scale = String(most);
  const bars = shared(values, Math.max(1, columns - scale.length - GAP.length));
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const floor = ROWS - 1 - i;
    const label = i === 0 ? scale : floor === 0 ? "0" : "";
    const line = bars.map((value) => partOf(parts, (value / (most || 1)) * ROWS - floor)).join("");
    return `${label.padStart(scale.length)}${GAP}${line}`.trimEnd();
  });
  return [title, ...rows];
}

/** One character; anything above none shows. */
function partOf(parts: string, filled: number): string {
  const most = parts.length - 1;
  const step = filled <= 0 ? 0 : Math.max(1, Math.round(Math.min(1, filled) * most));
  return parts.charAt(step);
}

function shared(values: readonly number[], columns: number): number[] {
  if (values.length <= columns) {
    const width = Math.floor(columns / Math.max(1, values.length));
    return values.flatMap((value) => Array.from({ length: width }, () => value));
  }
  return Array.from({ length: columns }, (_, i) => {
    const from = Math.floor((i * values.length) / columns);
    const to = Math.floor(((i + 1) * values.length) / columns);
    return Math.max(...values.slice(from, to));
  });
}
