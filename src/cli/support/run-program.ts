import { type Command, CommanderError } from "commander";
import { KmsError } from "../../domain/errors.ts";
import { printError } from "./output.ts";

/** Exit statuses that every program of this package shares. */
export const EXIT = Object.freeze({ ok: 0, failure: 1, usage: 2, attention: 3 });

/** The command line is wrong in a way that the parser cannot see. */
export class UsageError extends KmsError {
  readonly code = "usage";
}

/** Named by code: loading the configuration's schema would make every program wait. */
const USAGE_CODES = ["settings-invalid", "usage", "config-invalid"];

/**
 * Parses the arguments and runs the command. Every error ends as one sentence and an exit status,
 * never as a stack trace: wrong usage or configuration as 2, others by their `code` in `statuses`,
 * else 1. With `--json` it is `{"error": {"code", "message"}}` on standard output.
 *
 * @param build adds the commands.
 */
export async function runProgram(
  program: Command,
  build: (program: Command) => void,
  statuses: Readonly<Record<string, number>> = {},
  argv: readonly string[] = process.argv,
): Promise<void> {
  leaveQuietlyWhenNobodyReads();
  build(program);
  prepare(program, program.name());
  const json = argv.includes("--json");
  const onIdle = () => tellUnanswered(json);
  process.once("beforeExit", onIdle);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error, json, statuses);
  } finally {
    process.off("beforeExit", onIdle);
  }
}

/** Node ends without a word when nothing is left that could settle what a command waits for. */
function tellUnanswered(json: boolean): void {
  const message = "The program came to an end without an answer: report this as a defect of it.";
  printError("internal-error", message, json);
  process.exit(EXIT.failure);
}

/**
 * Commands that were made apart and added do not inherit these settings.
 *
 * @param name as it is typed, such as `kms-box dns key`
 */
function prepare(command: Command, name: string): void {
  command.configureOutput({ outputError: () => {} }).exitOverride((error) => {
    if (error.exitCode === 0) throw error;
    // The help has just been shown.
    if (error.code === "commander.help") throw new UsageError("Name a command.");
    throw new UsageError(`${faultOf(error.message)}: see ${name} --help.`);
  });
  for (const below of command.commands) prepare(below, `${name} ${below.name()}`);
}

/** In one line, as what may have been meant stands on another. */
function faultOf(message: string): string {
  return message.replace(/^error: /, "").replace("\n", " ");
}

function report(error: unknown, json: boolean, statuses: Readonly<Record<string, number>>): number {
  // The parser ends by an error also after it has shown a help or version text.
  if (error instanceof CommanderError) return EXIT.ok;
  if (error instanceof KmsError) {
    printError(error.code, error.message, json);
    return statuses[error.code] ?? (USAGE_CODES.includes(error.code) ? EXIT.usage : EXIT.failure);
  }
  const { code, message } = error as NodeJS.ErrnoException;
  printError(code ?? "internal-error", message ?? String(error), json);
  return EXIT.failure;
}

function leaveQuietlyWhenNobodyReads(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? EXIT.ok);
    throw error;
  });
}
