import uPlot from "uplot";
import { bucketsOf, type Run } from "../../../domain/history/runs.ts";
import { type Range, TIERS } from "../../../domain/history/tiers.ts";
import type { HistoryAnswer } from "../../api/history-schemas.ts";
import { historyWords } from "../../status/history-words.ts";

type Application = HistoryAnswer["applications"][number];
type Values = (number | null)[];
type Span = readonly [from: number, to: number];

const HEIGHT = 230;
const charts = new WeakMap<HTMLElement, uPlot>();

/** Nobody counts half a machine. */
const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 20_000, 100_000, 250_000];

/** As the page itself writes them: by the box's clock, wherever the browser is. */
const MOMENT = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});
const TICKS: Readonly<Record<Range, Intl.DateTimeFormat>> = {
  "24h": new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" }),
  "30d": new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }),
  "1y": new Intl.DateTimeFormat("en-GB", { month: "short", year: "2-digit", timeZone: "UTC" }),
};

/** Draws how one application's count went, to be read off under the pointer. */
export function drawChart(
  figure: HTMLElement,
  application: Application,
  { range, time }: HistoryAnswer,
): void {
  charts.get(figure)?.destroy();
  for (const drawing of figure.querySelectorAll(".plot, .scale")) drawing.remove();
  const keptMs = TIERS.find((tier) => tier.range === range)?.keptMs ?? 0;
  const thresholds = [...new Set(application.products.map(({ threshold }) => threshold))];
  tellWords(figure, application, range);
  const chart = new uPlot(
    options(figure, range, thresholds, [time - keptMs / 1000, time]),
    dataOf(application, thresholds, [time - keptMs / 1000, time]),
    figure,
  );
  charts.set(figure, chart);
  watchWidth(figure);
}

function tellWords(figure: HTMLElement, { parts }: Application, range: Range): void {
  const place = figure.querySelector(".words");
  const told = parts.map(({ bucketSeconds, runs }) => {
    const bucketMs = bucketSeconds * 1000;
    return { bucketMs, buckets: bucketsOf(runs as unknown as Run[], bucketMs) };
  });
  if (place) place.textContent = historyWords(told, range);
}

/** A bucket without a sample between two others is a gap, and stays one. */
function dataOf(
  { parts }: Application,
  thresholds: readonly number[],
  [from, to]: Span,
): uPlot.AlignedData {
  // The thresholds reach from edge to edge, whatever is known of the count.
  const times: number[] = [from];
  const [least, most, last]: [Values, Values, Values] = [[null], [null], [null]];
  let endMs = 0;
  for (const { bucketSeconds, runs } of parts) {
    const bucketMs = bucketSeconds * 1000;
    for (const bucket of bucketsOf(runs as unknown as Run[], bucketMs)) {
      if (endMs !== 0 && bucket.startMs > endMs) {
        times.push(endMs / 1000);
        for (const values of [least, most, last]) values.push(null);
      }
      times.push(bucket.startMs / 1000);
      least.push(bucket.least);
      most.push(bucket.most);
      last.push(bucket.last);
      endMs = bucket.startMs + bucketMs;
    }
  }
  times.push(Math.max(to, endMs / 1000));
  for (const values of [least, most, last]) values.push(values.at(-1) ?? null);
  const lines = thresholds.map((threshold) => times.map(() => threshold));
  return [times, least, most, last, ...lines];
}

function options(
  figure: HTMLElement,
  range: Range,
  thresholds: readonly number[],
  [from, to]: Span,
): uPlot.Options {
  const colour = (name: string) => getComputedStyle(figure).getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour("quiet"),
    grid: { stroke: colour("line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
  const offsetSeconds = boxOffsetSeconds(figure);
  const boxMs = (seconds: number) => (seconds + offsetSeconds) * 1000;
  const shown: Reading = (plot, _, index, place) => valueAt(plot, index, place) ?? "no record";
  const when: Reading = (plot, _, index, place) =>
    MOMENT.format(boxMs(valueAt(plot, index, place) ?? 0));
  const steps = uPlot.paths.stepped?.({ align: 1 });
  const stepped = steps ? { paths: steps } : {};
  return {
    width: figure.clientWidth,
    height: HEIGHT,
    scales: {
      x: { range: [from, to] },
      y: { range: (_, __, most) => [0, topOf(most, thresholds)] },
    },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => TICKS[range].format(boxMs(tick))) },
      { ...axis, size: 52, incrs: WHOLE_STEPS },
    ],
    cursor: { y: false },
    bands: [{ series: [2, 1], fill: `${colour("good")}2e` }],
    series: [
      { label: "time", value: when },
      { label: "least", value: shown, width: 0, points: { show: false }, ...stepped },
      { label: "most", value: shown, width: 0, points: { show: false }, ...stepped },
      {
        label: "count",
        value: shown,
        stroke: colour("good"),
        width: 2,
        points: { show: false },
        ...stepped,
      },
      ...thresholds.map((threshold) => ({
        label: "threshold",
        value: () => String(threshold),
        stroke: colour("attention"),
        dash: [6, 4],
        width: 1,
        points: { show: false },
      })),
    ],
  };
}

type Reading = Exclude<uPlot.Series["value"], string | undefined>;

/** Under the pointer; the latest where there is none. */
function valueAt({ data }: uPlot, index: number, place: number | null): number | null {
  return data[index]?.at(place ?? -1) ?? null;
}

/** How far the box's clock is ahead of UTC. */
function boxOffsetSeconds(figure: HTMLElement): number {
  const charts = figure.closest<HTMLElement>("[data-offset-minutes]");
  return Number(charts?.dataset.offsetMinutes ?? 0) * 60;
}

function topOf(most: number, thresholds: readonly number[]): number {
  return Math.max(1, most ?? 0, ...thresholds) * 1.15;
}

const watched = new WeakSet<HTMLElement>();

function watchWidth(figure: HTMLElement): void {
  if (watched.has(figure)) return;
  watched.add(figure);
  new ResizeObserver(() => {
    charts.get(figure)?.setSize({ width: figure.clientWidth, height: HEIGHT });
  }).observe(figure);
}
