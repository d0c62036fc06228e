import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { LoadOrder, LoadResult } from "./load.ts";

/** Kernel ticks a second, in which /proc counts CPU time. */
const TICKS_PER_SECOND = 100;

export interface RunningServer {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a server of this folder that reports its port. */
export async function startServer(script: string, args: string[] = []): Promise<RunningServer> {
  const child = fork(scriptPath(`servers/${script}.js`), args, {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [message] = (await once(child, "message")) as [{ port: number }];
  return {
    port: message.port,
    pid: child.pid ?? 0,
    stop: () => stopped(child),
  };
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

/** Runs the load generator as a process of its own. */
export async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const child = fork(scriptPath("load.js"), [JSON.stringify(order)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [result] = (await once(child, "message")) as [LoadResult];
  return result;
}

/** Bytes that one of a million CMIDs takes in the ledger, measured in a process of its own. */
export async function ledgerBytesPerCmid(): Promise<number> {
  const script = ["--expose-gc", scriptPath("ledger-memory.js")];
  const { stdout } = await promisify(execFile)(process.execPath, script);
  return Number(/^1000000 CMIDs: ([\d.]+) bytes each/m.exec(stdout)?.[1]);
}

function scriptPath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** CPU time that a process has used so far, over all its threads. */
export function cpuMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1000;
}

/** Waits until a process has nothing left to do, such as collecting what loading left over. */
export async function atRest(pid: number): Promise<void> {
  for (;;) {
    const before = cpuMs(pid);
    await sleep(500);
    if (cpuMs(pid) - before < 25) return;
  }
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib) * 1024;
}
