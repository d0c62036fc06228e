import type { PanelCount, PanelFault } from "./facts.ts";
import { LAMPS, type Lamp, type LampLevels, type LampPattern, type LampPatterns } from "./lamps.ts";

/** How long the activity LED is lit for a contact of a client. */
const FLASH_MS = 60;
/** How long it is dark at least until the next flash, so that it still flickers under load. */
const DARK_MS = 40;

const PERIOD_MS: Readonly<Record<"slow" | "fast", number>> = { slow: 1000, fast: 250 };

/** What the LEDs tell of. */
export interface LampFacts {
  readonly serving: boolean;
  readonly counts: readonly PanelCount[];
  readonly faults: readonly Pick<PanelFault, "level">[];
  /** The button is held so long that letting go does something. */
  readonly armed: boolean;
  /** The display asks for the tap that begins a factory reset. */
  readonly confirmingReset: boolean;
  readonly ending: "restarting" | "resetting" | "powering-off" | "stopped" | null;
  /** Somebody wants to know which of several boxes this is. */
  readonly identify: boolean;
}

/**
 * The table of the front panel. Green is steady only if everything that is licensed activates: with
 * several products one below its threshold makes it blink slowly, and so does having no product at
 * all, which is a fault besides.
 */
export function patternsOf(facts: LampFacts): LampPatterns {
  if (facts.ending === "stopped") return allLamps("off");
  return { green: green(facts), yellow: yellow(facts), red: red(facts), activity: "off" };
}

function green({ serving, ending, counts }: LampFacts): LampPattern {
  if (!serving || ending === "restarting" || ending === "powering-off") return "fast";
  const activates = (count: PanelCount) => count.activationCount >= count.activationThreshold;
  return counts.length > 0 && counts.every(activates) ? "steady" : "slow";
}

function yellow({ armed, identify, faults }: LampFacts): LampPattern {
  if (armed) return "fast";
  if (identify) return "slow";
  return faults.some(({ level }) => level === "attention") ? "steady" : "off";
}

function red({ confirmingReset, ending, faults }: LampFacts): LampPattern {
  if (confirmingReset || ending === "resetting") return "fast";
  return faults.some(({ level }) => level === "fault") ? "steady" : "off";
}

/**
 * Which LEDs are lit at a moment. All that blink do so in step.
 *
 * @param atMs monotonic
 * @param activityUntilMs end of the activity LED's flash, see `flashUntilMs`
 */
export function levelsAt(
  patterns: LampPatterns,
  atMs: number,
  activityUntilMs: number,
): LampLevels {
  const lit = (lamp: Lamp) => isLit(patterns[lamp], atMs);
  return {
    green: lit("green"),
    yellow: lit("yellow"),
    red: lit("red"),
    activity: lit("activity") || atMs < activityUntilMs,
  };
}

/** When the levels may change next by themselves; null if they stay. */
export function nextLevelChangeMs(
  patterns: LampPatterns,
  atMs: number,
  activityUntilMs: number,
): number | null {
  const dues = LAMPS.flatMap((lamp) => {
    const pattern = patterns[lamp];
    return pattern === "slow" || pattern === "fast" ? [halfPeriodAfter(pattern, atMs)] : [];
  });
  if (atMs < activityUntilMs) dues.push(activityUntilMs);
  return dues.length > 0 ? Math.min(...dues) : null;
}

/**
 * The end of the activity LED's flash after a contact. One that comes during a flash, or too soon
 * after it, has no flash of its own.
 *
 * @param untilMs end of the flash before; -Infinity if there was none
 */
export function flashUntilMs(untilMs: number, contactMs: number): number {
  return contactMs >= untilMs + DARK_MS ? contactMs + FLASH_MS : untilMs;
}

function isLit(pattern: LampPattern, atMs: number): boolean {
  if (pattern === "slow" || pattern === "fast") {
    const periodMs = PERIOD_MS[pattern];
    return atMs % periodMs < periodMs / 2;
  }
  return pattern === "steady";
}

function halfPeriodAfter(pattern: "slow" | "fast", atMs: number): number {
  const halfMs = PERIOD_MS[pattern] / 2;
  return (Math.floor(atMs / halfMs) + 1) * halfMs;
}

function allLamps(pattern: LampPattern): LampPatterns {
  return { green: pattern, yellow: pattern, red: pattern, activity: pattern };
}
