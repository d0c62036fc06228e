import { type Command, CommanderError } from "commander";
import { ConfigInvalidError } from "../../config/config.ts";
import { KmsError } from "../../domain/errors.ts";
import { EXIT, UsageError } from "./errors.ts";
import { printJson, remark } from "./output.ts";

/** What went wrong, as it is told. */
interface Fault {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** Where in the program; only for what the program did not foresee. */
  readonly stack?: string;
}

/**
 * Runs a command line and sets the exit status: 0 done, 1 failed, 2 wrong usage or configuration;
 * a command may set another one itself.
 *
 * An error is one message without a stack on standard error; with `--json` it is
 * `{"error": {"code", "message"}}` on standard output, where a script reads the answer.
 */
export async function runProgram(program: Command, argv = process.argv): Promise<void> {
  leaveQuietlyWhenNobodyReads();
  prepare(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    const fault = faultOf(error);
    if (fault.status !== EXIT.ok) tell(program.name(), fault, argv.includes("--json"));
    process.exitCode = fault.status;
  }
}

/** Sub-commands that were added do not inherit these settings. */
function prepare(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => undefined });
  for (const below of command.commands) prepare(below);
}

function faultOf(error: unknown): Fault {
  if (error instanceof CommanderError) return usageFault(error);
  if (error instanceof ConfigInvalidError || error instanceof UsageError) {
    return { code: error.code, message: error.message, status: EXIT.usage };
  }
  if (error instanceof KmsError) {
    return { code: error.code, message: error.message, status: EXIT.failed };
  }
  const { code, message, stack = "" } = asError(error);
  return typeof code === "string" && code.startsWith("E")
    ? { code, message, status: EXIT.failed }
    : { code: "internal-error", message, stack, status: EXIT.failed };
}

/** Commander ends by an error also after it has shown a help or version text. */
function usageFault({ code, message, exitCode }: CommanderError): Fault {
  const status = exitCode === 0 ? EXIT.ok : EXIT.usage;
  const shown = code === "commander.help";
  return {
    code: "usage",
    message: shown ? "Name a command." : message.replace(/^error: /, ""),
    status,
  };
}

function asError(error: unknown): NodeJS.ErrnoException {
  return error instanceof Error ? error : new Error(String(error));
}

function tell(name: string, { code, message, stack }: Fault, json: boolean): void {
  if (json) printJson({ error: { code, message } });
  else remark(`${name}: ${message}`);
  if (stack) remark(stack);
}

function leaveQuietlyWhenNobodyReads(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(EXIT.ok);
    throw error;
  });
}
