import type { Clock, Timers } from "../../ports/clock.ts";

/** How long one slice of work may hold up those who ask. */
const SLICE_MS = 4;
const PAUSE_MS = 1;

/** Does work that yields often, a few milliseconds at a time, so that requests are answered between. */
export async function inSlices<T>(
  work: Generator<void, T>,
  { clock, timers }: { readonly clock: Pick<Clock, "monotonicMs">; readonly timers: Timers },
): Promise<T> {
  for (;;) {
    const endMs = clock.monotonicMs() + SLICE_MS;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (clock.monotonicMs() < endMs);
    await new Promise<void>((resolve) => void timers.after(PAUSE_MS, resolve));
  }
}
