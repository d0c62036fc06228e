import { MINUTE_MS, SECOND_MS } from "./units.ts";

const FIRST_RETRY_MS = 10 * SECOND_MS;
const LONGEST_RETRY_MS = 15 * MINUTE_MS;
/** So much earlier at most, so that many boxes do not come back in step. */
const JITTER = 0.2;

/**
 * How long to wait after a failure: 10 s, doubling to 15 min.
 *
 * @param failures how many came before without a success in between
 * @param random in [0, 1)
 */
export function retryDelayMs(failures: number, random: number): number {
  const wholeMs = Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS);
  return Math.round(wholeMs * (1 - JITTER * random));
}
