import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../support/free-port.ts";
import { fillFolder } from "./fill.ts";
import { residentBytes, runLoad } from "./processes.ts";
import { median } from "./throughput.ts";

/** The program as `npm start` and its first line run it. */
const PROGRAM = ["--min-semi-space-size=4", "--max-semi-space-size=4", "dist/cli/kms-box.js"];
const STARTS = 5;

export interface Resources {
  readonly startMs: number;
  readonly residentIdleBytes: number;
  readonly residentBusyBytes: number;
}

/** Starts the shipped program on 100 000 and on 10 000 CMIDs and looks at it from outside. */
export async function measureResources(scratch: string, requests: string): Promise<Resources> {
  const large = await mkdtemp(join(scratch, "large-"));
  await fillFolder(large, 100_000);
  // What was written before would hold up the first write of a start.
  execFileSync("sync");
  const startsMs: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const started = await startProgram(large, scratch);
    startsMs.push(started.tookMs);
    await stopProgram(started.child);
  }
  const small = await mkdtemp(join(scratch, "small-"));
  await fillFolder(small, 10_000);
  const { child, port } = await startProgram(small, scratch);
  await sleep(1000);
  const residentIdleBytes = residentBytes(child.pid ?? 0);
  await runLoad({
    port,
    connections: 8,
    requests,
    firstLine: 0,
    warmUpMs: 0,
    measureMs: 10_000,
    ratePerSecond: 500,
  });
  const residentBusyBytes = residentBytes(child.pid ?? 0);
  await stopProgram(child);
  return { startMs: median(startsMs), residentIdleBytes, residentBusyBytes };
}

async function startProgram(folder: string, scratch: string) {
  const config = join(scratch, "config.json");
  await writeFile(config, '{"rateLimit":{"exempt":["127.0.0.0/8"]}}');
  const port = await freePort();
  const startMs = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...PROGRAM,
      "serve",
      "--demo",
      "--json",
      "--no-web",
      "--data",
      folder,
      "--config",
      config,
    ].concat(["--bind", "127.0.0.1", "--port", String(port)]),
    { stdio: "ignore" },
  );
  while (!(await answers(port))) await sleep(10);
  return { child, port, tookMs: performance.now() - startMs };
}

async function stopProgram(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await once(child, "exit");
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    get({ port, host: "127.0.0.1", path: "/v1/host", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on("error", () => resolve(false));
  });
}
