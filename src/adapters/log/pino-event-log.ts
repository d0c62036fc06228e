import type { Logger } from "pino";
import { EVENTS, type EventName, type LoggedEvent } from "../../domain/events.ts";
import type { Clock } from "../../ports/clock.ts";
import type { EventLog } from "../../ports/events.ts";

/** Events kept in memory for `kms-box events`; older ones are in the service's own log. */
const KEPT = 1000;

/** Writes events as JSON lines by pino and keeps the newest in memory. */
export class PinoEventLog implements EventLog {
  readonly #logger: Logger;
  readonly #clock: Clock;
  /** A ring: the oldest stands at `#next` once it is full. */
  readonly #kept: LoggedEvent[] = [];
  #next = 0;
  #sequence = 0;
  readonly #listeners = new Set<(name: EventName) => void>();

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  record(name: EventName, message: string, details: LoggedEvent["details"] = {}): void {
    const [id, level] = EVENTS[name];
    const sequence = ++this.#sequence;
    this.#logger[level]({ event: name, eventId: id, ...details }, message);
    if (level === "debug") return;
    for (const listener of this.#listeners) listener(name);
    const timeMs = this.#clock.nowMs();
    this.#kept[this.#next] = { sequence, timeMs, id, name, level, message, details };
    this.#next = (this.#next + 1) % KEPT;
  }

  /** Tells of each event that is kept; a listener must not throw and not wait. The answer ends it. */
  listen(listener: (name: EventName) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Events after a sequence number that are still in memory, oldest first. */
  after(sequence: number): LoggedEvent[] {
    const oldestFirst = [...this.#kept.slice(this.#next), ...this.#kept.slice(0, this.#next)];
    return oldestFirst.filter((event) => event.sequence > sequence);
  }
}
