import { execFile } from "node:child_process";
import { SECOND_MS } from "../../domain/units.ts";

/** All that is asked here is on the same machine. */
const LONGEST_MS = 5 * SECOND_MS;

export interface ProgramAnswer {
  /** Null if it could not be started, or was ended for taking too long. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the system. Never rejects. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<ProgramAnswer>;

/** In its own words, without translation. */
export const runSystemProgram: RunProgram = (program, args) =>
  new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: "C" };
    const options = { timeout: LONGEST_MS, maxBuffer: 64 * 1024, env } as const;
    execFile(program, [...args], options, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : null;
      resolve({ status, stdout, stderr });
    });
  });
