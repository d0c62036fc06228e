import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { MINUTE_MS } from "../../domain/units.ts";
import {
  BackupBusyError,
  type BackupContents,
  BackupRefusedError,
  type BackupWorker,
  type RecordedRestore,
} from "../../ports/backup.ts";
import { Check, Type } from "../../protocol/typebox.ts";

/** A million clients take some minutes on a Raspberry Pi. */
const LONGEST_MS = 15 * MINUTE_MS;
/** When memory is short this process goes, and not the box. */
const OOM_SCORE = "500";
const LONGEST_ERROR = 2000;

const Refused = Type.Object({
  error: Type.Object({ code: Type.String(), message: Type.String() }),
});

export interface BackupProgramOptions {
  /** The program `kms-box` itself. */
  readonly program: string;
  /** State folder. */
  readonly data: string;
  /** Configuration file, if there is one. */
  readonly config: string | undefined;
}

/**
 * `kms-box backup` in a process of its own: deriving a key from a passphrase takes 128 MiB and
 * seconds, which the service has not. The passphrase goes through a pipe.
 */
export class BackupProgram implements BackupWorker {
  readonly #options: BackupProgramOptions;
  #busy = false;

  constructor(options: BackupProgramOptions) {
    this.#options = options;
  }

  async make(passphrase: string): Promise<AsyncIterable<Uint8Array>> {
    const { config } = this.#options;
    const place = config === undefined ? [] : ["--config", config];
    const output = this.#output(["create", "-", ...place, ...this.#data], passphrase);
    const first = await output.next();
    return joined(first.done ? [] : [first.value], output);
  }

  async inspect(path: string, passphrase: string): Promise<BackupContents> {
    return (await this.#askOf(path, ["inspect", path], passphrase)) as BackupContents;
  }

  async record(path: string, passphrase: string, generation: number): Promise<RecordedRestore> {
    const args = ["record", path, "--own-generation", String(generation), ...this.#data];
    return (await this.#askOf(path, args, passphrase)) as RecordedRestore;
  }

  get #data(): string[] {
    return ["--data", this.#options.data];
  }

  /** As `#ask`. Whoever sent the file knows it by another name than the one that it has here. */
  async #askOf(path: string, args: readonly string[], passphrase: string): Promise<unknown> {
    try {
      return await this.#ask(args, passphrase);
    } catch (error) {
      if (!(error instanceof BackupRefusedError)) throw error;
      const { code, message } = error;
      const words = message.startsWith(path) ? `The file${message.slice(path.length)}` : message;
      throw new BackupRefusedError(code, words.replaceAll(path, "the file"));
    }
  }

  /** What a command answers as JSON; it is of the same version, so that its answers are known. */
  async #ask(args: readonly string[], passphrase: string): Promise<unknown> {
    const { child, finish } = this.#start([...args, "--json"], passphrase);
    try {
      const answer: unknown = JSON.parse((await text(child.stdout)) || "{}");
      await finish(answer);
      return answer;
    } finally {
      this.#release(child);
    }
  }

  async *#output(args: readonly string[], passphrase: string): AsyncGenerator<Uint8Array, void> {
    const { child, finish } = this.#start(args, passphrase);
    try {
      for await (const chunk of child.stdout) yield chunk as Uint8Array;
      await finish(undefined);
    } finally {
      this.#release(child);
    }
  }

  #start(args: readonly string[], passphrase: string) {
    if (this.#busy) {
      throw new BackupBusyError("A backup is being made or read already. Try again afterwards.");
    }
    this.#busy = true;
    const argv = [this.#options.program, "backup", ...args];
    const child = spawn(process.execPath, argv, { timeout: LONGEST_MS });
    const closed = once(child, "close");
    const complaint = text(child.stderr);
    // Whoever ends early does not read its input.
    child.stdin.on("error", () => undefined);
    child.stdin.end(`${passphrase}\n`);
    void writeFile(`/proc/${child.pid}/oom_score_adj`, OOM_SCORE).catch(() => undefined);
    const finish = async (answer: unknown) => {
      await closed;
      if (child.exitCode !== 0) throw refusal(answer, await complaint);
    };
    return { child, finish };
  }

  #release(child: ChildProcessWithoutNullStreams): void {
    if (child.exitCode === null) child.kill("SIGKILL");
    this.#busy = false;
  }
}

async function* joined(
  first: readonly Uint8Array[],
  rest: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* first;
    yield* rest;
  } finally {
    await rest.return();
  }
}

function refusal(answer: unknown, complaint: string): BackupRefusedError {
  if (Check(Refused, answer)) {
    return new BackupRefusedError(answer.error.code, answer.error.message);
  }
  const said = complaint
    .trim()
    .replace(/^Error: /, "")
    .slice(0, LONGEST_ERROR);
  return new BackupRefusedError(
    "backup-failed",
    said === ""
      ? "The process that handles the backup was ended: there may be too little memory."
      : said,
  );
}
