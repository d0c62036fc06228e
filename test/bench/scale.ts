import { cp, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fillFolder } from "./fill.ts";
import { atRest, cpuMs, runLoad, startServer } from "./processes.ts";
import { median } from "./throughput.ts";

const ROUNDS = 3;

/** CPU time of one activation with few and with many CMIDs known, round by round in turn. */
export async function costByClients(
  sizes: readonly number[],
  scratch: string,
  requests: string,
): Promise<Map<number, number>> {
  const filled = new Map<number, string>();
  for (const size of sizes) {
    const folder = await mkdtemp(join(scratch, "filled-"));
    await fillFolder(folder, size);
    filled.set(size, folder);
  }
  const costs = new Map<number, number[]>(sizes.map((size) => [size, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [size, folder] of filled) {
      costs.get(size)?.push(await costOnce(folder, scratch, requests));
    }
  }
  return new Map([...costs].map(([size, values]) => [size, median(values)]));
}

async function costOnce(filled: string, scratch: string, requests: string): Promise<number> {
  const folder = await mkdtemp(join(scratch, "state-"));
  await cp(filled, folder, { recursive: true });
  const server = await startServer("host", [folder, "flash"]);
  const load = { port: server.port, connections: 64, requests };
  try {
    await atRest(server.pid);
    const warm = await runLoad({ ...load, firstLine: 0, warmUpMs: 8000, measureMs: 500 });
    const before = cpuMs(server.pid);
    const result = await runLoad({
      ...load,
      firstLine: warm.used,
      warmUpMs: 10,
      measureMs: 4000,
    });
    return (cpuMs(server.pid) - before) / result.used;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}
