import { SECOND_MS } from "../domain/units.ts";
import type { Timers } from "../ports/clock.ts";
import type { EventLog } from "../ports/events.ts";
import type { SelfCheck, ServiceManager, ServiceNews } from "../ports/service-manager.ts";

/** How often it is looked whether the status has changed. */
const STATUS_EVERY_MS = 5 * SECOND_MS;
/** A check that failed is made again after this part of the manager's patience. */
const AGAIN_PART = 12;
/** How long a stop waits until the manager has heard of it. */
const FAREWELL_MS = SECOND_MS;

export interface LifeSignsParts {
  readonly manager: ServiceManager;
  readonly check: SelfCheck;
  readonly timers: Timers;
  readonly events: EventLog;
  /** How the box stands, in one line. */
  readonly status: () => string;
}

/**
 * Tells the service manager that the box serves, how it stands, and, at half of the manager's
 * patience, that it has just found itself working. Whatever goes wrong here harms no client: it is
 * told once in the log.
 */
export class LifeSigns {
  readonly #parts: LifeSignsParts;
  /** Messages go out one after the other. */
  #queue: Promise<void> = Promise.resolve();
  /** The status that the manager has; null if it could not be told. */
  #said: string | null = "";
  #fault = "";
  #cancelStatus: () => void = () => undefined;
  #cancelCheck: () => void = () => undefined;
  #stopping = false;

  constructor(parts: LifeSignsParts) {
    this.#parts = parts;
  }

  /** The box serves. */
  start(): void {
    void this.#tell({ ready: true });
    this.#followStatus();
    this.#checkAfter(0);
  }

  /** The box begins to stop. Takes a second at most, and never rejects. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelStatus();
    this.#cancelCheck();
    let cancel: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.#parts.timers.after(FAREWELL_MS, resolve);
    });
    await Promise.race([this.#tell({ stopping: true }), late]);
    cancel();
  }

  #followStatus(): void {
    this.#cancelStatus = this.#parts.timers.after(STATUS_EVERY_MS, () => {
      if (this.#parts.status() !== this.#said) void this.#tell({});
      this.#followStatus();
    });
  }

  #checkAfter(delayMs: number): void {
    const { patienceMs } = this.#parts.manager;
    if (patienceMs === null) return;
    this.#cancelCheck = this.#parts.timers.after(delayMs, () => void this.#check(patienceMs));
  }

  async #check(patienceMs: number): Promise<void> {
    const { check, events } = this.#parts;
    try {
      await check.run();
    } catch (error) {
      if (this.#stopping) return;
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.#fault) events.record("self-check-failed", message);
      this.#fault = message;
      this.#checkAfter(patienceMs / AGAIN_PART);
      return;
    }
    this.#fault = "";
    if (this.#stopping) return;
    // Before the message, which may take as long as it likes.
    this.#checkAfter(patienceMs / 2);
    await this.#tell({ alive: true });
  }

  /** With the status, if that has changed. */
  #tell(news: ServiceNews): Promise<void> {
    this.#queue = this.#queue.then(() => this.#tellNow(news));
    return this.#queue;
  }

  async #tellNow(news: ServiceNews): Promise<void> {
    const { manager, events, status } = this.#parts;
    const said = news.stopping ? "stopping" : status();
    try {
      await manager.tell(said === this.#said ? news : { ...news, status: said });
      this.#said = said;
    } catch (error) {
      // Whoever cannot be told is told again, but the log once only.
      if (this.#said === null) return;
      this.#said = null;
      events.record("manager-not-told", error instanceof Error ? error.message : String(error));
    }
  }
}
