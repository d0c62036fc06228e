import { Command, Option } from "commander";
import { bucketsOf, type Run, type TimedBucket } from "../../domain/history/runs.ts";
import { RANGES, type Range, TIERS } from "../../domain/history/tiers.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { HistoryAnswer } from "../../web/api/history-schemas.ts";
import { BLOCKS, type ChartStyle, chartLines, PLAIN } from "../support/chart.ts";
import { formatLogTime } from "../support/dates.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, withBox } from "./options.ts";

type Application = HistoryAnswer["applications"][number];
type HistoryFlags = BoxFlags & { readonly range: Range };

const SPANS: Readonly<Record<Range, string>> = {
  "24h": "24 hours",
  "30d": "30 days",
  "1y": "year",
};

/** Into a pipe or a file. */
const PLAIN_COLUMNS = 80;
/** Of a chart: the scale stands beside the bars. */
const SCALE_COLUMNS = 10;
/** Stretches without activation that are listed; what else there was stands in the JSON. */
const MOST_STRETCHES = 10;

/** `kms-box history`: how the counts went. */
export function historyCommand(): Command {
  return withBox(new Command("history"))
    .description("show how the count of each application went")
    .addOption(new Option("--range <time>", "how far back").choices(RANGES).default("24h"))
    .addHelpText("after", HELP)
    .action(async (flags: HistoryFlags) => {
      const answer = await new AdminClient(await boxFolder(flags)).history(flags.range);
      if (flags.json) printJson(answer);
      else print(...historyLines(answer, chartStyle()));
    });
}

const HELP = `
A bar is the least count of its time, so that no dip is hidden; where there is none, nothing is known.

Exit status: 0 shown, 1 no box runs there, 2 wrong usage or configuration.

Examples:
  kms-box history
  kms-box history --range 30d
  kms-box history --range 1y --json`;

function chartStyle(): ChartStyle {
  const { isTTY, columns } = process.stdout;
  return isTTY ? { columns, parts: BLOCKS } : { columns: PLAIN_COLUMNS, parts: PLAIN };
}

/** Everything for a person. */
export function historyLines(answer: HistoryAnswer, style: ChartStyle): string[] {
  const { applications } = answer;
  if (applications.length === 0) return ["No product is licensed: there is nothing to count."];
  return applications.flatMap((application, index) => [
    ...(index === 0 ? [] : [""]),
    ...applicationLines(application, answer, style),
  ]);
}

function applicationLines(
  { application, products, parts }: Application,
  { range, time }: HistoryAnswer,
  style: ChartStyle,
): string[] {
  const buckets = parts.flatMap(({ bucketSeconds, runs }) => {
    const bucketMs = bucketSeconds * SECOND_MS;
    const listed = bucketsOf(runs as unknown as Run[], bucketMs);
    return listed.map((bucket) => ({ ...bucket, endMs: bucket.startMs + bucketMs }));
  });
  const needs = products.map(({ name, threshold }) => `${name} needs ${threshold}`).join(", ");
  const title = `${application}: ${needs}`;
  if (buckets.length === 0) return [title, "Nothing is known of that time yet."];
  const least = Math.min(...buckets.map((bucket) => bucket.least));
  const most = Math.max(...buckets.map((bucket) => bucket.most));
  const slices = sliced(buckets, range, time, Math.max(1, style.columns - SCALE_COLUMNS));
  // Of a box that has just been started nothing would be drawn but the scale.
  const isFlat = slices.every((value) => value === 0);
  return [
    ...(isFlat ? [title] : chartLines({ title, values: slices }, style)),
    `The last ${SPANS[range]}: now ${buckets.at(-1)?.last}, least ${least}, most ${most}.`,
    ...stretchLines(buckets, time * SECOND_MS),
  ];
}

interface Ending extends TimedBucket {
  readonly endMs: number;
}

function sliced(buckets: readonly Ending[], range: Range, time: number, columns: number): number[] {
  const spanMs = TIERS.find((tier) => tier.range === range)?.keptMs ?? 0;
  const beginMs = time * SECOND_MS - spanMs;
  const sliceMs = spanMs / columns;
  return Array.from({ length: columns }, (_, index) => {
    const fromMs = beginMs + index * sliceMs;
    const within = buckets.filter(
      ({ startMs, endMs }) => startMs < fromMs + sliceMs && endMs > fromMs,
    );
    return within.length === 0 ? 0 : Math.min(...within.map(({ least }) => least));
  });
}

/** When not everything was activated. */
function stretchLines(buckets: readonly Ending[], nowMs: number): string[] {
  const stretches: { fromMs: number; toMs: number }[] = [];
  for (const { startMs, endMs, activating } of buckets) {
    const last = stretches.at(-1);
    if (activating) continue;
    if (last?.toMs === startMs) last.toMs = endMs;
    else stretches.push({ fromMs: startMs, toMs: endMs });
  }
  if (stretches.length === 0) return ["All was activated all the time that is known."];
  const listed = stretches
    .slice(-MOST_STRETCHES)
    .map(
      ({ fromMs, toMs }) => `  ${formatLogTime(fromMs)} to ${formatLogTime(Math.min(toMs, nowMs))}`,
    );
  const before = stretches.length - listed.length;
  return [
    "Not all was activated:",
    ...(before > 0 ? [`  ${before} earlier times: see --json`] : []),
    ...listed,
  ];
}
