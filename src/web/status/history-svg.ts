import type { HistoryPart } from "../../domain/history/history.ts";
import { type Range, TIERS } from "../../domain/history/tiers.ts";
import { type Html, html } from "../pages/html.ts";
import { RANGE_NAMES } from "./history-words.ts";

const WIDTH = 720;
const HEIGHT = 160;

export interface ChartOptions {
  readonly range: Range;
  readonly nowMs: number;
  readonly thresholds: readonly number[];
  /** The chart in words. */
  readonly label: string;
}

/** The counts as a chart that needs no script: a band from least to most, a line of the last, the thresholds. */
export function historySvg(parts: readonly HistoryPart[], options: ChartOptions): Html {
  const { range, nowMs, thresholds, label } = options;
  const spanMs = TIERS.find((tier) => tier.range === range)?.keptMs ?? 1;
  const buckets = parts.flatMap((part) => part.buckets);
  const top = topOf([...thresholds, ...buckets.map(({ most }) => most)]);
  const x = (ms: number) => ((1 - (nowMs - ms) / spanMs) * WIDTH).toFixed(1);
  const y = (count: number) => (HEIGHT - (count / top) * HEIGHT).toFixed(1);
  const shapes = parts.flatMap(({ bucketMs, buckets: row }) =>
    stretches(row, bucketMs).map((stretch) => {
      const ends = stretch.map(({ startMs }) => [
        x(startMs),
        x(Math.min(startMs + bucketMs, nowMs)),
      ]);
      const line = (pick: (index: number) => string) =>
        ends.map(([from, to], index) => `${from} ${pick(index)}L${to} ${pick(index)}`).join("L");
      const least = ends
        .map(
          ([from, to], index) =>
            `${to} ${y(stretch[index]?.least ?? 0)}L${from} ${y(stretch[index]?.least ?? 0)}`,
        )
        .toReversed()
        .join("L");
      const most = line((index) => y(stretch[index]?.most ?? 0));
      const last = line((index) => y(stretch[index]?.last ?? 0));
      return html`<path class="band" d="M${most}L${least}z"/><path class="line" d="M${last}"/>`;
    }),
  );
  const lines = thresholds.map(
    (threshold) => html`<path class="threshold" d="M0 ${y(threshold)}H${WIDTH}"/>`,
  );
  return html`
        <svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">
          ${shapes}${lines}
        </svg>
        <p class="scale" aria-hidden="true"><span>${RANGE_NAMES[range].tab} ago</span><span>top ${top}</span><span>now</span></p>`;
}

/** Rounded up, so that the scale stays while the count moves. */
function topOf(values: readonly number[]): number {
  const most = Math.max(1, ...values) * 1.1;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(most)) - 1) * 5;
  return Math.ceil(most / step) * step;
}

/** Buckets without a gap between them. */
function stretches<T extends { readonly startMs: number }>(
  buckets: readonly T[],
  bucketMs: number,
): T[][] {
  const found: T[][] = [];
  for (const bucket of buckets) {
    const last = found.at(-1);
    if (last?.at(-1)?.startMs === bucket.startMs - bucketMs) last.push(bucket);
    else found.push([bucket]);
  }
  return found;
}
