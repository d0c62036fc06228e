import { SECOND_MS } from "../domain/units.ts";
import { type ButtonState, UNKNOWN_BUTTON } from "./button.ts";
import { holdActionOf } from "./hold-tiers.ts";
import type { LampFacts } from "./lamp-patterns.ts";
import type { PanelPage } from "./panel-pages.ts";
import type { Brightness } from "./screen.ts";

/** How long the pages stay put after a tap. */
const RESUME_AFTER_MS = 60 * SECOND_MS;
/** The same while there is a fault, which is what matters then. */
const FAULT_AGAIN_AFTER_MS = 30 * SECOND_MS;

export interface PanelOptions {
  /** How long a page stays until the next one. */
  readonly pageMs: number;
  /** 0 is never. */
  readonly dimAfterMs: number;
  /** 0 is never. */
  readonly offAfterMs: number;
}

/** What stands in front of the pages for a while. */
export type Overlay =
  | { readonly kind: "code"; readonly code: string; readonly untilMs: number }
  | {
      readonly kind: "message";
      readonly title: string;
      readonly detail: string;
      readonly untilMs: number;
    }
  /** Questions to the button: whether to reset, and whether to switch off instead of restarting. */
  | {
      readonly kind: "confirm-reset" | "restart-offer";
      readonly sinceMs: number;
      readonly untilMs: number;
    };

/** What the press under way is for; settled when it begins, by what the display shows then. */
export interface PanelPress {
  readonly tap: "turn" | "dismiss" | "reset" | "power-off" | "nothing";
  /** Whether it counts down to the actions of a long press. */
  readonly holds: boolean;
  /** In whole seconds. */
  readonly heldMs: number;
}

export type Ending = "restarting" | "resetting" | "powering-off" | "stopped";

/** Times are monotonic and whole milliseconds. */
export interface PanelState {
  readonly options: PanelOptions;
  /** When it was last stepped. */
  readonly atMs: number;
  readonly button: ButtonState;
  readonly serving: boolean;
  readonly ending: Ending | null;
  readonly pages: readonly PanelPage[];
  /** Place of the page shown among them. */
  readonly position: number;
  readonly pageSinceMs: number;
  /** The last tap that turned a page, while the pages stay put for it. */
  readonly tappedMs: number | null;
  readonly overlay: Overlay | null;
  readonly press: PanelPress | null;
  /** The times until the display dims and turns off begin here. */
  readonly litSinceMs: number;
}

/** What the panel wants done. */
export type PanelEffect =
  | { readonly kind: "issue-code" }
  | { readonly kind: "restart" }
  | { readonly kind: "power-off" }
  | { readonly kind: "factory-reset" }
  | { readonly kind: "button-stuck" }
  | { readonly kind: "button-freed" };

export interface PanelStep {
  readonly state: PanelState;
  readonly effects: readonly PanelEffect[];
}

/** @param atMs monotonic */
export function initialPanel(options: PanelOptions, atMs: number): PanelState {
  const nowMs = Math.floor(atMs);
  return {
    options,
    atMs: nowMs,
    button: UNKNOWN_BUTTON,
    serving: false,
    ending: null,
    pages: [],
    position: 0,
    pageSinceMs: nowMs,
    tappedMs: null,
    overlay: null,
    press: null,
    litSinceMs: nowMs,
  };
}

export function hasFault({ pages }: Pick<PanelState, "pages">): boolean {
  return pages.some(({ level }) => level === "fault");
}

/** Places of the pages that a tap turns through: before the host serves, its faults only. */
export function reachablePages(state: Pick<PanelState, "pages" | "serving">): readonly number[] {
  const places = [...state.pages.keys()];
  return state.serving ? places : places.filter((place) => state.pages[place]?.level === "fault");
}

/** Places of the pages that turn by themselves: while there are faults, those only. */
export function turningPages(state: Pick<PanelState, "pages" | "serving">): readonly number[] {
  const places = reachablePages(state);
  if (!hasFault(state)) return places;
  return places.filter((place) => state.pages[place]?.level === "fault");
}

/** Whether the pages are what is shown, so that their time passes. */
export function showsPages(state: PanelState): boolean {
  return !state.overlay && !state.press && !state.ending && brightnessOf(state) !== "off";
}

/** When the pages go on after a tap; null if they are not put. */
export function resumeDueMs(state: PanelState): number | null {
  if (state.tappedMs === null) return null;
  return state.tappedMs + (hasFault(state) ? FAULT_AGAIN_AFTER_MS : RESUME_AFTER_MS);
}

/** Whether nothing keeps the display lit, so that it dims and turns off in time. */
export function mayDarken(state: PanelState): boolean {
  const { serving, ending, overlay, press } = state;
  return serving && !ending && !overlay && !press && !hasFault(state);
}

export function brightnessOf(state: PanelState): Brightness {
  if (!mayDarken(state)) return "full";
  const { dimAfterMs, offAfterMs } = state.options;
  const restingMs = state.atMs - state.litSinceMs;
  if (offAfterMs > 0 && restingMs >= offAfterMs) return "off";
  return dimAfterMs > 0 && restingMs >= dimAfterMs ? "dim" : "full";
}

/** Whether the countdown of a long press is shown: a tap is over before. */
export function countsDown({ ending, press }: PanelState): boolean {
  return !ending && press !== null && press.holds && press.heldMs >= SECOND_MS;
}

/** What the LEDs tell of the panel itself. */
export function lampFactsOf(
  state: PanelState,
): Pick<LampFacts, "serving" | "armed" | "confirmingReset" | "ending"> {
  const { serving, ending, overlay, press } = state;
  return {
    serving,
    armed: countsDown(state) && holdActionOf(press?.heldMs ?? 0) !== "tap",
    confirmingReset: overlay?.kind === "confirm-reset",
    ending: overlay?.kind === "restart-offer" ? "restarting" : ending,
  };
}
