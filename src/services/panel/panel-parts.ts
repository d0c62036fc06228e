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

/** Told where no hardware is expected and none was found. */
const NONE = "none";

/** Keeps and tells which parts of the panel's hardware are there. */
export class PanelParts {
  readonly #events: EventLog;
  readonly #expected: boolean;
  readonly #conditions = new Map<PartKind, PartCondition>();

  /** @param expected whether this machine should have the parts, so that absent ones are told */
  constructor(events: EventLog, expected: boolean) {
    this.#events = events;
    this.#expected = expected;
  }

  /** What stands in words for each part: present, none, or why it is absent. */
  get words(): Readonly<Record<PartKind, string>> {
    return {
      display: this.#word("display"),
      leds: this.#word("leds"),
      button: this.#word("button"),
    };
  }

  changed(kind: PartKind, condition: PartCondition): void {
    const before = this.#conditions.get(kind);
    this.#conditions.set(kind, condition);
    if (condition.state === "present") {
      this.#events.record(FOUND[kind], `${NAMES[kind]} of the front panel is there.`);
    } else if (this.#expected || before?.state === "present") {
      const { code, reason } = condition;
      const again = "The box goes on without and looks for it again.";
      const message = `${NAMES[kind]} of the front panel is absent: ${reason}. ${again}`;
      this.#events.record(LOST[kind], message, { code });
    }
  }

  stuck(isStuck: boolean): void {
    if (isStuck) {
      const message = "The button is held for more than 20 s, and is ignored until it is let go.";
      this.#events.record("button-stuck", message);
    } else {
      this.#events.record("button-found", "The button was let go, and counts again.");
    }
  }

  #word(kind: PartKind): string {
    const condition = this.#conditions.get(kind);
    if (condition?.state === "present") return "present";
    return condition && this.#expected ? condition.reason : NONE;
  }
}
