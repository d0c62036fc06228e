import type { EventName, LoggedEvent } from "../../src/domain/events.ts";
import type { EventLog } from "../../src/ports/events.ts";

export interface RecordedEvent {
  readonly name: EventName;
  readonly message: string;
  readonly details: LoggedEvent["details"];
}

/** An event log that remembers. */
export class RecordedEvents implements EventLog {
  readonly all: RecordedEvent[] = [];

  record(name: EventName, message: string, details: LoggedEvent["details"] = {}): void {
    this.all.push({ name, message, details });
  }

  named(name: EventName): RecordedEvent[] {
    return this.all.filter((event) => event.name === name);
  }

  get names(): EventName[] {
    return this.all.map(({ name }) => name);
  }
}
