import { type Command, CommanderError } from "commander";
import { KmsError } from "../../domain/errors.ts";
import { printError } from "./output.ts";

/** Exit statuses that every command of this package shares. */
export const EXIT = Object.freeze({ ok: 0, failure: 1, usage: 2 });

/** The command line is wrong in a way that the parser cannot see. */
export class UsageError extends KmsError {
  readonly code = "usage";
}

/**
 * Parses the arguments and runs the command. Every error ends as one sentence and an exit status,
 * never as a stack trace: the parser's and `usage` as 2, others by their `code` in `statuses`, else 1.
 *
 * @param build adds commands; called after error handling is set, which commands inherit.
 */
export async function runProgram(
  program: Command,
  build: (program: Command) => void,
  statuses: Readonly<Record<string, number>> = {},
  argv: readonly string[] = process.argv,
): Promise<void> {
  const json = argv.includes("--json");
  program.exitOverride().configureOutput({ outputError: () => {} });
  program.showHelpAfterError(false);
  build(program);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error, json, statuses);
  }
}

function report(error: unknown, json: boolean, statuses: Readonly<Record<string, number>>): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    // The help that commander prints where a command is missing is message enough.
    if (error.code !== "commander.help") {
      printError("usage", error.message.replace(/^error: /, ""), json);
    }
    return EXIT.usage;
  }
  if (error instanceof KmsError) {
    printError(error.code, error.message, json);
    return statuses[error.code] ?? (error.code === "usage" ? EXIT.usage : EXIT.failure);
  }
  const { code, message } = error as NodeJS.ErrnoException;
  printError(code ?? "internal-error", message ?? String(error), json);
  return EXIT.failure;
}
