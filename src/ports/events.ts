import type { EventName, LoggedEvent } from "../domain/events.ts";

/** Where services tell what an administrator should be able to read. Never throws, never waits. */
export interface EventLog {
  record(name: EventName, message: string, details?: LoggedEvent["details"]): void;
}
