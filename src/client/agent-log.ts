/** What an agent tells, by names that stay the same for scripts. */
export type AgentEvent =
  | "agent-started"
  | "agent-stopped"
  | "activated"
  | "renewed"
  | "count-below-threshold"
  | "attempt-failed"
  | "status-changed"
  | "clock-stepped"
  | "rearmed"
  | "state-damaged"
  | "lease-dropped"
  | "state-failed";

/** Events after which somebody may have to do something. */
const WARNINGS: readonly AgentEvent[] = [
  "count-below-threshold",
  "attempt-failed",
  "clock-stepped",
  "rearmed",
  "state-damaged",
  "lease-dropped",
  "state-failed",
];

export type AgentFields = Readonly<Record<string, string | number | boolean>>;

/** Writes one line for every event. */
export interface AgentLog {
  record(event: AgentEvent, message: string, fields?: AgentFields): void;
}

/** An agent's log as lines, for a person or, as JSON, for a machine. */
export class LineLog implements AgentLog {
  readonly #write: (line: string) => void;
  readonly #nowMs: () => number;
  readonly #json: boolean;

  constructor(write: (line: string) => void, nowMs: () => number, json: boolean) {
    this.#write = write;
    this.#nowMs = nowMs;
    this.#json = json;
  }

  record(event: AgentEvent, message: string, fields: AgentFields = {}): void {
    const time = new Date(this.#nowMs()).toISOString();
    const level = WARNINGS.includes(event) ? "warn" : "info";
    if (this.#json) {
      this.#write(`${JSON.stringify({ time, level, event, message, ...fields })}\n`);
      return;
    }
    const members = Object.entries(fields).map(([name, value]) => ` ${name}=${value}`);
    this.#write(`${time} ${level} ${event}: ${message}${members.join("")}\n`);
  }
}
