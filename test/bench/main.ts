import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { arch, cpus, platform } from "node:os";
import { join } from "node:path";
import { type BarGroup, barChart } from "./chart.ts";
import { fillFolder } from "./fill.ts";
import { insightFigures } from "./insight.ts";
import { panelFigures } from "./panel.ts";
import { ledgerBytesPerCmid } from "./processes.ts";
import { writeRequests } from "./requests.ts";
import { measureResources, type Resources } from "./resources.ts";
import { costByClients } from "./scale.ts";
import { longestStallMs } from "./stall.ts";
import { type Figure, figureTable, isReached } from "./table.ts";
import { type Contender, contender, latencyAt, median, runRound } from "./throughput.ts";

/**
 * Measures everything that the README states, in one run, and writes it as table, JSON and SVG.
 * `npm run bench`; takes about eleven minutes, and wants a machine with nothing else to do.
 */
const ROUNDS = 5;
/** Clients that ask; as many others are known to the stores before. */
const CLIENTS = 10_000;
const RESULTS = "test/bench/results";

/** What can be measured alone. */
const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  resources: runResources,
  panel: runPanel,
  insight: runInsight,
};

// Beside the program and not among temporary files, which may be in memory.
const scratch = await mkdtemp("test/bench/.scratch-");
try {
  await (PARTS[process.argv[2] ?? ""] ?? run)();
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function runInsight(): Promise<void> {
  tell("looking ahead over 1 000 000 CMIDs");
  const figures = await insightFigures(1_000_000);
  const { coldMs, warmMs, coldStallMs, warmStallMs, calendarMs, calendarStallMs } = figures;
  const ms = (value: number) => `${value.toFixed(value < 20 ? 1 : 0)} ms`;
  console.log(`
forecast over 1 000 000 CMIDs, work: ${ms(coldMs)} the first time, ${ms(warmMs)} from then on (asked: under 500 ms)
longest stall of the event loop:     ${ms(coldStallMs)} the first time, ${ms(warmStallMs)} from then on (asked: at most 20 ms)
calendar over the same:              ${ms(calendarMs)}, longest stall ${ms(calendarStallMs)}`);
}

async function run(): Promise<void> {
  tell("signing requests");
  const requests = join(scratch, "requests");
  await writeRequests(requests, CLIENTS, 24);
  const bare = contender("bare node:http, verify and sign only", "bare");
  const box = contender("KMS Box", "host", "flash", CLIENTS);
  const sqlite = contender("the same on SQLite (WAL, FULL)", "host", "sqlite", CLIENTS);
  const jsonFile = contender("the same on lowdb's JSONFile", "host", "jsonfile", CLIENTS);
  await compare([bare, box, sqlite, jsonFile], requests);

  const rate = perSecond(box) / 2;
  tell(`latency at ${Math.round(rate)} activations/s`);
  const latency = await latencyAt(rate, scratch, requests);
  tell("cost by number of CMIDs");
  const costs = await costByClients([1_000, 1_000_000], scratch, requests);
  tell("memory of the ledger");
  const bytesPerCmid = await ledgerBytesPerCmid();
  tell("start and resident memory");
  const resources = await measureResources(scratch, requests);
  tell("stalls while compacting");
  const large = await mkdtemp(join(scratch, "stall-"));
  await fillFolder(large, 100_000);
  const stallMs = await longestStallMs(large);
  tell("bytes on the display's bus");
  const panel = await panelFigures();

  const figures: Figure[] = [
    { name: "activations, durable", value: perSecond(box), unit: "/s" },
    { name: "  of a bare server's", value: ratio(box, bare), unit: "", goal: { atLeast: 0.7 } },
    {
      name: "  of lowdb's JSONFile",
      value: ratio(box, jsonFile),
      unit: "times",
      goal: { atLeast: 100 },
    },
    { name: "  of SQLite", value: ratio(box, sqlite), unit: "times", goal: { atLeast: 1 } },
    { name: "bytes on disk each", value: bytesEach(box), unit: "B" },
    {
      name: "  of SQLite's",
      value: bytesEach(box) / bytesEach(sqlite),
      unit: "",
      goal: { atMost: 0.1 },
    },
    { name: "p50 at half load", value: latency.p50Ms, unit: "ms" },
    { name: "p99 at half load", value: latency.p99Ms, unit: "ms" },
    {
      name: "cost with 1 000 000 CMIDs to 1 000",
      value: (costs.get(1_000_000) ?? 0) / (costs.get(1_000) ?? 1),
      unit: "times",
      goal: { atMost: 1.2 },
    },
    {
      name: "memory of a CMID at 1 000 000",
      value: bytesPerCmid,
      unit: "B",
      goal: { atMost: 300 },
    },
    ...resourceFigures(resources),
    {
      name: "longest stall compacting 100 000 CMIDs",
      value: stallMs,
      unit: "ms",
      goal: { atMost: 20 },
    },
    ...panel,
  ];
  process.stdout.write(`\n${figureTable(figures)}\n`);
  await keep(figures, [bare, box, sqlite, jsonFile]);
}

function resourceFigures(resources: Resources): Figure[] {
  return [
    {
      name: "resident with 10 000 CMIDs, idle",
      value: resources.residentIdleBytes / 1e6,
      unit: "MB",
      goal: { atMost: 90 },
    },
    {
      name: "resident with 10 000 CMIDs, after load",
      value: resources.residentBusyBytes / 1e6,
      unit: "MB",
    },
    {
      name: "start to first answer, 100 000 CMIDs",
      value: resources.startMs / 1000,
      unit: "s",
      goal: { atMost: 1 },
    },
  ];
}

/** `npm run bench resources`: start and memory alone, in half a minute; nothing is written. */
async function runResources(): Promise<void> {
  const requests = join(scratch, "requests");
  await writeRequests(requests, CLIENTS, 2);
  const resources = await measureResources(scratch, requests);
  process.stdout.write(`${figureTable(resourceFigures(resources))}\n`);
}

/** `npm run bench panel`: bytes on the display's bus, in seconds; nothing is written. */
async function runPanel(): Promise<void> {
  process.stdout.write(`${figureTable(await panelFigures())}\n`);
}

async function compare(contenders: readonly Contender[], requests: string): Promise<void> {
  for (let round = 1; round <= ROUNDS; round++) {
    tell(`round ${round} of ${ROUNDS}`);
    await runRound(contenders, scratch, requests);
  }
}

async function keep(figures: readonly Figure[], contenders: readonly Contender[]): Promise<void> {
  const machine = `${cpus().length} cores of ${cpus()[0]?.model ?? "?"}, ${platform()} ${arch()}, Node ${process.version}`;
  const document = {
    machine,
    figures: figures.map((figure) => ({ ...figure, reached: isReached(figure) })),
    rounds: Object.fromEntries(contenders.map(({ name, rounds }) => [name, rounds])),
  };
  const groups: BarGroup[] = [
    {
      title: "Activations per second, 128 connections (more is better)",
      bars: contenders.map((each) => ({ label: each.name, value: perSecond(each), unit: "/s" })),
    },
    {
      title: "Bytes on disk per activation (less is better)",
      bars: contenders
        .slice(1)
        .map((each) => ({ label: each.name, value: bytesEach(each), unit: "B" })),
    },
  ];
  await writeFile(`${RESULTS}.json`, `${JSON.stringify(document, null, 2)}\n`);
  await writeFile(`${RESULTS}.svg`, barChart(groups));
  process.stdout.write(`\n${machine}\nwritten to ${RESULTS}.json and ${RESULTS}.svg\n`);
}

function perSecond({ rounds }: Contender): number {
  return median(rounds.map((round) => round.perSecond));
}

function bytesEach({ rounds }: Contender): number {
  return median(rounds.map((round) => round.bytesEach));
}

/** Median over the rounds of the ratio within each, in which both met the same machine. */
function ratio(a: Contender, b: Contender): number {
  return median(a.rounds.map(({ perSecond: value }, i) => value / (b.rounds[i]?.perSecond ?? 1)));
}

function tell(what: string): void {
  process.stderr.write(`${what} ...\n`);
}
