import { DAY_MS, HOUR_MS, SECOND_MS } from "../units.ts";
import type { Alert } from "./alert.ts";

/** An alert, and which targets have not got it yet. */
export interface QueuedAlert {
  readonly alert: Alert;
  /** Their ids. */
  readonly owed: readonly string[];
}

/** Oldest first. */
export type DeliveryQueue = readonly QueuedAlert[];

/** A bound on flash and memory: more than a box has to tell in the three days for which it tries. */
export const MOST_QUEUED = 100;
/** After this long an alert is no news. */
export const GIVE_UP_MS = 3 * DAY_MS;

const FIRST_RETRY_MS = 10 * SECOND_MS;
const LONGEST_RETRY_MS = HOUR_MS;

/** Adds alerts that somebody is to get; the oldest make room for them. */
export function enqueue(
  queue: DeliveryQueue,
  added: DeliveryQueue,
): { readonly queue: DeliveryQueue; readonly dropped: DeliveryQueue } {
  const all = [...queue, ...added.filter(({ owed }) => owed.length > 0)];
  const over = Math.max(0, all.length - MOST_QUEUED);
  return { queue: all.slice(over), dropped: all.slice(0, over) };
}

/** A target got these, or will not get them any more. */
export function settle(
  queue: DeliveryQueue,
  target: string,
  ids: readonly string[],
): DeliveryQueue {
  return queue.flatMap((each) => {
    if (!ids.includes(each.alert.id)) return each;
    const owed = each.owed.filter((id) => id !== target);
    return owed.length === 0 ? [] : { ...each, owed };
  });
}

/** What is left for the targets that there are; a restart may have come with another configuration. */
export function forTargets(queue: DeliveryQueue, targets: readonly string[]): DeliveryQueue {
  return queue.flatMap((each) => {
    const owed = each.owed.filter((id) => targets.includes(id));
    return owed.length === 0 ? [] : { ...each, owed };
  });
}

/** Takes out what was tried for so long that it is no news any more. */
export function giveUp(
  queue: DeliveryQueue,
  nowMs: number,
): { readonly queue: DeliveryQueue; readonly dropped: DeliveryQueue } {
  const isOld = ({ alert }: QueuedAlert) => nowMs - alert.atMs >= GIVE_UP_MS;
  return { queue: queue.filter((each) => !isOld(each)), dropped: queue.filter(isOld) };
}

/** What a target is owed, oldest first. */
export function owedTo(queue: DeliveryQueue, target: string): Alert[] {
  return queue.filter(({ owed }) => owed.includes(target)).map(({ alert }) => alert);
}

/**
 * How long to wait after a failure: 10 s, doubling to 1 h.
 *
 * @param failures how many came one after the other, this one included
 */
export function alertRetryMs(failures: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
}
