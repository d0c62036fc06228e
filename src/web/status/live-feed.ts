import type { ServerResponse } from "node:http";
import { SECOND_MS } from "../../domain/units.ts";
import type { Clock, Timers } from "../../ports/clock.ts";
import type { PanelService } from "../../services/panel/panel-service.ts";
import { titleOf } from "./answer-section.ts";
import { frameOf } from "./panel-section.ts";
import { LIVE_SECTIONS } from "./status-page.ts";
import type { StatusView } from "./status-view.ts";
import { eventBytes, HEARTBEAT, Streams } from "./streams.ts";

/** At most so often a picture is sent: as fast as long text scrolls. */
const FRAME_MS = 250;
/** At most so often the sections are drawn anew. */
const SECTIONS_MS = SECOND_MS;
/** So often they are even if nothing was heard of. */
const LOOK_MS = 5 * SECOND_MS;
const HEARTBEAT_MS = 15 * SECOND_MS;

export interface FeedParts {
  readonly view: () => StatusView;
  /** Undefined if the panel is turned off. */
  readonly panel: Pick<PanelService, "publicSnapshot" | "watch"> | undefined;
  /** Calls whenever something has happened; the answer ends that. */
  readonly listen: (changed: () => void) => () => void;
  readonly clock: Clock;
  readonly timers: Timers;
}

/**
 * Tells the pages that are open of what changes. Everything is drawn and written once for all of them,
 * and only while there is one.
 */
export class LiveFeed {
  readonly #parts: FeedParts;
  readonly #streams = new Streams();
  #sections = new Map<string, string>();
  #frame = "";
  #cancel: (() => void) | undefined;
  #unlisten: (() => void) | undefined;
  #frameDueMs = Number.POSITIVE_INFINITY;
  #sectionsDueMs = Number.POSITIVE_INFINITY;
  #sectionsAtMs = Number.NEGATIVE_INFINITY;
  #frameAtMs = Number.NEGATIVE_INFINITY;
  #heartbeatDueMs = Number.POSITIVE_INFINITY;

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  /** Pages that are kept up to date. */
  get size(): number {
    return this.#streams.size;
  }

  hasRoom(source: string): boolean {
    return this.#streams.hasRoom(source);
  }

  /** Begins with everything as it is, for the page may be older than the connection. */
  add(response: ServerResponse, source: string): void {
    const isFirst = this.#streams.size === 0;
    if (isFirst) this.#begin();
    this.#streams.add(response, source, () => this.#end());
    this.#streams.sendTo(response, eventBytes("sections", Object.fromEntries(this.#sections)));
    const { panel } = this.#parts;
    if (panel) this.#streams.sendTo(response, eventBytes("panel", frameOf(panel.publicSnapshot())));
  }

  stop(): void {
    this.#streams.endAll();
    this.#end();
  }

  #begin(): void {
    const { clock, listen, panel } = this.#parts;
    const nowMs = clock.monotonicMs();
    this.#sections = this.#drawSections();
    this.#sectionsAtMs = nowMs;
    this.#sectionsDueMs = nowMs + LOOK_MS;
    this.#heartbeatDueMs = nowMs + HEARTBEAT_MS;
    this.#unlisten = listen(() => this.#sectionsChanged());
    panel?.watch(() => this.#panelChanged());
    this.#schedule();
  }

  #end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#unlisten?.();
    this.#unlisten = undefined;
    this.#parts.panel?.watch(undefined);
  }

  #sectionsChanged(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const dueMs = Math.max(nowMs + FRAME_MS, this.#sectionsAtMs + SECTIONS_MS);
    if (dueMs >= this.#sectionsDueMs) return;
    this.#sectionsDueMs = dueMs;
    this.#schedule();
  }

  #panelChanged(): void {
    if (this.#frameDueMs !== Number.POSITIVE_INFINITY) return;
    const nowMs = this.#parts.clock.monotonicMs();
    this.#frameDueMs = Math.max(nowMs, this.#frameAtMs + FRAME_MS);
    this.#schedule();
  }

  #schedule(): void {
    this.#cancel?.();
    const nowMs = this.#parts.clock.monotonicMs();
    const dueMs = Math.min(this.#frameDueMs, this.#sectionsDueMs, this.#heartbeatDueMs);
    const delayMs = Math.max(1, Math.ceil(dueMs - nowMs));
    this.#cancel = this.#parts.timers.after(delayMs, () => this.#wake());
  }

  #wake(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    if (nowMs >= this.#frameDueMs) this.#sendFrame(nowMs);
    if (nowMs >= this.#sectionsDueMs) this.#sendSections(nowMs);
    if (nowMs >= this.#heartbeatDueMs) {
      this.#heartbeatDueMs = nowMs + HEARTBEAT_MS;
      this.#streams.send(HEARTBEAT);
    }
    // Whoever did not read has been let go meanwhile, perhaps as the last.
    if (this.#streams.size > 0) this.#schedule();
  }

  #sendFrame(nowMs: number): void {
    this.#frameDueMs = Number.POSITIVE_INFINITY;
    this.#frameAtMs = nowMs;
    const { panel } = this.#parts;
    if (!panel) return;
    const bytes = eventBytes("panel", frameOf(panel.publicSnapshot()));
    const frame = bytes.toString("latin1");
    if (frame === this.#frame) return;
    this.#frame = frame;
    this.#streams.send(bytes);
  }

  #sendSections(nowMs: number): void {
    this.#sectionsAtMs = nowMs;
    this.#sectionsDueMs = nowMs + LOOK_MS;
    const drawn = this.#drawSections();
    const changed = [...drawn].filter(([name, text]) => this.#sections.get(name) !== text);
    this.#sections = drawn;
    if (changed.length > 0) this.#streams.send(eventBytes("sections", Object.fromEntries(changed)));
  }

  #drawSections(): Map<string, string> {
    const view = this.#parts.view();
    const sections = Object.entries(LIVE_SECTIONS).map(
      ([name, draw]) => [name, draw(view).text] as const,
    );
    return new Map([...sections, ["title", titleOf(view)], ["version", view.facts.health.version]]);
  }
}
