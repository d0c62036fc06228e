import type { Command } from "commander";
import { DEFAULT_DATA } from "../../config/defaults.ts";
import type { Config } from "../../config/schema.ts";
import { UsageError } from "../support/run-program.ts";

/** Options of every command that speaks to a box. */
export interface BoxFlags {
  readonly data?: string;
  readonly config?: string;
  readonly json?: boolean;
}

export interface WatchFlags extends BoxFlags {
  readonly watch?: boolean;
}

export function withBox(command: Command): Command {
  return command
    .option("--data <dir>", "state folder of the box (default: kms-box-data)")
    .option("--config <file>", "configuration as JSON")
    .option("--json", "answer as JSON, errors too");
}

export function withWatch(command: Command): Command {
  return withBox(command).option("--watch", "go on showing it until Ctrl-C");
}

/**
 * The state folder that is meant; `KMS_BOX_DATA` and `KMS_BOX_CONFIG` count too. Checking a
 * configuration takes far longer than all else that these commands do, so that only a file is.
 *
 * @throws {ConfigInvalidError}
 */
export async function boxFolder(flags: BoxFlags, env = process.env): Promise<string> {
  const data = flags.data ?? env.KMS_BOX_DATA ?? DEFAULT_DATA;
  const hasFile = (flags.config ?? env.KMS_BOX_CONFIG) !== undefined;
  return hasFile || data === "" ? (await boxConfig(flags, env)).data : data;
}

/** @throws {ConfigInvalidError} */
export async function boxConfig({ data, config }: BoxFlags, env = process.env): Promise<Config> {
  const { loadConfig } = await import("../../config/load.ts");
  return loadConfig({ data, config }, env);
}

/** A parser for an option that takes a whole number. */
export function wholeNumber(option: string, least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value;
    throw new UsageError(
      `${option} must be a whole number from ${least} to ${most}, not "${text}".`,
    );
  };
}
