import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { adminSocketPath } from "../../src/adapters/system/socket-path.ts";

/** The programs as they are shipped, which `npm test` brings up to date; the tests may be compiled ones. */
export const PROGRAMS = fileURLToPath(
  new URL(
    import.meta.url.endsWith(".ts") ? "../../dist/cli/" : "../../../dist/cli/",
    import.meta.url,
  ),
);

export type ProgramName = "kms-box" | "kms-client" | "kms-vendor";

/** A program that runs, with everything that it wrote so far. */
export class RunningProgram {
  readonly child: ChildProcessWithoutNullStreams;
  stdout = "";
  stderr = "";
  readonly #waiting: (() => void)[] = [];
  #closed = false;

  /** @param within what the command line begins with, to run it elsewhere than in this machine */
  constructor(
    name: ProgramName,
    args: readonly string[],
    env: Record<string, string> = {},
    within: readonly string[] = [],
  ) {
    const path = join(PROGRAMS, `${name}.js`);
    if (!existsSync(path)) throw new Error(`${path} is not built: run "npm run build"`);
    const [program = "", ...rest] = [...within, process.execPath, path, ...args];
    this.child = spawn(program, rest, { env: { ...process.env, ...env } });
    this.child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
      this.#wake();
    });
    this.child.once("close", () => {
      this.#closed = true;
      this.#wake();
    });
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    // What a failing test leaves running must not outlive the tests.
    const kill = () => this.child.kill("SIGKILL");
    process.once("exit", kill);
    this.child.once("exit", () => process.off("exit", kill));
  }

  /** The exit status; null if a signal ended it. */
  async ended(): Promise<number | null> {
    if (!this.#closed) await once(this.child, "close");
    return this.child.exitCode;
  }

  /** Lines of standard output from the first on, as they come, until the program ends. */
  async *lines(): AsyncGenerator<string> {
    for (let start = 0; ; ) {
      const end = this.stdout.indexOf("\n", start);
      if (end >= 0) {
        yield this.stdout.slice(start, end);
        start = end + 1;
      } else if (this.#closed) {
        return;
      } else {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON. */
  json<T = Record<string, unknown>>(): T;
}

/** Runs a program to its end. */
export async function runProgram(
  name: ProgramName,
  args: readonly string[],
  options: { input?: string; env?: Record<string, string>; within?: readonly string[] } = {},
): Promise<Answer> {
  const program = new RunningProgram(name, args, options.env, options.within);
  // A program that does not read its input closes it before all is written.
  program.child.stdin.on("error", () => undefined);
  program.child.stdin.end(options.input ?? "");
  const status = await program.ended();
  const { stdout, stderr } = program;
  return { status, stdout, stderr, json: <T>() => JSON.parse(stdout) as T };
}

export interface BoxOptions {
  /** State folder; a new one, removed again by `stop`, if left out. */
  readonly data?: string;
  /** With the demonstration's vendor and product. */
  readonly demo?: boolean;
  /** With its pages, at ports that `args` names. */
  readonly web?: boolean;
  /** Further arguments of `kms-box serve`. */
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
  /** What the command line begins with. */
  readonly within?: readonly string[];
}

/** `kms-box serve` in a process of its own, on a port of its own. */
export class BoxProcess {
  readonly program: RunningProgram;
  readonly data: string;
  /** Where clients reach it: `127.0.0.1:PORT`. */
  readonly address: string;
  readonly socketPath: string;
  readonly #removesData: boolean;

  private constructor(program: RunningProgram, data: string, address: string, owned: boolean) {
    this.program = program;
    this.data = data;
    this.address = address;
    this.socketPath = adminSocketPath(data);
    this.#removesData = owned;
  }

  /** Resolves once it serves. */
  static async start(options: BoxOptions = {}): Promise<BoxProcess> {
    const data = options.data ?? (await temporaryFolder());
    const args = ["serve", "--data", data, "--bind", "127.0.0.1", "--port", "0", "--json"];
    if (options.demo) args.push("--demo");
    if (!options.web) args.push("--no-web");
    args.push(...(options.args ?? []));
    const program = new RunningProgram("kms-box", args, options.env, options.within);
    for await (const line of program.lines()) {
      const { event, address } = JSON.parse(line) as { event?: string; address?: string };
      if (event === "service-started" && address !== undefined) {
        return new BoxProcess(program, data, address, options.data === undefined);
      }
    }
    throw new Error(`The box ended before it served: ${program.stderr}${program.stdout}`);
  }

  get port(): number {
    return Number(this.address.split(":").at(-1));
  }

  /** Ends it as systemd does; returns the exit status. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    this.program.child.kill(signal);
    const status = await this.program.ended();
    if (this.#removesData) await rm(this.data, { recursive: true, force: true });
    return status;
  }
}

/** A new empty folder; the caller removes it. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "kms-box-test-"));
}
