import { SECOND_MS } from "../domain/units.ts";
import type { HoldAction } from "./screen.ts";

interface HoldTier {
  readonly action: HoldAction;
  readonly fromMs: number;
}

/** What letting go of the button does once it was held so long. */
const HOLD_TIERS: readonly HoldTier[] = [
  { action: "tap", fromMs: 0 },
  { action: "code", fromMs: 3 * SECOND_MS },
  { action: "restart", fromMs: 6 * SECOND_MS },
  { action: "reset", fromMs: 12 * SECOND_MS },
];

/** Held longer than this it is a button that is stuck, or that something lies on. */
export const STUCK_AFTER_MS = 20 * SECOND_MS;

/** What letting go does after `heldMs`. */
export function holdActionOf(heldMs: number): HoldAction {
  if (heldMs > STUCK_AFTER_MS) return "nothing";
  return HOLD_TIERS.findLast(({ fromMs }) => heldMs >= fromMs)?.action ?? "tap";
}

/** What letting go will do next if the button stays down, and when that begins. */
export function nextHoldTier(heldMs: number): HoldTier {
  return (
    HOLD_TIERS.find(({ fromMs }) => heldMs < fromMs) ?? {
      action: "nothing",
      fromMs: STUCK_AFTER_MS,
    }
  );
}
