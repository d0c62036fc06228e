import type { Framebuffer } from "../../panel/framebuffer.ts";
import type { PanelState } from "../../panel/panel-state.ts";
import { viewOf } from "../../panel/panel-view.ts";
import type { Screen } from "../../panel/screen.ts";

/** When a text that is too long has begun to move. */
const SCROLLED_MS = 1500;

/** Whether the page shown has a text that moves: found out once each time a page is turned to. */
export class Scrolling {
  #turn = "";
  #found = false;

  isFoundIn(state: PanelState, draw: (screen: Screen) => Framebuffer): boolean {
    const { screen, brightness } = viewOf(state);
    if (screen.kind !== "page" || brightness === "off") return false;
    const turn = `${state.position} ${state.pageSinceMs}`;
    if (this.#turn !== turn) {
      const atRest = draw({ ...screen, sinceMs: 0 });
      this.#turn = turn;
      this.#found = !atRest.equals(draw({ ...screen, sinceMs: SCROLLED_MS }));
    }
    return this.#found;
  }
}
