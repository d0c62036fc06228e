import { spawnSync } from "node:child_process";

export interface ToolRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; undefined if this machine does not have it. */
export function runTool(
  program: string,
  args: readonly string[],
  input?: string,
): ToolRun | undefined {
  const run = spawnSync(program, args, {
    encoding: "utf8",
    ...(input === undefined ? {} : { input }),
  });
  if (run.error !== undefined && "code" in run.error && run.error.code === "ENOENT")
    return undefined;
  if (run.error !== undefined) throw run.error;
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}
