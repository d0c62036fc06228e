import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { DiskMeter } from "./disk.ts";
import type { LoadResult } from "./load.ts";
import { cpuMs, runLoad, startServer } from "./processes.ts";

const CONNECTIONS = 128;
/** The program is compiled by then as it stays. */
const WARM_UP_MS = 8000;
const MEASURE_MS = 4000;

/** Something that answers activation requests, and what the rounds found. */
export interface Contender {
  readonly name: string;
  readonly script: string;
  readonly args: (folder: string) => string[];
  readonly rounds: Round[];
}

export interface Round {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMsEach: number;
  readonly bytesEach: number;
}

/** @param known clients that the store knows before, beside those that ask */
export function contender(name: string, script: string, store?: string, known = 0): Contender {
  const args = (folder: string) => (store ? [folder, store, String(known)] : []);
  return { name, script, args, rounds: [] };
}

/** One round of each, one after the other, so that slow moments of the machine meet all alike. */
export async function runRound(
  contenders: readonly Contender[],
  scratch: string,
  requests: string,
): Promise<void> {
  for (const each of contenders) each.rounds.push(await measure(each, scratch, requests));
}

async function measure(each: Contender, scratch: string, requests: string): Promise<Round> {
  const folder = await mkdtemp(join(scratch, "state-"));
  const server = await startServer(each.script, each.args(folder));
  try {
    const disk = new DiskMeter(folder);
    const bytesBefore = disk.writtenBytes();
    const cpuBefore = cpuMs(server.pid);
    const result = await runLoad({
      port: server.port,
      connections: CONNECTIONS,
      requests,
      firstLine: 0,
      warmUpMs: WARM_UP_MS,
      measureMs: MEASURE_MS,
    });
    return {
      perSecond: activatedPerSecond(each.name, result),
      p50Ms: result.p50Ms,
      p99Ms: result.p99Ms,
      cpuMsEach: (cpuMs(server.pid) - cpuBefore) / result.used,
      bytesEach: (disk.writtenBytes() - bytesBefore) / result.used,
    };
  } finally {
    await server.stop();
  }
}

/** Refusals are cheap, so that only activations count; a slow store may shed some, and nothing else. */
function activatedPerSecond(name: string, { statuses, answered, perSecond }: LoadResult): number {
  const { "200": activated = 0, "503": shed = 0 } = statuses;
  if (activated === 0 || activated + shed < answered) {
    throw new Error(`${name}: not all were activated: ${JSON.stringify(statuses)}`);
  }
  return (perSecond * activated) / answered;
}

/** Latency at a given rate, on a host of its own. */
export async function latencyAt(
  ratePerSecond: number,
  scratch: string,
  requests: string,
): Promise<LoadResult> {
  const folder = await mkdtemp(join(scratch, "state-"));
  const server = await startServer("host", [folder, "flash"]);
  try {
    return await runLoad({
      port: server.port,
      connections: CONNECTIONS,
      requests,
      firstLine: 0,
      warmUpMs: WARM_UP_MS,
      measureMs: MEASURE_MS,
      ratePerSecond,
    });
  } finally {
    await server.stop();
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
