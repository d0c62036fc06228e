import { type ClockVerdict, EARLIEST_MS } from "../domain/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../domain/units.ts";

/**
 * Why a clock is not relied on, and what to do, in two or three sentences.
 *
 * @param lacking what to tell where no source vouches for it
 */
export function describeVerdict(verdict: ClockVerdict, wallMs: number, lacking: string): string {
  switch (verdict.kind) {
    case "good":
      return "";
    case "unvouched":
      return lacking;
    case "behind":
      return behindText(wallMs, verdict.leastMs);
    case "ahead":
      return aheadText(wallMs, verdict);
  }
}

function behindText(wallMs: number, leastMs: number): string {
  const least = timeText(leastMs);
  const after = leastMs === EARLIEST_MS ? `it is after ${least}` : `it was ${least} before`;
  return `The clock says ${timeText(wallMs)}, but ${after}. Connect NTP or set the clock.`;
}

function aheadText(wallMs: number, { expectedMs, confirmedInMs }: Ahead): string {
  const clock = `The clock says ${timeText(wallMs)}`;
  const expected =
    expectedMs === null
      ? `${clock}, which is more than ten years after this program was made.`
      : `${clock}, ${lengthText(wallMs - expectedMs)} later than ${timeText(expectedMs)}, which ` +
        "this box knows of.";
  const word = "If it is right, type: kms-box clock trust --yes. If not, set it.";
  if (confirmedInMs === null) return `${expected} ${word}`;
  return `${expected} It is believed in ${lengthText(confirmedInMs)} if NTP stays with it. ${word}`;
}

type Ahead = Extract<ClockVerdict, { readonly kind: "ahead" }>;

/** UTC, as in `2030-01-31T14:05:09.000Z`. */
export function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function lengthText(ms: number): string {
  if (ms >= 2 * DAY_MS) return `${Math.floor(ms / DAY_MS)} days`;
  if (ms >= 2 * HOUR_MS) return `${Math.floor(ms / HOUR_MS)} hours`;
  return `${Math.ceil(ms / MINUTE_MS)} minutes`;
}
