import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { PATH } from "./debian-packages.ts";

const KEPT_CHARACTERS = 20_000;

/** A server of another maker that runs in the foreground, with the end of what it wrote. */
export class Daemon {
  readonly #name: string;
  readonly #child: ChildProcess;
  #output = "";

  constructor(program: string, args: readonly string[], env: Record<string, string> = {}) {
    this.#name = program;
    this.#child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PATH, ...env },
    });
    this.#child.on("error", (error) => this.#keep(String(error)));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => this.#keep(text));
    }
  }

  /** @throws {Error} with what it wrote, if it has ended */
  requireRunning(): void {
    if (this.#hasEnded) throw new Error(`${this.#name} ended: ${this.#output}`);
  }

  get output(): string {
    return this.#output;
  }

  /** Ends it at once: what it keeps is of no worth after the tests. */
  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }

  get #hasEnded(): boolean {
    const { pid, exitCode, signalCode } = this.#child;
    return pid === undefined || exitCode !== null || signalCode !== null;
  }

  #keep(text: string): void {
    this.#output = (this.#output + text).slice(-KEPT_CHARACTERS);
  }
}
