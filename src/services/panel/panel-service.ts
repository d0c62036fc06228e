import { MINUTE_MS, SECOND_MS } from "../../domain/units.ts";
import { describeScreen } from "../../panel/describe.ts";
import { drawScreen, type PanelSize } from "../../panel/draw-screen.ts";
import type { PanelFacts } from "../../panel/facts.ts";
import type { Framebuffer } from "../../panel/framebuffer.ts";
import {
  flashUntilMs,
  levelsAt,
  nextLevelChangeMs,
  patternsOf,
} from "../../panel/lamp-patterns.ts";
import type { LampPatterns } from "../../panel/lamps.ts";
import { nextDueMs } from "../../panel/panel-due.ts";
import { type PanelEvent, stepPanel } from "../../panel/panel-machine.ts";
import { pagesOf } from "../../panel/panel-pages.ts";
import {
  type Ending,
  initialPanel,
  lampFactsOf,
  type PanelEffect,
  type PanelOptions,
  type PanelState,
} from "../../panel/panel-state.ts";
import { viewOf } from "../../panel/panel-view.ts";
import type { Brightness, Screen } from "../../panel/screen.ts";
import { testPicture } from "../../panel/test-picture.ts";
import type { Clock, Timers } from "../../ports/clock.ts";
import type { EventLog } from "../../ports/events.ts";
import { bootFacts } from "./boot-facts.ts";
import { type PanelFront, PanelFronts } from "./panel-fronts.ts";
import { panelLine } from "./panel-line.ts";
import { PanelParts } from "./panel-parts.ts";

/** How often the facts are gathered if nothing happens. */
const FACTS_MS = SECOND_MS;
/** So long after a contact, for a burst of them to be drawn a few times only. */
const BURST_MS = 100;
/** The grain in which long text scrolls. */
const SCROLL_MS = 250;
/** When a text that is too long has begun to move. */
const SCROLLED_MS = 1500;
const NOT_READY = "the box is still starting: try again when it serves";
const TEST_PICTURE_MS = 30 * SECOND_MS;
const IDENTIFY_MS = MINUTE_MS;

/** What the button may ask for. */
export interface PanelActs {
  /** A new one-time administrator code; `expiresMs` is monotonic. */
  issueCode(): { readonly code: string; readonly expiresMs: number };
  restart(): void;
  /** Rejects if the request could not be stored. */
  factoryReset(): Promise<void>;
}

export interface PanelServiceParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly events: EventLog;
  readonly size: PanelSize;
  readonly options: PanelOptions;
  readonly version: string;
  /** The parts on the box's front; undefined on a machine that has none. */
  readonly hardware: PanelFront | undefined;
  /** Where the panel is drawn besides, such as a terminal. */
  readonly mirrors: readonly PanelFront[];
  /** Told in one line what the panel shows, whenever that changes. */
  readonly say?: ((line: string) => void) | undefined;
}

/** The panel as it stands at one moment. */
export interface PanelSnapshot {
  readonly picture: Framebuffer;
  readonly brightness: Brightness;
  readonly patterns: LampPatterns;
  /** What is shown, in words; never a secret. */
  readonly lines: readonly string[];
  readonly parts: PanelParts["words"];
}

/** An event without its time. */
type Told<E> = E extends unknown ? Omit<E, "atMs"> : never;

/** Draws the front panel whenever what is to be seen changes, and does what its button asks for. */
export class PanelService {
  readonly #parts: PanelServiceParts;
  readonly #hardware: PanelParts;
  readonly #fronts: PanelFronts;
  #state: PanelState;
  #facts: PanelFacts;
  #read: ((serving: boolean) => PanelFacts) | undefined;
  #acts: PanelActs | undefined;
  #factsDueMs = Number.POSITIVE_INFINITY;
  #flashUntilMs = Number.NEGATIVE_INFINITY;
  #testUntilMs = Number.NEGATIVE_INFINITY;
  #identifyUntilMs = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #failure: Screen | undefined;
  #said = "";
  #scrolling = { turn: "", found: false };

  constructor(parts: PanelServiceParts) {
    this.#parts = parts;
    this.#hardware = new PanelParts(parts.events, parts.hardware !== undefined);
    this.#fronts = new PanelFronts(parts.hardware, parts.mirrors, this.#hardware);
    this.#state = initialPanel(parts.options, parts.clock.monotonicMs());
    this.#facts = bootFacts(parts.version);
  }

  /** Shows that the host is starting. */
  async start(): Promise<void> {
    await this.#fronts.start({
      contact: (pressed, atMs) => this.#tell({ kind: "contact", pressed }, atMs),
      buttonPresent: (present) => this.#tell({ kind: "button-condition", present }),
    });
    this.#render();
  }

  /** The state is open: from now on there is something to tell, and faults are shown. */
  inform(read: (serving: boolean) => PanelFacts): void {
    this.#read = read;
    this.#gather();
  }

  /** The host serves, and does what the button asks for. */
  serve(acts: PanelActs): void {
    this.#acts = acts;
    this.#tell({ kind: "serving" });
    this.#gather();
  }

  /** A client asked: the activity LED flashes, and the count may have changed. */
  contact(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const untilMs = flashUntilMs(this.#flashUntilMs, nowMs);
    // Under load this is called thousands of times a second.
    if (untilMs === this.#flashUntilMs && this.#factsDueMs <= nowMs + BURST_MS) return;
    this.#flashUntilMs = untilMs;
    this.changed();
  }

  /** Something has changed that may be shown. */
  changed(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    this.#factsDueMs = Math.min(this.#factsDueMs, nowMs + BURST_MS);
    this.#light(nowMs);
    this.#schedule(nowMs);
  }

  /** Shows a picture with a border for 30 s, to try the display's settings. */
  showTestPicture(): void {
    this.#testUntilMs = this.#parts.clock.monotonicMs() + TEST_PICTURE_MS;
    this.#render();
  }

  /** Lets the yellow LED blink for a minute. */
  identify(): void {
    this.#identifyUntilMs = this.#parts.clock.monotonicMs() + IDENTIFY_MS;
    this.#render();
  }

  /** The host could not start: that stays on the display. */
  fail(error: unknown): void {
    this.#failure = { kind: "message", title: "CANNOT START", detail: messageOf(error) };
    this.#render();
  }

  /** The host is about to end, and why. */
  end(ending: Ending): void {
    this.#tell({ kind: ending });
  }

  snapshot(): PanelSnapshot {
    return {
      picture: this.#picture(),
      brightness: this.#brightness(),
      patterns: this.#patterns(),
      lines: this.#testing() ? ["test picture"] : describeScreen(this.#screen(), this.#facts),
      parts: this.#hardware.words,
    };
  }

  /** Puts the LEDs out and leaves a picture that says how the host ended. */
  async stop(): Promise<void> {
    if (this.#state.ending === null) this.end("stopped");
    this.#cancel?.();
    this.#read = undefined;
    await this.#fronts.stop();
  }

  #tell(event: Told<PanelEvent>, atMs = this.#parts.clock.monotonicMs()): void {
    const { state, effects } = stepPanel(this.#state, { ...event, atMs });
    this.#state = state;
    for (const effect of effects) this.#do(effect);
    this.#render();
  }

  #do(effect: PanelEffect): void {
    switch (effect.kind) {
      case "issue-code":
        if (this.#acts) this.#tell({ kind: "code-issued", ...this.#acts.issueCode() });
        else this.#tell({ kind: "code-failed", title: "NO CODE", detail: NOT_READY });
        break;
      case "restart":
        this.#try("NO RESTART", async (acts) => acts.restart());
        break;
      case "factory-reset":
        this.#try("NO RESET", (acts) => acts.factoryReset());
        break;
      default:
        this.#hardware.stuck(effect.kind === "button-stuck");
    }
  }

  #try(title: string, act: (acts: PanelActs) => Promise<void>): void {
    const done = this.#acts ? act(this.#acts) : Promise.reject(new Error(NOT_READY));
    done.catch((error: unknown) => {
      this.#tell({ kind: "action-failed", title, detail: messageOf(error) });
    });
  }

  #gather(): void {
    if (!this.#read) return;
    this.#factsDueMs = this.#parts.clock.monotonicMs() + FACTS_MS;
    this.#facts = this.#read(this.#state.serving);
    this.#tell({ kind: "pages", pages: pagesOf(this.#facts) });
  }

  /** Shows whatever has changed, and waits until something may have. */
  #render(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    this.#light(nowMs);
    this.#fronts.show(this.#picture(), this.#brightness());
    this.#saySo();
    this.#schedule(nowMs);
  }

  #saySo(): void {
    const { say } = this.#parts;
    if (!say) return;
    const line = panelLine(this.#screen(), this.#facts, this.#patterns());
    if (line !== this.#said) say(line);
    this.#said = line;
  }

  #picture(screen = this.#screen()): Framebuffer {
    const { size } = this.#parts;
    if (this.#testing()) return testPicture(size.width, size.height);
    return drawScreen(screen, this.#facts, size, viewOf(this.#state).shift);
  }

  #brightness(): Brightness {
    return this.#testing() ? "full" : viewOf(this.#state).brightness;
  }

  #testing(): boolean {
    return this.#parts.clock.monotonicMs() < this.#testUntilMs;
  }

  #screen(): Screen {
    return this.#failure ?? viewOf(this.#state).screen;
  }

  #light(nowMs: number): void {
    this.#fronts.light(levelsAt(this.#patterns(), nowMs, this.#flashUntilMs));
  }

  #patterns(): LampPatterns {
    const { counts, faults } = this.#facts;
    const identify = this.#parts.clock.monotonicMs() < this.#identifyUntilMs;
    return patternsOf({ ...lampFactsOf(this.#state), counts, faults, identify });
  }

  #schedule(nowMs: number): void {
    this.#cancel?.();
    const dueMs = Math.min(
      this.#factsDueMs,
      nextDueMs(this.#state) ?? Number.POSITIVE_INFINITY,
      nextLevelChangeMs(this.#patterns(), nowMs, this.#flashUntilMs) ?? Number.POSITIVE_INFINITY,
      this.#scrolls() ? nowMs + SCROLL_MS : Number.POSITIVE_INFINITY,
    );
    if (dueMs === Number.POSITIVE_INFINITY) return;
    // Timers may fire early by a fraction of a millisecond, and then would fire again at once.
    const delayMs = Math.max(1, Math.ceil(dueMs - nowMs));
    this.#cancel = this.#parts.timers.after(delayMs, () => this.#wake());
  }

  #wake(): void {
    if (this.#parts.clock.monotonicMs() >= this.#factsDueMs) this.#gather();
    else this.#tell({ kind: "time" });
  }

  /** Whether the page shown has a text that moves; found out once each time a page is turned to. */
  #scrolls(): boolean {
    const { screen, brightness } = viewOf(this.#state);
    if (screen.kind !== "page" || brightness === "off") return false;
    const { pageSinceMs, position } = this.#state;
    const turn = `${position} ${pageSinceMs}`;
    if (this.#scrolling.turn !== turn) {
      const rests = this.#picture({ ...screen, sinceMs: 0 });
      const moves = this.#picture({ ...screen, sinceMs: SCROLLED_MS });
      this.#scrolling = { turn, found: !rests.equals(moves) };
    }
    return this.#scrolling.found;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
