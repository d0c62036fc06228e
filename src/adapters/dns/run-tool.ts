import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { SECOND_MS } from "../../domain/units.ts";
import { DnsFailedError } from "../../ports/dns.ts";

/** A tool that hangs is ended after this. */
const LONGEST_MS = 10 * SECOND_MS;
/** A hundred SRV records are 10 kB; nothing that is asked here is longer than this. */
const MOST_CHARACTERS = 1024 * 1024;

export interface ToolRun {
  /** Null if it was ended by a signal. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolOptions {
  /** What it reads from standard input. */
  readonly input?: string;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** `ADDRESS#PORT` that it asks, for messages. */
  readonly server?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program of the system to its end, in its own words without translation.
 *
 * @throws {DnsFailedError} `not-installed`; `server-unreachable` when it hung or was told to stop
 */
export function runTool(
  program: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolRun> {
  const { input = "", env = {}, timeoutMs = LONGEST_MS, signal, server } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(interrupted(program, server));
    const child = spawn(program, args, { env: { ...process.env, LC_ALL: "C", ...env } });
    const output = collect(child);
    let ended = false;
    const end = () => {
      ended = true;
      child.kill("SIGKILL");
    };
    const timer = setTimeout(end, timeoutMs);
    signal?.addEventListener("abort", end, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
    };
    child.once("error", (cause) => {
      settle();
      reject(startFault(program, cause));
    });
    child.once("close", (status) => {
      settle();
      if (ended) reject(interrupted(program, server));
      else resolve({ status, ...output });
    });
    child.stdin.end(input);
  });
}

function collect(child: ChildProcessWithoutNullStreams) {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      if (output[name].length < MOST_CHARACTERS) output[name] += text;
    });
  }
  // A program that ends early closes its input before all is written.
  child.stdin.on("error", () => undefined);
  return output;
}

function interrupted(program: string, server: string | undefined): DnsFailedError {
  const which = server === undefined ? "" : ` ${server}`;
  return new DnsFailedError(
    "server-unreachable",
    `The name server${which} did not answer in time (${program}). Check the network and the server.`,
  );
}

function startFault(program: string, cause: Error): DnsFailedError {
  const { code } = cause as NodeJS.ErrnoException;
  const message =
    code === "ENOENT"
      ? `The program ${program} is missing: install the package bind9-dnsutils.`
      : `The program ${program} cannot be run (${code ?? cause.message}).`;
  return new DnsFailedError("not-installed", message, { cause });
}
