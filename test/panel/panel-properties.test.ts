import assert from "node:assert/strict";
import fc from "fast-check";
import { nextDueMs } from "../../src/panel/panel-due.ts";
import { type PanelEvent, stepPanel } from "../../src/panel/panel-machine.ts";
import { initialPanel, type PanelEffect, type PanelState } from "../../src/panel/panel-state.ts";
import { viewOf } from "../../src/panel/panel-view.ts";
import { pagesWith } from "./machine-rigs.ts";

const OPTIONS = { pageMs: 1500, dimAfterMs: 4000, offAfterMs: 7000 };
const END_MS = 25_000;

const LISTS = [pagesWith(), pagesWith("a"), pagesWith("!b"), pagesWith("a", "b", "!c"), []];

const anyTime = fc.integer({ min: 0, max: END_MS });
const at = <K extends object>(event: K) => anyTime.map((atMs) => ({ ...event, atMs }));

interface Press {
  readonly pauseMs: number;
  readonly heldMs: number;
  readonly bounceMs: number;
}

/** Of all lengths, with or without a bounce, and as often as not soon after the one before. */
const press: fc.Arbitrary<Press> = fc.record({
  pauseMs: fc.oneof(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 8000 })),
  heldMs: fc.oneof(
    fc.integer({ min: 20, max: 500 }),
    fc.integer({ min: 2900, max: 7000 }),
    fc.integer({ min: 11_900, max: 21_000 }),
  ),
  bounceMs: fc.integer({ min: 0, max: 35 }),
});

function contacts(presses: readonly Press[]): PanelEvent[] {
  let nowMs = 0;
  return presses.flatMap(({ pauseMs, heldMs, bounceMs }) => {
    const downMs = nowMs + pauseMs;
    nowMs = downMs + heldMs;
    const contact = (pressed: boolean, atMs: number) =>
      ({ kind: "contact", pressed, atMs }) as const;
    return [
      contact(true, downMs),
      contact(false, downMs + Math.min(bounceMs, heldMs)),
      contact(true, downMs + Math.min(bounceMs, heldMs)),
      contact(false, nowMs),
    ];
  });
}

/** What stands on the display when it is done. */
const SAID = {
  "issue-code": "holding",
  restart: "restart-offer",
  "power-off": "restart-offer",
  "factory-reset": "confirm-reset",
};

const other = fc.oneof(
  fc.nat(LISTS.length - 1).chain((index) => at({ kind: "pages", pages: LISTS[index] ?? [] })),
  at({ kind: "serving" } as const),
  at({ kind: "code-gone" } as const),
  at({ kind: "code-failed", title: "NO CODE", detail: "" } as const),
  at({ kind: "action-failed", title: "FAILED", detail: "" } as const),
  fc.boolean().chain((present) => at({ kind: "button-condition", present } as const)),
  anyTime.map(
    (atMs) => ({ kind: "code-issued", code: "X", expiresMs: atMs + 3500, atMs }) as const,
  ),
  fc
    .constantFrom("restarting", "resetting", "powering-off", "stopped")
    .chain((kind) => at({ kind } as const)),
) as fc.Arbitrary<PanelEvent>;

/** All that may happen within the time, in its order; the button is there and the host serves. */
const course = fc
  .tuple(fc.array(press, { maxLength: 5 }), fc.array(other, { maxLength: 6 }))
  .map(([presses, others]): PanelEvent[] => [
    { kind: "button-condition", present: true, atMs: 0 },
    { kind: "pages", pages: pagesWith(), atMs: 0 },
    { kind: "serving", atMs: 0 },
    ...[...contacts(presses), ...others].sort((one, next) => one.atMs - next.atMs),
  ]);

interface Course {
  state: PanelState;
  /** With what the display showed before. */
  readonly effects: { kind: PanelEffect["kind"]; atMs: number; shown: string }[];
}

function take(run: Course, event: PanelEvent): void {
  const { state, effects } = stepPanel(run.state, event);
  const shown = viewOf(run.state).screen.kind;
  run.state = state;
  run.effects.push(...effects.map(({ kind }) => ({ kind, atMs: event.atMs, shown })));
}

function begin(): Course {
  return { state: initialPanel(OPTIONS, 0), effects: [] };
}

function passTo(run: Course, atMs: number): void {
  for (let due = nextDueMs(run.state); due !== null && due <= atMs; ) {
    take(run, { kind: "time", atMs: due });
    due = nextDueMs(run.state);
  }
}

function play(events: readonly PanelEvent[]): Course {
  const run = begin();
  for (const event of events) {
    passTo(run, event.atMs);
    take(run, event);
  }
  passTo(run, run.state.atMs + 2 * END_MS);
  return run;
}

/** What an eye sees; how long a page has been shown is for its drawing. */
function seen(state: PanelState): string {
  const { screen, brightness, shift } = viewOf(state);
  return JSON.stringify({
    screen: screen.kind === "page" ? { ...screen, sinceMs: 0 } : screen,
    brightness,
    shift: brightness === "off" ? null : shift,
  });
}

describe("the panel, whatever happens", () => {
  it("shows the same at every millisecond, whether stepped then or only when it asks for it", () => {
    fc.assert(
      fc.property(course, (events) => {
        const always = begin();
        const seldom = begin();
        let next = 0;
        for (let atMs = 0; atMs <= END_MS; atMs++) {
          take(always, { kind: "time", atMs });
          passTo(seldom, atMs);
          for (let event = events[next]; event && event.atMs <= atMs; event = events[++next]) {
            take(always, event);
            take(seldom, event);
          }
          assert.equal(seen(seldom.state), seen(always.state));
        }
        assert.deepEqual(seldom.effects, always.effects);
      }),
      { numRuns: 12 },
    );
  }).timeout(60_000);

  it("never asks to be stepped at a time that has passed, and rests in the end", () => {
    fc.assert(
      fc.property(course, (events) => {
        const run = begin();
        for (const event of events) {
          passTo(run, event.atMs);
          take(run, event);
          const due = nextDueMs(run.state);
          assert.ok(due === null || due > run.state.atMs);
        }
      }),
    );
  });

  it("does nothing before a press is let go", () => {
    fc.assert(
      fc.property(course, (events) => {
        const pressed = events.filter((event) => event.kind !== "contact" || event.pressed);
        const kinds = play(pressed).effects.map(({ kind }) => kind);
        assert.ok(kinds.every((kind) => kind === "button-stuck" || kind === "button-freed"));
      }),
    );
  });

  it("does only what the display says, and one thing for each time the button is let go", () => {
    const done = new Set<string>();
    fc.assert(
      fc.property(course, (events) => {
        const actions = play(events).effects.filter(({ kind }) => !kind.startsWith("button-"));
        for (const { kind, shown } of actions) {
          assert.equal(shown, SAID[kind as keyof typeof SAID]);
          done.add(kind);
        }
        const releases = events.filter((event) => event.kind === "contact" && !event.pressed);
        assert.ok(actions.length <= releases.length);
      }),
      { numRuns: 2000 },
    );
    assert.deepEqual([...done].sort(), ["factory-reset", "issue-code", "power-off", "restart"]);
  });
});
