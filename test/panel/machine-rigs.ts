import {
  type ButtonEvent,
  type ButtonInput,
  type ButtonState,
  buttonDueMs,
  stepButton,
  UNKNOWN_BUTTON,
} from "../../src/panel/button.ts";
import { nextDueMs } from "../../src/panel/panel-due.ts";
import { type PanelEvent, stepPanel } from "../../src/panel/panel-machine.ts";
import { type PanelPage, pagesOf } from "../../src/panel/panel-pages.ts";
import {
  initialPanel,
  type PanelEffect,
  type PanelOptions,
  type PanelState,
} from "../../src/panel/panel-state.ts";
import { type PanelView, viewOf } from "../../src/panel/panel-view.ts";

/** A button that is stepped when it asks for it. */
export class ButtonRig {
  state: ButtonState = UNKNOWN_BUTTON;
  readonly events: ButtonEvent[] = [];

  constructor(present = true) {
    if (present) this.step({ kind: "condition", present: true, atMs: 0 });
  }

  step(input: ButtonInput): void {
    const { state, events } = stepButton(this.state, input);
    this.state = state;
    this.events.push(...events);
  }

  /** Time passes until just before `atMs`, and the contact changes then. */
  contact(pressed: boolean, atMs: number): this {
    this.passTo(atMs);
    this.step({ kind: "contact", pressed, atMs });
    return this;
  }

  passTo(atMs: number): this {
    for (let due = buttonDueMs(this.state); due !== null && due <= atMs; ) {
      this.step({ kind: "time", atMs: due });
      due = buttonDueMs(this.state);
    }
    return this;
  }

  /** What came of it, but for the seconds counted. */
  get outcome(): ButtonEvent[] {
    return this.events.filter(({ kind }) => kind !== "held");
  }
}

/** Distributes over the kinds, as `Omit` does not. */
type Untimed<E> = E extends unknown ? Omit<E, "atMs"> : never;

const OPTIONS: PanelOptions = { pageMs: 6000, dimAfterMs: 120_000, offAfterMs: 600_000 };

/** A panel with a clock, stepped when it asks for it. */
export class PanelRig {
  state: PanelState;
  nowMs: number;
  readonly effects: PanelEffect["kind"][] = [];

  constructor(options: Partial<PanelOptions> = {}, startMs = 0) {
    this.nowMs = startMs;
    this.state = initialPanel({ ...OPTIONS, ...options }, startMs);
    this.tell({ kind: "button-condition", present: true });
  }

  /** One that serves, with these pages. */
  static serving(pages: readonly PanelPage[], options: Partial<PanelOptions> = {}): PanelRig {
    const rig = new PanelRig(options);
    rig.tell({ kind: "pages", pages });
    rig.tell({ kind: "serving" });
    return rig;
  }

  tell(event: Untimed<PanelEvent>): this {
    const step = stepPanel(this.state, { ...event, atMs: this.nowMs } as PanelEvent);
    this.state = step.state;
    this.effects.push(...step.effects.map(({ kind }) => kind));
    return this;
  }

  pass(ms: number): this {
    const endMs = this.nowMs + ms;
    for (let due = nextDueMs(this.state); due !== null && due <= endMs; ) {
      this.nowMs = due;
      this.tell({ kind: "time" });
      due = nextDueMs(this.state);
    }
    this.nowMs = endMs;
    return this.tell({ kind: "time" });
  }

  press(): this {
    return this.tell({ kind: "contact", pressed: true });
  }

  /** Lets go, and waits until that counts. */
  release(): this {
    return this.tell({ kind: "contact", pressed: false }).pass(30);
  }

  hold(ms: number): this {
    return this.press().pass(ms).release();
  }

  tap(): this {
    return this.hold(100);
  }

  get view(): PanelView {
    return viewOf(this.state);
  }

  get brightness(): string {
    return this.view.brightness;
  }

  /** The screen in short: its kind, and for a page which. */
  get shown(): string {
    const { screen } = this.view;
    if (screen.kind !== "page") return screen.kind;
    return "index" in screen.name ? `${screen.name.page} ${screen.name.index}` : screen.name.page;
  }
}

/** Pages of a box with these faults, `!` first for what merely wants attention. */
export function pagesWith(...codes: readonly string[]): readonly PanelPage[] {
  const faults = codes.map((code) => ({
    level: code.startsWith("!") ? ("attention" as const) : ("fault" as const),
    code,
    title: code.toUpperCase(),
    nextStep: "mend it",
  }));
  const counts = [{ name: "Office", activationCount: 25, activationThreshold: 25 }];
  return pagesOf({ faults, counts });
}
