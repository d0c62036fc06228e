import { bytesText } from "../bytes-text.ts";
import { type Judgement, ok, skipped, warning, wrong } from "../doctor/finding.ts";
import { DAY_MS, HOUR_MS } from "../units.ts";
import type { FlashWear } from "./flash-wear.ts";

/** The Pi slows itself down from 80 °C; a box in a closed cupboard gets there. */
export const HOT_CELSIUS = 80;
/** How long before its end a card wants attention. */
const CARD_ENDING_MS = 365 * DAY_MS;

/** A common card of 32 GB takes some 10 TB, which is three years of this. The box itself writes some MB. */
const ABSURD_DAILY_BYTES = 10e9;

const STATE_ENDURANCE =
  "Set flash.enduranceTerabytes to what its maker states, or try kms-box health --endurance 30.";
const FIND_WRITER =
  "Find the program that writes so much: the box writes some MB a day. Where the maker states that " +
  "the card takes it, set flash.enduranceTerabytes.";
const REPLACE = "Back the box up, and put in a new card.";

/** How fast the flash is used up, and how long it will last. */
export function judgeWear(wear: FlashWear): Judgement {
  const { sinceInstallDaily, sinceBootDaily, lifetimeBytes, enduranceBytes, leftMs } = wear;
  const pace = sinceInstallDaily ?? sinceBootDaily;
  if (pace === null && lifetimeBytes === null) {
    return skipped("How much is written is not known yet, or not to be known here.");
  }
  const written = [
    ...(pace === null ? [] : [`${bytesText(pace)} a day are written`]),
    ...(lifetimeBytes === null ? [] : [`${bytesText(lifetimeBytes)} were so far`]),
  ].join("; ");
  if (enduranceBytes === null) {
    return (pace ?? 0) >= ABSURD_DAILY_BYTES
      ? warning(`${written}. Few cards last long with that.`, FIND_WRITER)
      : skipped(`${written}; how long the card lasts cannot be told.`, STATE_ENDURANCE);
  }
  const stated = `${written}; ${bytesText(enduranceBytes)} are stated for it`;
  if ((lifetimeBytes ?? 0) >= enduranceBytes) return wrong(`${stated}.`, REPLACE);
  if (leftMs === null) return ok(`${stated}.`);
  const evidence = `${stated}, which is enough for ${spanText(leftMs)} more.`;
  return leftMs < CARD_ENDING_MS ? warning(evidence, REPLACE) : ok(evidence);
}

/**
 * @param errors how many the file system has found since it was last checked; null where unknown
 * @param readOnly whether it is mounted so that nothing can be written
 */
export function judgeFileSystem(errors: number | null, readOnly: boolean | null): Judgement {
  if (readOnly === true) {
    return wrong(
      "The file system of the state folder is mounted read-only, as after an error.",
      "Restart the machine, which checks it; if it stays so, replace the card.",
    );
  }
  if (errors === null) return skipped("The file system does not count its errors.");
  if (errors === 0) return ok("The file system has found no errors.");
  return wrong(
    `The file system has found ${errors} ${errors === 1 ? "error" : "errors"}.`,
    `Have it checked at the next start (fsck.mode=force). ${REPLACE}`,
  );
}

/**
 * @param low whether the supply voltage is too low now; null where it is not measured
 * @param agoMs how long ago it last was, since the service was started; null if it never was
 */
export function judgePower(low: boolean | null, agoMs: number | null): Judgement {
  if (low === null && agoMs === null) return skipped("This machine does not measure its supply.");
  const nextStep = "Use a better power supply and a short, thick cable; low voltage damages cards.";
  if (low) return wrong("The supply voltage is too low.", nextStep);
  if (agoMs === null) return ok("The supply voltage is good.");
  const hours = Math.ceil(agoMs / HOUR_MS);
  const ago = hours < 48 ? `${hours} h` : spanText(agoMs);
  return warning(`The supply voltage was too low within the last ${ago}.`, nextStep);
}

/** @param celsius null where the machine has no sensor */
export function judgeTemperature(celsius: number | null): Judgement {
  if (celsius === null) return skipped("This machine has no sensor of its temperature.");
  const evidence = `The processor has ${Math.round(celsius)} °C.`;
  if (celsius < HOT_CELSIUS) return ok(evidence);
  return warning(evidence, "It works more slowly: give it air, or a cooler place.");
}

/** Reasons after which somebody should look why, and where. */
const UNWANTED: Readonly<Record<string, string>> = {
  crash: "Look into the log: journalctl -u kms-box.",
  "crash or power cut": "Look into the log: journalctl -u kms-box.",
  watchdog: "Look into the log: journalctl -u kms-box.",
  "out of memory": "See what else runs on the machine: it has too little memory.",
  "power cut": "If nobody pulled the plug, look at the power supply.",
};

/** @param reason as the record of runs tells it */
export function judgeLastStart(reason: string): Judgement {
  const evidence = `The service was last started for this reason: ${reason}.`;
  const nextStep = UNWANTED[reason];
  return nextStep === undefined ? ok(evidence) : warning(evidence, nextStep);
}

function spanText(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  if (days >= 200 * 365) return "over 200 years";
  if (days >= 2 * 365) return `${Math.floor(days / 365)} years`;
  return `${days} ${days === 1 ? "day" : "days"}`;
}
