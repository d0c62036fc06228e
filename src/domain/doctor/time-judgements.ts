import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../units.ts";
import { type Judgement, ok, skipped, warning, wrong } from "./finding.ts";

/** How a clock that is off begins to be worth a look. */
const NOTICEABLE_MS = MINUTE_MS;

/** What a time server says; `aheadMs` is how far this machine's clock is ahead of it. */
export interface TimeServerFact {
  readonly server: string;
  /** Null if it did not answer. */
  readonly aheadMs: number | null;
}

export function judgeTrust(clock: {
  readonly trusted: boolean;
  readonly detail: string;
}): Judgement {
  if (clock.trusted) return ok(`The clock is right: ${clock.detail}.`);
  return wrong(
    `The box does not know the time and activates nobody: ${clock.detail.replace(/\.$/, "")}.`,
    "Connect a time server (NTP), or set the clock.",
  );
}

/**
 * Judges this machine's clock by time servers (RFC 5905).
 *
 * @param skewMs how far a client's clock may be off before it is refused
 */
export function judgeTimeServers(servers: readonly TimeServerFact[], skewMs: number): Judgement {
  if (servers.length === 0) return skipped("No time server is set.");
  const heard = servers.find(({ aheadMs }) => aheadMs !== null);
  if (heard?.aheadMs === undefined || heard.aheadMs === null) {
    return skipped("No time server was reached, as is usual on a closed network.");
  }
  return judgeOffset(heard.aheadMs, `the time server ${heard.server}`, skewMs);
}

/**
 * @param aheadMs how far this machine's clock is ahead of the other
 * @param other whose clock, in words
 */
export function judgeOffset(aheadMs: number, other: string, skewMs: number): Judgement {
  const size = Math.abs(aheadMs);
  const side = aheadMs > 0 ? "ahead of" : "behind";
  const evidence = `This machine's clock is ${lengthText(size)} ${side} ${other}`;
  if (size > skewMs) {
    return wrong(
      `${evidence}; more than ${lengthText(skewMs)} is refused.`,
      "Set the clock of the machine that is wrong, and connect both to one time server.",
    );
  }
  if (size > NOTICEABLE_MS) return warning(`${evidence}.`, "Let both set their clocks by NTP.");
  return ok(`The clock agrees with ${other} to ${lengthText(Math.max(size, SECOND_MS))}.`);
}

function lengthText(ms: number): string {
  if (ms < 2 * MINUTE_MS) return `${Math.ceil(ms / SECOND_MS)} s`;
  return ms < 2 * HOUR_MS ? `${Math.round(ms / MINUTE_MS)} min` : `${Math.round(ms / HOUR_MS)} h`;
}
