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
import { stepPanel } from "../../panel/panel-machine.ts";
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
import { publicFacts, publicScreen } from "../../panel/public-view.ts";
import type { Screen } from "../../panel/screen.ts";
import { testPicture } from "../../panel/test-picture.ts";
import type { Clock, Timers } from "../../ports/clock.ts";
import type { EventLog } from "../../ports/events.ts";
import { bootFacts } from "./boot-facts.ts";
import { messageOf, NOT_YET, type PanelActs, perform, type Told } from "./panel-acts.ts";
import { type PanelFront, PanelFronts } from "./panel-fronts.ts";
import { panelLine } from "./panel-line.ts";
import { PanelParts } from "./panel-parts.ts";
import type { PanelSnapshot, PublicPanel } from "./panel-snapshot.ts";
import { Scrolling } from "./scrolling.ts";

/** How often the facts are gathered if nothing happens. */
const FACTS_MS = SECOND_MS;
/** So long after a contact, for a burst of them to be drawn a few times only. */
const BURST_MS = 100;
/** The grain in which long text scrolls. */
const SCROLL_MS = 250;
const TEST_PICTURE_MS = 30 * SECOND_MS;
const IDENTIFY_MS = MINUTE_MS;
const NEVER_MS = Number.POSITIVE_INFINITY;

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

/** Draws the front panel whenever what is to be seen changes, and does what its button asks for. */
export class PanelService {
  readonly #parts: PanelServiceParts;
  readonly #hardware: PanelParts;
  readonly #fronts: PanelFronts;
  #state: PanelState;
  #facts: PanelFacts;
  #read: ((serving: boolean) => PanelFacts) | undefined;
  #acts = NOT_YET;
  #factsDueMs = NEVER_MS;
  /** When the picture may change next by itself. */
  #pictureDueMs = NEVER_MS;
  #flashUntilMs = Number.NEGATIVE_INFINITY;
  #testUntilMs = Number.NEGATIVE_INFINITY;
  #identifyUntilMs = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #failure: Screen | undefined;
  #said = "";
  #flashes = 0;
  #watcher: (() => void) | undefined;
  readonly #scrolling = new Scrolling();
  #rendering = false;
  #renderAgain = false;
  #stopped = false;

  constructor(parts: PanelServiceParts) {
    this.#parts = parts;
    this.#hardware = new PanelParts(parts.events, parts.hardware !== undefined);
    this.#fronts = new PanelFronts(parts.hardware, parts.mirrors, this.#hardware);
    this.#state = initialPanel(parts.options, parts.clock.monotonicMs());
    this.#facts = bootFacts(parts.version);
  }

  /** Shows that the host is starting. */
  async start(): Promise<void> {
    this.#fronts.start({
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
    this.#step({ kind: "serving" });
    this.#gather();
  }

  /** A client asked: the activity LED flashes, and the count may have changed. */
  contact(): void {
    const nowMs = this.#nowMs();
    const untilMs = flashUntilMs(this.#flashUntilMs, nowMs);
    // Under load this is called thousands of times a second.
    if (untilMs === this.#flashUntilMs && this.#factsDueMs <= nowMs + BURST_MS) return;
    if (untilMs !== this.#flashUntilMs) this.#flashes++;
    this.#flashUntilMs = untilMs;
    this.changed();
  }

  /** Something has changed that may be shown. */
  changed(): void {
    if (this.#stopped || !this.#read) return;
    const nowMs = this.#nowMs();
    this.#factsDueMs = Math.min(this.#factsDueMs, nowMs + BURST_MS);
    this.#light(nowMs);
    this.#schedule(nowMs);
  }

  /** Shows a picture with a border for 30 s, to try the display's settings. */
  showTestPicture(): void {
    this.#testUntilMs = this.#nowMs() + TEST_PICTURE_MS;
    this.#render();
  }

  /** Lets the yellow LED blink for a minute. */
  identify(): void {
    this.#identifyUntilMs = this.#nowMs() + IDENTIFY_MS;
    this.#render();
  }

  /** The one-time code was used, or is void: it need not be shown any longer. */
  codeGone(): void {
    this.#tell({ kind: "code-gone" });
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
    const testing = this.#tests(this.#nowMs());
    return {
      ...this.#drawn(testing),
      patterns: this.#patterns(),
      lines: testing ? ["test picture"] : describeScreen(this.#screen(), this.#facts),
      parts: this.#hardware.words,
    };
  }

  /** Without the one-time code, also while it is shown, and without machines' names. */
  publicSnapshot(): PublicPanel {
    const testing = this.#tests(this.#nowMs());
    const screen = publicScreen(this.#screen());
    const facts = publicFacts(this.#facts);
    return {
      ...(testing ? this.#drawn(true) : this.#drawn(false, screen, facts)),
      patterns: this.#patterns(),
      lines: testing ? ["test picture"] : describeScreen(screen, facts),
      flashes: this.#flashes,
    };
  }

  /** Tells one watcher whenever the panel may look different; undefined for none any more. */
  watch(watcher: (() => void) | undefined): void {
    this.#watcher = watcher;
  }

  /** Puts the LEDs out and leaves a picture that says how the host ended. */
  async stop(): Promise<void> {
    if (this.#state.ending === null) this.end("stopped");
    this.#stopped = true;
    this.#cancel?.();
    this.#read = undefined;
    await this.#fronts.stop();
  }

  #nowMs(): number {
    return this.#parts.clock.monotonicMs();
  }

  #tell(event: Told, atMs?: number): void {
    this.#step(event, atMs);
    this.#render();
  }

  #step(event: Told, atMs = this.#nowMs()): void {
    if (this.#stopped) return;
    const { state, effects } = stepPanel(this.#state, { ...event, atMs });
    this.#state = state;
    for (const effect of effects) this.#do(effect);
  }

  #do({ kind }: PanelEffect): void {
    if (kind === "button-stuck" || kind === "button-freed") {
      this.#hardware.stuck(kind === "button-stuck");
    } else {
      perform(this.#acts, kind, (event) => this.#tell(event));
    }
  }

  #gather(): void {
    if (this.#read) {
      this.#factsDueMs = this.#nowMs() + FACTS_MS;
      this.#facts = this.#read(this.#state.serving);
      this.#step({ kind: "pages", pages: pagesOf(this.#facts) });
    }
    this.#render();
  }

  /**
   * Shows whatever has changed, and waits until something may have. A front that tells of a press
   * while it is shown something must not get two pictures in the wrong order.
   */
  #render(): void {
    this.#renderAgain = true;
    if (this.#rendering || this.#stopped) return;
    this.#rendering = true;
    try {
      while (this.#renderAgain) {
        this.#renderAgain = false;
        this.#show(this.#nowMs());
      }
    } finally {
      this.#rendering = false;
    }
  }

  #show(nowMs: number): void {
    const { picture, brightness } = this.#drawn(this.#tests(nowMs));
    this.#light(nowMs);
    this.#fronts.show(picture, brightness);
    this.#saySo();
    this.#pictureDueMs = Math.min(
      nextDueMs(this.#state) ?? NEVER_MS,
      this.#scrolls() ? nowMs + SCROLL_MS : NEVER_MS,
      ...[this.#testUntilMs, this.#identifyUntilMs].filter((untilMs) => untilMs > nowMs),
    );
    this.#schedule(nowMs);
  }

  #saySo(): void {
    const { say } = this.#parts;
    const line = say ? panelLine(this.#screen(), this.#facts, this.#patterns()) : this.#said;
    if (line === this.#said) return;
    this.#said = line;
    say?.(line);
  }

  #drawn(
    testing: boolean,
    screen = this.#screen(),
    facts = this.#facts,
  ): Pick<PanelSnapshot, "picture" | "brightness"> {
    const { size } = this.#parts;
    if (testing) return { picture: testPicture(size.width, size.height), brightness: "full" };
    return { picture: this.#draw(screen, facts), brightness: viewOf(this.#state).brightness };
  }

  #draw(screen: Screen, facts = this.#facts): Framebuffer {
    return drawScreen(screen, facts, this.#parts.size, viewOf(this.#state).shift);
  }

  #screen(): Screen {
    return this.#failure ?? viewOf(this.#state).screen;
  }

  /** What the button does, and how the host ends, is shown also while the display is tried. */
  #tests(nowMs: number): boolean {
    const { kind } = this.#screen();
    return nowMs < this.#testUntilMs && (kind === "page" || kind === "starting");
  }

  #light(nowMs: number): void {
    this.#fronts.light(levelsAt(this.#patterns(), nowMs, this.#flashUntilMs));
    this.#watcher?.();
  }

  #patterns(): LampPatterns {
    const { counts, faults } = this.#facts;
    const identify = this.#nowMs() < this.#identifyUntilMs;
    return patternsOf({ ...lampFactsOf(this.#state), counts, faults, identify });
  }

  #schedule(nowMs: number): void {
    this.#cancel?.();
    const lampsDueMs = nextLevelChangeMs(this.#patterns(), nowMs, this.#flashUntilMs) ?? NEVER_MS;
    const dueMs = Math.min(this.#factsDueMs, this.#pictureDueMs, lampsDueMs);
    if (dueMs === NEVER_MS) return;
    // Timers may fire early by a fraction of a millisecond, and then would fire again at once.
    const delayMs = Math.max(1, Math.ceil(dueMs - nowMs));
    this.#cancel = this.#parts.timers.after(delayMs, () => this.#wake());
  }

  #wake(): void {
    const nowMs = this.#nowMs();
    if (nowMs >= this.#factsDueMs) {
      this.#gather();
    } else if (nowMs >= this.#pictureDueMs) {
      this.#tell({ kind: "time" });
    } else {
      this.#light(nowMs);
      this.#schedule(nowMs);
    }
  }

  #scrolls(): boolean {
    return this.#scrolling.isFoundIn(this.#state, (screen) => this.#draw(screen));
  }
}
