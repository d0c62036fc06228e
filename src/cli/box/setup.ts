import { basename } from "node:path";
import { Command } from "commander";
import type { SetupResult } from "../../compose-setup.ts";
import { KmsError } from "../../domain/errors.ts";
import { fileFault } from "../support/files.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { UsageError } from "../support/run-program.ts";

interface SetupFlags {
  readonly check?: string;
  readonly boot?: string;
  readonly root: string;
  readonly json?: boolean;
}

/** `kms-box setup`: what `kms-box.json` on the boot partition says is done. */
export function setupCommand(): Command {
  return new Command("setup")
    .description("apply kms-box.json of the boot partition to this machine")
    .option("--check <file>", "only say whether this file is right; on any machine")
    .option("--boot <dir>", "the boot partition (default: /boot/firmware or /boot)")
    .option("--root <dir>", "the system to set up", "/")
    .option("--json", "answer as JSON, errors too")
    .addHelpText("after", HELP)
    .action(setup);
}

const HELP = `
Runs by itself at every start of a box, before the network; needs root. A file that was applied is
not applied again until it or its licence changes. A file that is wrong changes nothing: what is wrong
stands in kms-box-errors.txt beside it, and the front panel says so.

Exit status: 0 applied, unchanged, or there is no such file; 1 this system cannot be set up; 2 wrong
usage, or the file is wrong.

Examples:
  kms-box setup --check kms-box.json
  sudo kms-box setup
  sudo kms-box setup --boot /mnt/boot --root /mnt/root`;

/** The file that is to be checked is not there. */
class SetupFileMissingError extends KmsError {
  readonly code = "setup-file-missing";
}

async function setup(flags: SetupFlags): Promise<void> {
  if (flags.check !== undefined) return check(flags.check, flags.json ?? false);
  if (flags.root === "/" && process.getuid?.() !== 0) {
    throw new UsageError('Setting up this machine needs root: "sudo kms-box setup".');
  }
  const { runSetup } = await import("../../compose-setup.ts");
  const result = await runSetup(flags);
  if (flags.json) printJson(result);
  else print(...resultLines(result));
}

async function check(file: string, json: boolean): Promise<void> {
  const { findSetup } = await import("../../compose-setup-check.ts");
  const found = await findSetup(file).catch((error: unknown) => {
    throw error instanceof KmsError ? error : fileFault(`Cannot read ${file}`, error);
  });
  if (!found) throw new SetupFileMissingError(`There is no file ${file}.`);
  if (json) printJson({ state: "valid", file });
  else print(`${basename(file)} is right. Whether it fits a box shows when that starts with it.`);
}

function resultLines({ state, file, changed, removed, taken, untold }: SetupResult): string[] {
  if (state === "absent") return ["There is no kms-box.json on the boot partition: nothing to do."];
  if (state === "unchanged") return [`${file} was applied before and is unchanged.`];
  return [
    `Applied ${file}.`,
    ...changed.map((path) => `  wrote    ${path}`),
    ...removed.map((path) => `  removed  ${path}`),
    ...(taken ? ["Its secrets were taken, and removed from it."] : []),
    ...untold.map((command) => `This failed, and takes effect at the next start: ${command}`),
    ...(changed.length + removed.length > 0 ? [NEXT] : []),
  ];
}

const NEXT =
  "At a start of the machine all of this is in effect. On one that runs, start the box again by " +
  '"systemctl restart kms-box", and take a new address by "nmcli connection up kms-box".';
