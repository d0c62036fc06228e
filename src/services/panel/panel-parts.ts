import type { EventName } from "../../domain/events.ts";
import type { EventLog } from "../../ports/events.ts";
import type { PartCondition } from "../../ports/panel.ts";

/** The three kinds of parts that a panel has. */
export type PartKind = "display" | "leds" | "button";

const FOUND: Readonly<Record<PartKind, EventName>> = {
  display: "display-found",
  leds: "leds-found",
  button: "button-found",
};
const LOST: Readonly<Record<PartKind, EventName>> = {
  display: "display-lost",
  leds: "leds-lost",
  button: "button-lost",
};
const NAMES: Readonly<Record<PartKind, string>> = {
  display: "The display",
  leds: "The row of LEDs",
  button: "The button",
};

/** Told on a machine that has no front panel. */
const NONE = "none";
/** Told until a part was looked for. */
const UNKNOWN = "not looked for yet";

/** Keeps and tells which parts of the panel's hardware are there. */
export class PanelParts {
  readonly #events: EventLog;
  readonly #exist: boolean;
  readonly #conditions = new Map<PartKind, PartCondition>();

  /** @param exist whether this machine is one that has them */
  constructor(events: EventLog, exist: boolean) {
    this.#events = events;
    this.#exist = exist;
  }

  /** What stands in words for each part: present, none, or why it is absent. */
  get words(): Readonly<Record<PartKind, string>> {
    return {
      display: this.#word("display"),
      leds: this.#word("leds"),
      button: this.#word("button"),
    };
  }

  /** Records an event unless this was told already. */
  changed(kind: PartKind, condition: PartCondition): void {
    if (isSame(this.#conditions.get(kind), condition)) return;
    this.#conditions.set(kind, condition);
    if (condition.state === "present") {
      this.#events.record(FOUND[kind], `${NAMES[kind]} of the front panel is there.`);
    } else {
      const { code, reason } = condition;
      const message = `${NAMES[kind]} of the front panel cannot be used: ${asSentence(reason)}`;
      this.#events.record(LOST[kind], `${message} The box goes on without.`, { code });
    }
  }

  stuck(isStuck: boolean): void {
    if (isStuck) {
      const message = "The button is held for more than 20 s, and is ignored until it is let go.";
      this.#events.record("button-stuck", message);
    } else if (this.#conditions.get("button")?.state !== "absent") {
      this.#events.record("button-found", "The button was let go, and counts again.");
    }
  }

  #word(kind: PartKind): string {
    if (!this.#exist) return NONE;
    const condition = this.#conditions.get(kind);
    if (!condition) return UNKNOWN;
    return condition.state === "present" ? "present" : condition.reason;
  }
}

function isSame(before: PartCondition | undefined, condition: PartCondition): boolean {
  if (before?.state === "absent" && condition.state === "absent") {
    return before.code === condition.code && before.reason === condition.reason;
  }
  return before?.state === condition.state;
}

function asSentence(reason: string): string {
  return reason.endsWith(".") ? reason : `${reason}.`;
}
