import { Command, Option } from "commander";
import { bytesText } from "../../domain/bytes-text.ts";
import { SECOND_MS } from "../../domain/units.ts";
import type { HealthAnswer } from "../../web/api/health-schemas.ts";
import { formatDuration } from "../support/dates.ts";
import { diagnosisLines, isColourful } from "../support/diagnosis.ts";
import { print } from "../support/lines.ts";
import { printJson } from "../support/output.ts";
import { EXIT } from "../support/run-program.ts";
import { fieldLines } from "../support/table.ts";
import { AdminClient } from "./admin-client.ts";
import { type BoxFlags, boxFolder, wholeNumber, withBox } from "./options.ts";

interface HealthFlags extends BoxFlags {
  readonly endurance?: number;
}

/** `kms-box health`: how the machine is, above all its flash. */
export function healthCommand(): Command {
  return withBox(new Command("health"))
    .description("show how the machine is: flash, power supply, temperature, last start")
    .addOption(
      new Option("--endurance <TB>", "what the card's maker states that it takes").argParser(
        wholeNumber("--endurance", 1, 1_000_000),
      ),
    )
    .addHelpText("after", HELP)
    .action(async (flags: HealthFlags) => {
      const answer = await new AdminClient(await boxFolder(flags)).health(flags.endurance);
      if (flags.json) printJson(answer);
      else print(...healthLines(answer, isColourful()));
      process.exitCode = answer.result === "wrong" ? EXIT.failure : EXIT.ok;
    });
}

const HELP = `
How much is written is what the kernel counts for the device and the file system of the state folder. With
the endurance that the maker states, here or as flash.enduranceTerabytes in the configuration, it is
projected how long the card lasts.

Exit status: 0 nothing is wrong, 1 something is, or no box runs there, 2 wrong usage or configuration.

Examples:
  kms-box health
  kms-box health --endurance 30
  kms-box health --json`;

/** For a person: the figures of the flash, and what is found. */
export function healthLines(answer: HealthAnswer, colour = false): string[] {
  return [...fieldLines(flashFields(answer)), "", ...diagnosisLines(answer, colour)];
}

function flashFields({ flash, uptimeSeconds }: HealthAnswer): [string, string][] {
  const { device, fileSystem, leftDays, enduranceBytes } = flash;
  const place = device === null ? "unknown" : `${device}, file system ${fileSystem}`;
  return [
    ["Device", place],
    ["Up for", formatDuration(uptimeSeconds * SECOND_MS)],
    ["Written since start", paced(flash.sinceBootBytes, flash.sinceBootBytesPerDay)],
    ["Written since install", paced(flash.sinceInstallBytes, flash.sinceInstallBytesPerDay)],
    ["Written in all", amount(flash.lifetimeBytes)],
    ["Endurance", enduranceBytes === null ? "not stated" : bytesText(enduranceBytes)],
    ...(leftDays === null ? [] : [["Lasts for", `${leftDays} days`] as [string, string]]),
  ];
}

function amount(bytes: number | null): string {
  return bytes === null ? "unknown" : bytesText(bytes);
}

function paced(bytes: number | null, daily: number | null): string {
  return daily === null ? amount(bytes) : `${amount(bytes)}, ${bytesText(daily)} a day`;
}
