import type { Screen } from "../screen.ts";
import { HOLD_TITLES, secondsLeft } from "../wording.ts";
import { drawNotice } from "./notice.ts";
import type { PageContext } from "./page-context.ts";

type Holding = Extract<Screen, { kind: "holding" }>;

/** What letting go does now, and how soon it does something else. */
export function drawHoldingScreen(context: PageContext, screen: Holding): void {
  const { heldMs, action, next, nextInMs } = screen;
  const ends = action === "nothing" && next === "nothing";
  drawNotice(context, {
    title: HOLD_TITLES[action],
    nextStep: ends ? "let go" : `in ${secondsLeft(nextInMs)} s: ${HOLD_TITLES[next].toLowerCase()}`,
    bar: heldMs / (heldMs + nextInMs),
  });
}
