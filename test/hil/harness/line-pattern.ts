import type { LineEvent } from "./smbus-trace.ts";

/** What an LED does, as section 8 of the design names it. */
export type Pattern = "off" | "steady" | "slow blink" | "fast blink" | "irregular";

/** Half periods: 500 ms and 125 ms, with the lateness of a busy, emulated machine. */
const SLOW = { leastMs: 350, mostMs: 750 };
const FAST = { leastMs: 60, mostMs: 240 };

/** The levels of one line over time, from the changes that the kernel told of. */
export class LineHistory {
  readonly #changes: { readonly atMs: number; readonly level: 0 | 1 }[] = [];

  /** Writes that change nothing are left out. */
  record({ atMs, level }: LineEvent): void {
    if (this.levelAt(atMs) !== level) this.#changes.push({ atMs, level });
  }

  /** A line is low until it is first driven. */
  levelAt(atMs: number): 0 | 1 {
    return this.#changes.findLast((change) => change.atMs <= atMs)?.level ?? 0;
  }

  /** Lengths of the times of one level that lie wholly between two moments. */
  stretchesMs(fromMs: number, toMs: number): number[] {
    const times = this.#changes.map(({ atMs }) => atMs).filter((at) => at > fromMs && at <= toMs);
    return times.slice(1).map((at, index) => at - (times[index] ?? at));
  }

  /** Lengths of the times for which it was high that begin and end between two moments. */
  pulsesMs(fromMs: number, toMs: number): number[] {
    const changes = this.#changes.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
    return changes.flatMap(({ atMs, level }, index) => {
      const next = changes[index + 1];
      return level === 1 && next ? [next.atMs - atMs] : [];
    });
  }

  pattern(fromMs: number, toMs: number): Pattern {
    const changed = this.#changes.some(({ atMs }) => atMs > fromMs && atMs <= toMs);
    if (!changed) return this.levelAt(toMs) === 1 ? "steady" : "off";
    const stretches = this.stretchesMs(fromMs, toMs);
    const blinks = (["slow blink", "fast blink"] as const).find((name) =>
      isBlink(stretches, toMs - fromMs, name === "slow blink" ? SLOW : FAST),
    );
    return blinks ?? "irregular";
  }
}

/**
 * Whether most stretches have the length of a blink, and there are as many as there must be. A few may
 * be off: the emulator stops for a while now and then.
 */
function isBlink(
  stretches: readonly number[],
  windowMs: number,
  { leastMs, mostMs }: typeof SLOW,
): boolean {
  const good = stretches.filter((ms) => ms >= leastMs && ms <= mostMs).length;
  return good >= 0.75 * stretches.length && good >= (0.6 * windowMs) / mostMs - 1 && good >= 2;
}
