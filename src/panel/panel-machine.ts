import { type ButtonStep, heedDelay, stepButton } from "./button.ts";
import { nextDueMs } from "./panel-due.ts";
import type { PanelPage } from "./panel-pages.ts";
import { applyButton, expire } from "./panel-press.ts";
import {
  beginServing,
  setPages,
  showCode,
  showMessage,
  showOverlay,
  showPage,
} from "./panel-show.ts";
import {
  type Ending,
  type PanelState,
  type PanelStep,
  resumeDueMs,
  showsPages,
  turningPages,
} from "./panel-state.ts";

/** What happens to the panel. Times are monotonic milliseconds. */
export type PanelEvent = { readonly atMs: number } & (
  | { readonly kind: "time" }
  /** See `ButtonInput`. */
  | { readonly kind: "contact"; readonly pressed: boolean }
  | { readonly kind: "button-condition"; readonly present: boolean }
  /** The pages there are now, told whenever the facts are gathered. */
  | { readonly kind: "pages"; readonly pages: readonly PanelPage[] }
  | { readonly kind: "serving" }
  /** Answers to `issue-code`; `expiresMs` is monotonic. */
  | { readonly kind: "code-issued"; readonly code: string; readonly expiresMs: number }
  /** The code that is shown, if one is, was used or is void. */
  | { readonly kind: "code-gone" }
  | { readonly kind: "code-failed"; readonly title: string; readonly detail: string }
  /** The restart or factory reset that was asked for did not come about. */
  | { readonly kind: "action-failed"; readonly title: string; readonly detail: string }
  /** The host restarts, is reset or stops, whoever asked for it. */
  | { readonly kind: Ending }
);

/**
 * The panel after an event. Everything that was due before it happens first and in its order, so that
 * stepping late changes nothing but a press: one that nobody watched does not act.
 */
export function stepPanel(state: PanelState, event: PanelEvent): PanelStep {
  // Nobody is there any more to do what it asks for.
  if (state.ending === "stopped") return { state, effects: [] };
  const atMs = Math.max(state.atMs, Math.floor(event.atMs));
  let step = withButton(state, heedDelay(state.button, atMs));
  const take = (next: PanelStep) => {
    step = { state: next.state, effects: [...step.effects, ...next.effects] };
  };
  for (let dueMs = nextDueMs(step.state); dueMs !== null && dueMs <= atMs; ) {
    take(passTo(step.state, dueMs));
    dueMs = nextDueMs(step.state);
  }
  take(passTo(step.state, atMs));
  take(apply(step.state, event));
  return step;
}

function withButton(state: PanelState, { state: button, events }: ButtonStep): PanelStep {
  let step: PanelStep = { state: { ...state, button }, effects: [] };
  for (const event of events) {
    const next = applyButton(step.state, event);
    step = { state: next.state, effects: [...step.effects, ...next.effects] };
  }
  return step;
}

function passTo(before: PanelState, atMs: number): PanelStep {
  const pressed = withButton(
    { ...before, atMs },
    stepButton(before.button, { kind: "time", atMs }),
  );
  const ended = endOverlayInTime(pressed.state);
  return { state: turnInTime(ended.state), effects: [...pressed.effects, ...ended.effects] };
}

function endOverlayInTime(state: PanelState): PanelStep {
  const { overlay, atMs } = state;
  return overlay && overlay.untilMs <= atMs ? expire(state) : { state, effects: [] };
}

function turnInTime(state: PanelState): PanelState {
  if (!showsPages(state)) return state;
  const turning = turningPages(state);
  const next = turning.find((place) => place > state.position) ?? turning[0] ?? 0;
  const resumeMs = resumeDueMs(state);
  if (resumeMs !== null) return state.atMs < resumeMs ? state : showPage(state, next);
  const turns = turning.length > 1 && state.atMs >= state.pageSinceMs + state.options.pageMs;
  return turns ? showPage(state, next) : state;
}

function apply(state: PanelState, event: PanelEvent): PanelStep {
  switch (event.kind) {
    case "contact":
      return withButton(state, stepButton(state.button, { ...event, atMs: state.atMs }));
    case "button-condition": {
      const { present } = event;
      const input = { kind: "condition", present, atMs: state.atMs } as const;
      return withButton(state, stepButton(state.button, input));
    }
    default:
      return { state: told(state, event), effects: [] };
  }
}

type ToldEvent = Exclude<PanelEvent, { readonly kind: "contact" | "button-condition" }>;

function told(state: PanelState, event: ToldEvent): PanelState {
  switch (event.kind) {
    case "time":
      return state;
    case "pages":
      return setPages(state, event.pages);
    case "serving":
      return beginServing(state);
    case "code-issued":
      return showCode(state, event.code, Math.floor(event.expiresMs));
    case "code-gone":
      return state.overlay?.kind === "code" ? showOverlay(state, null) : state;
    case "code-failed":
      return showMessage(state, event.title, event.detail);
    case "action-failed":
      return showMessage({ ...state, ending: null }, event.title, event.detail);
    case "restarting":
    case "resetting":
    case "powering-off":
    case "stopped":
      return { ...state, ending: event.kind, overlay: null, press: null };
  }
}
