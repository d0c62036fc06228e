import { SECOND_MS } from "../../domain/units.ts";
import type { Framebuffer } from "../../panel/framebuffer.ts";
import type { Timers } from "../../ports/clock.ts";
import type { Display, PartCondition } from "../../ports/panel.ts";

/** A bus that is stuck fails after 2 s. */
const LONGEST_MS = 3 * SECOND_MS;

const TOO_SLOW: PartCondition = {
  state: "absent",
  code: "no-answer",
  reason: "the display does not answer.",
};

/** Shows one picture, which stays, and lets go of the display; absent is what it is told by then. */
export async function showOnce(
  display: Display,
  picture: Framebuffer,
  timers: Timers,
): Promise<PartCondition> {
  let cancel: () => void = () => undefined;
  const found = new Promise<PartCondition>((resolve) => {
    cancel = timers.after(LONGEST_MS, () => resolve(TOO_SLOW));
    void display.start(resolve);
  });
  display.show(picture, "full");
  const condition = await found;
  cancel();
  await display.stop();
  return condition;
}
