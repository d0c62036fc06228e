import { RELEASE_ICON } from "../drawing/large-icons.ts";
import type { Screen } from "../screen.ts";
import { HOLD_TITLES, holdingNext, LET_GO } from "../wording.ts";
import { drawNotice } from "./notice.ts";
import type { PageContext } from "./page-context.ts";

type Holding = Extract<Screen, { kind: "holding" }>;

/** What letting go does now, and how soon it does something else. */
export function drawHoldingScreen(context: PageContext, screen: Holding): void {
  const { heldMs, action, nextInMs } = screen;
  drawNotice(context, {
    ...HOLD_TITLES[action],
    caption: LET_GO,
    nextStep: holdingNext(screen),
    icon: RELEASE_ICON,
    bar: heldMs / (heldMs + nextInMs),
  });
}
