import { SECOND_MS } from "../domain/units.ts";
import type { ButtonEvent } from "./button.ts";
import { holdActionOf } from "./hold-tiers.ts";
import { relit, showMessage, showOverlay, showPage } from "./panel-show.ts";
import {
  brightnessOf,
  type PanelPress,
  type PanelState,
  type PanelStep,
  reachablePages,
  turningPages,
} from "./panel-state.ts";
import type { HoldAction } from "./screen.ts";

/** How long a factory reset waits for the tap that confirms it. */
const CONFIRM_WITHIN_MS = 10 * SECOND_MS;
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
      return state.press ? act(end(state), state.press, event.action) : quiet(state);
    case "voided":
      return quiet(end(state));
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
  if (overlay?.kind === "confirm-reset") {
    return atMs < overlay.sinceMs + CONFIRM_AFTER_MS ? IGNORED : { ...IGNORED, tap: "confirm" };
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
function end(state: PanelState): PanelState {
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
      return {
        state: { ...showOverlay(state, null), ending: "restarting" },
        effects: [{ kind: "restart" }],
      };
    case "reset":
      return quiet(askForReset(state));
    case "nothing":
      return quiet(state);
  }
}

function askForReset(state: PanelState): PanelState {
  const sinceMs = state.atMs;
  const untilMs = sinceMs + CONFIRM_WITHIN_MS;
  return showOverlay(state, { kind: "confirm-reset", sinceMs, untilMs });
}

function tap(state: PanelState, tap: PanelPress["tap"]): PanelStep {
  switch (tap) {
    case "turn":
      return quiet(turn(state));
    case "dismiss":
      return quiet(showOverlay(state, null));
    case "confirm":
      return {
        state: { ...showOverlay(state, null), ending: "resetting" },
        effects: [{ kind: "factory-reset" }],
      };
    case "nothing":
      return quiet(state);
  }
}

function turn(state: PanelState): PanelState {
  const places = reachablePages(state);
  const next = places.find((place) => place > state.position) ?? places[0];
  return next === undefined ? state : { ...showPage(state, next), tappedMs: state.atMs };
}
