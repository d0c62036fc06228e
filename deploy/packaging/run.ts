import { spawn } from "node:child_process";
import { PackagingError } from "./architectures.ts";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Called with each line the program writes for a person, while it works. */
  readonly onLine?: (line: string) => void;
}

const KEPT_LINES = 20;

/**
 * Runs a program and returns what it wrote to standard output.
 *
 * @throws {PackagingError} it is not there or failed; the message has the last lines it wrote
 */
export function run(
  program: string,
  args: readonly string[],
  { cwd, env, onLine }: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const told: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      for (const line of text.split("\n").filter((found) => found !== "")) {
        told.push(line);
        onLine?.(line);
      }
    });
    child.on("error", (cause) => {
      reject(
        new PackagingError(`${program} could not be started: ${cause.message}.`, "failure", {
          cause,
        }),
      );
    });
    child.on("close", (status) => {
      if (status === 0) return resolve(output);
      const last = [...output.split("\n"), ...told].slice(-KEPT_LINES).join("\n");
      reject(new PackagingError(`${program} ${args[0] ?? ""} ended with ${status}:\n${last}`));
    });
  });
}
