import { bytesText } from "../bytes-text.ts";
import { type LicenceBook, licenceValidity } from "../licence.ts";
import { DAY_MS, SECOND_MS } from "../units.ts";
import { type Judgement, ok, skipped, warning, wrong } from "./finding.ts";

/** How long before its end a licence wants attention. */
export const LICENCE_ENDING_MS = 30 * DAY_MS;
/** Compacting the state of 100 000 CMIDs needs a fraction of this. */
export const LEAST_FREE_BYTES = 100e6;

/** @param clockTrusted while it is not, nobody knows whether a licence is valid */
export function judgeLicence(book: LicenceBook, nowMs: number, clockTrusted: boolean): Judgement {
  if (book.licences.length === 0) {
    return wrong(
      "No licence is installed, so that nobody is activated.",
      "Send what `kms-box licence request` prints to the vendor, and install the answer.",
    );
  }
  if (!clockTrusted) return skipped("Whether a licence is valid is not known without a clock.");
  const isValid = book.licences.some(({ claims }) => licenceValidity(claims, nowMs) === "valid");
  if (!isValid) {
    return wrong(
      "No licence is valid now, so that nobody is activated.",
      "Ask the vendor for a new one, and install it: kms-box licence install FILE.",
    );
  }
  const ends = book.licences
    .filter((licence) => !book.isReplaced(licence))
    .map(({ claims }) => claims.exp * SECOND_MS - nowMs)
    .filter((leftMs) => leftMs > 0);
  const days = Math.ceil(Math.min(...ends) / DAY_MS);
  const evidence = `A licence ends in ${days} ${days === 1 ? "day" : "days"}.`;
  if (days * DAY_MS > LICENCE_ENDING_MS) return ok(evidence);
  return warning(evidence, "Ask the vendor for a new one.");
}

/**
 * @param failure why the state cannot be written; null if it can, undefined where nobody knows
 * @param freeBytes null where it is not known
 */
export function judgeStorage(
  failure: string | null | undefined,
  freeBytes: number | null,
): Judgement {
  if (typeof failure === "string") {
    return wrong(
      `The state cannot be written, so that nobody is activated: ${failure.replace(/\.$/, "")}.`,
      "Restart the box; if that does not help, replace the SD card.",
    );
  }
  if (freeBytes === null) {
    return failure === null
      ? ok("The state can be written.")
      : skipped("The state folder is not there.");
  }
  const evidence = `${bytesText(freeBytes)} are free where the state is kept.`;
  if (freeBytes >= LEAST_FREE_BYTES) return ok(evidence);
  return warning(evidence, "Free some space on the SD card, or take a bigger one.");
}
