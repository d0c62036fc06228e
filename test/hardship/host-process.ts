import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { residentBytes } from "../bench/processes.ts";
import { freePort } from "../support/free-port.ts";
import { HttpConnection } from "./http-connection.ts";

/** The program as it is shipped. */
const PROGRAM = "dist/cli/kms-box.js";
const LONGEST_START_MS = 20_000;

/** A host in a process of its own, which may be killed at any time. */
export class HostProcess {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Starts a host that knows no limits for this machine, and waits until it answers. */
  static async start(folder: string, scratch: string): Promise<HostProcess> {
    const config = join(scratch, "config.json");
    await writeFile(config, '{"rateLimit":{"exempt":["127.0.0.0/8"]},"log":{"level":"error"}}');
    const port = await freePort();
    const options = ["--data", folder, "--config", config, "--bind", "127.0.0.1"];
    const child = spawn(
      process.execPath,
      [PROGRAM, "serve", "--demo", "--json", "--no-web", ...options, "--port", String(port)],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    const host = new HostProcess(child, port);
    const deadlineMs = performance.now() + LONGEST_START_MS;
    while (!(await host.#answers())) {
      if (child.exitCode !== null) throw new Error(`the host ended with ${child.exitCode}`);
      if (performance.now() > deadlineMs) throw new Error("the host did not start in time");
      await sleep(5);
    }
    return host;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get residentBytes(): number {
    return residentBytes(this.#child.pid ?? 0);
  }

  /** Ends it at once, as a pulled plug does to a program. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    if (this.running) await once(this.#child, "exit");
  }

  async stop(): Promise<number | null> {
    this.#child.kill("SIGTERM");
    if (this.running) await once(this.#child, "exit");
    return this.#child.exitCode;
  }

  async #answers(): Promise<boolean> {
    try {
      const connection = await HttpConnection.open(this.port);
      const { status } = await connection.get("/v1/health");
      connection.close();
      return status === 200;
    } catch {
      return false;
    }
  }
}
