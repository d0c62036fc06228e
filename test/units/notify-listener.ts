import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "../support/debian-packages.ts";

const SCRIPT = fileURLToPath(new URL("notify-listener.py", import.meta.url));
const POLL_MS = 20;

/** What a service has told, with the time by this process's monotonic clock. */
export interface Told {
  readonly atMs: number;
  /** Assignments, such as `READY=1`. */
  readonly lines: readonly string[];
}

/** Stands where systemd listens: a datagram socket, which Node does not have. */
export class NotifyListener {
  readonly path: string;
  readonly told: Told[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  #listens = false;

  private constructor(path: string, child: ChildProcessWithoutNullStreams) {
    this.path = path;
    this.#child = child;
    createInterface({ input: child.stdout }).on("line", (line) => {
      const lines = JSON.parse(line) as string[];
      if (lines.length === 0) this.#listens = true;
      else this.told.push({ atMs: performance.now(), lines });
    });
  }

  static async start(path: string): Promise<NotifyListener> {
    await ensurePackages({ python3: "python3" });
    const listener = new NotifyListener(path, spawn("python3", [SCRIPT, path]));
    await until("the listener", () => listener.#listens);
    return listener;
  }

  /** When each message with this assignment came. */
  times(assignment: string): number[] {
    return this.told.filter(({ lines }) => lines.includes(assignment)).map(({ atMs }) => atMs);
  }

  get status(): string | undefined {
    const all = this.told.flatMap(({ lines }) => lines);
    return all.findLast((line) => line.startsWith("STATUS="))?.slice("STATUS=".length);
  }

  async stop(): Promise<void> {
    this.#child.kill();
    await once(this.#child, "close");
    await rm(this.path, { force: true });
  }
}

/** Waits until something is so. */
export async function until(what: string, isSo: () => boolean, limitMs = 20_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error(`Waited ${limitMs} ms for ${what}.`);
    await sleep(POLL_MS);
  }
}
