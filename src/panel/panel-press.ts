import { SECOND_MS } from "../domain/units.ts";
import type { ButtonEvent } from "./button.ts";
import { holdActionOf } from "./hold-tiers.ts";
import { relit, showMessage, showOverlay, showPage } from "./panel-show.ts";
import {
  brightnessOf,
  type Ending,
  type PanelPress,
  type PanelState,
  type PanelStep,
  reachablePages,
  turningPages,
} from "./panel-state.ts";
import type { HoldAction } from "./screen.ts";

/** How long a factory reset waits for the tap that confirms it. */
const CONFIRM_WITHIN_MS = 10 * SECOND_MS;
/** How long a restart waits for the tap that makes it a shutdown. */
const OFFER_MS = 3 * SECOND_MS;
/** A press so soon is a finger sliding off the button, not an answer to what the display asks. */
const CONFIRM_AFTER_MS = 500;

const IGNORED: PanelPress = { tap: "nothing", holds: false, heldMs: 0 };

/** What the button does to the panel. */
export function applyButton(state: PanelState, event: ButtonEvent): PanelStep {
  switch (event.kind) {
    case "pressed":
      return quiet(begin(state));
    case "held":
      return quiet(hold(state, event.heldMs));
    case "released":
      return state.press ? act(release(state), state.press, event.action) : quiet(state);
    case "voided":
      return quiet(release(state));
    case "stuck":
      return { state: stuck(state), effects: [{ kind: "button-stuck" }] };
    case "freed":
      return { state, effects: [{ kind: "button-freed" }] };
  }
}

function quiet(state: PanelState): PanelStep {
  return { state, effects: [] };
}

function begin(state: PanelState): PanelState {
  if (state.ending) return state;
  const pressed = { ...state, press: pressOn(state), litSinceMs: state.atMs };
  // In the dark nobody knows which page was left there.
  return brightnessOf(state) === "off" ? showPage(pressed, turningPages(state)[0] ?? 0) : pressed;
}

function pressOn(state: PanelState): PanelPress {
  const { overlay, atMs } = state;
  if (overlay?.kind === "confirm-reset" || overlay?.kind === "restart-offer") {
    if (atMs < overlay.sinceMs + CONFIRM_AFTER_MS) return IGNORED;
    return { ...IGNORED, tap: overlay.kind === "restart-offer" ? "power-off" : "reset" };
  }
  if (overlay) return { tap: "dismiss", holds: true, heldMs: 0 };
  return { tap: brightnessOf(state) === "full" ? "turn" : "nothing", holds: true, heldMs: 0 };
}

function hold(state: PanelState, heldMs: number): PanelState {
  if (!state.press) return state;
  if (state.overlay?.kind === "confirm-reset" && holdActionOf(heldMs) !== "tap") {
    return showMessage(state, "NOT RESET", "nothing was erased");
  }
  return { ...state, press: { ...state.press, heldMs } };
}

/** Pages and display rest as long as ever after a press, however long it was. */
function release(state: PanelState): PanelState {
  return state.press ? { ...relit(state), press: null } : state;
}

function stuck(state: PanelState): PanelState {
  if (state.ending) return state;
  return showMessage({ ...state, press: null }, "BUTTON STUCK", "it is ignored until let go");
}

function act(state: PanelState, press: PanelPress, action: HoldAction): PanelStep {
  if (action === "tap") return tap(state, press.tap);
  if (!press.holds) return quiet(state);
  switch (action) {
    case "code":
      return { state: showOverlay(state, null), effects: [{ kind: "issue-code" }] };
    case "restart":
      return quiet(ask(state, "restart-offer", OFFER_MS));
    case "reset":
      return quiet(ask(state, "confirm-reset", CONFIRM_WITHIN_MS));
    case "nothing":
      return quiet(state);
  }
}

function ask(
  state: PanelState,
  kind: "confirm-reset" | "restart-offer",
  withinMs: number,
): PanelState {
  const sinceMs = state.atMs;
  return showOverlay(state, { kind, sinceMs, untilMs: sinceMs + withinMs });
}

/** The time for a question is up. */
export function expire(state: PanelState): PanelStep {
  const restarts = state.overlay?.kind === "restart-offer";
  const shown = showOverlay(state, null);
  return restarts ? end(shown, "restarting", "restart") : quiet(shown);
}

function end(
  state: PanelState,
  ending: Ending,
  kind: "restart" | "power-off" | "factory-reset",
): PanelStep {
  return { state: { ...showOverlay(state, null), ending, press: null }, effects: [{ kind }] };
}

function tap(state: PanelState, tap: PanelPress["tap"]): PanelStep {
  switch (tap) {
    case "turn":
      return quiet(turn(state));
    case "dismiss":
      return quiet(showOverlay(state, null));
    case "reset":
      return end(state, "resetting", "factory-reset");
    case "power-off":
      return end(state, "powering-off", "power-off");
    case "nothing":
      return quiet(state);
  }
}

function turn(state: PanelState): PanelState {
  const places = reachablePages(state);
  const next = places.find((place) => place > state.position) ?? places[0];
  return next === undefined ? state : { ...showPage(state, next), tappedMs: state.atMs };
}
