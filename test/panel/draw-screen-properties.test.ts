import assert from "node:assert/strict";
import fc from "fast-check";
import { DAY_MS } from "../../src/domain/units.ts";
import { describeScreen } from "../../src/panel/describe.ts";
import { drawScreen } from "../../src/panel/draw-screen.ts";
import type { PanelFacts } from "../../src/panel/facts.ts";
import type { Framebuffer } from "../../src/panel/framebuffer.ts";
import type { PageName, Screen } from "../../src/panel/screen.ts";
import { panelFacts } from "../support/panel-facts.ts";
import { SIZES } from "./screens.ts";

const text = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc.constantFrom("", " ", "W".repeat(300), "a b ".repeat(60), "Größe ½ ~ 東京 👩‍🚀"),
);
const amount = fc.oneof(
  fc.nat({ max: 60 }),
  fc.nat({ max: 999_999 }),
  fc.constantFrom(0, 1e9, Number.MAX_SAFE_INTEGER),
);
const moment = fc.oneof(
  fc.integer({ min: -DAY_MS, max: 400 * DAY_MS }),
  fc.constantFrom(0, 8.64e15, -8.64e15),
);
const address = fc.oneof(fc.ipV4(), fc.ipV6(), text);

const dns: fc.Arbitrary<PanelFacts["dns"]> = fc.oneof(
  fc.constant({ state: "off" as const }),
  fc.record({ state: fc.constantFrom("pending" as const, "withdrawn" as const), record: text }),
  fc.record({ state: fc.constant("published" as const), record: text, sinceMs: moment }),
  fc.record({ state: fc.constant("failed" as const), record: text, reason: text }),
);

const facts: fc.Arbitrary<PanelFacts> = fc.record({
  nowMs: moment,
  serving: fc.boolean(),
  counts: fc.array(
    fc.record({ name: text, activationCount: amount, activationThreshold: amount }),
    { maxLength: 3 },
  ),
  network: fc.record({
    hostname: text,
    addresses: fc.array(address, { maxLength: 4 }),
    link: fc.constantFrom("up", "down", "unknown"),
    port: fc.nat({ max: 65_535 }),
    webPort: fc.option(fc.nat({ max: 65_535 })),
  }),
  dns,
  clients: fc.record({
    total: amount,
    last: fc.option(fc.record({ hostname: text, atMs: moment })),
    lapsingSoon: amount,
  }),
  health: fc.record({
    clock: fc.record({ trusted: fc.boolean(), detail: text }),
    flash: fc.record({ ok: fc.boolean(), freeBytes: fc.option(amount) }),
    temperatureCelsius: fc.option(fc.double({ min: -60, max: 150, noNaN: true })),
    uptimeMs: fc.oneof(amount, moment),
    version: text,
    lastStart: text,
  }),
  faults: fc.array(
    fc.record({
      level: fc.constantFrom("fault", "attention"),
      code: text,
      title: text,
      nextStep: text,
    }),
    { maxLength: 2 },
  ),
});

const index = fc.nat({ max: 3 });
const name: fc.Arbitrary<PageName> = fc.oneof(
  fc.record({ page: fc.constantFrom("fault", "count"), index }),
  fc.record({ page: fc.constantFrom("network", "dns", "clients", "health", "certificate") }),
);
const action = fc.constantFrom("tap", "code", "restart", "reset", "nothing");
const lengthMs = fc.oneof(fc.nat({ max: 20_000 }), fc.constantFrom(0, -1, 1e12));

/** A single page has no dots, so that all beside its columns is margin. */
const page: fc.Arbitrary<Screen> = fc.record({
  kind: fc.constant("page" as const),
  name,
  position: fc.constant(0),
  pages: fc.constant(1),
  sinceMs: lengthMs,
});
const other: fc.Arbitrary<Screen> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("starting", "restarting", "resetting", "powering-off", "stopped", "off"),
  }),
  fc.record({
    kind: fc.constant("holding" as const),
    heldMs: lengthMs,
    action,
    next: action,
    nextInMs: lengthMs,
  }),
  fc.record({ kind: fc.constant("code" as const), code: text, remainingMs: lengthMs }),
  fc.record({ kind: fc.constant("message" as const), title: text, detail: text }),
  fc.record({ kind: fc.constantFrom("confirm-reset", "restart-offer"), remainingMs: lengthMs }),
);

function litColumns(picture: Framebuffer): number[] {
  return columnsOf(picture).filter((x) => rowsOf(picture).some((y) => picture.get(x, y)));
}

function litPixels(picture: Framebuffer): number {
  return columnsOf(picture).flatMap((x) => rowsOf(picture).filter((y) => picture.get(x, y))).length;
}

const columnsOf = ({ width }: Framebuffer) => Array.from({ length: width }, (_, x) => x);
const rowsOf = ({ height }: Framebuffer) => Array.from({ length: height }, (_, y) => y);

describe("Any screen of any facts", () => {
  const size = fc.constantFrom(...SIZES);

  it("is drawn within its margins", () => {
    fc.assert(
      fc.property(fc.oneof(page, other), facts, size, (screen, facts, size) => {
        const picture = drawScreen(screen, facts, size);
        const columns = litColumns(picture);
        const right = screen.kind === "page" ? 120 : 125;
        assert.ok(columns.every((x) => x >= 1 && x <= right));
        assert.ok(columns.every((x) => !picture.get(x, size.height - 1)));
      }),
      { numRuns: 600 },
    );
  });

  it("loses no pixel by being moved, however far it is asked to", () => {
    const shift = fc.record({
      x: fc.integer({ min: -9, max: 9 }),
      y: fc.integer({ min: -9, max: 9 }),
    });
    const position = fc.nat({ max: 40 });
    fc.assert(
      fc.property(page, position, facts, size, shift, (screen, position, facts, size, shift) => {
        const among = { ...screen, position, pages: 40 };
        const still = drawScreen(among, facts, size);
        assert.equal(litPixels(drawScreen(among, facts, size, shift)), litPixels(still));
      }),
      { numRuns: 100 },
    );
  });

  it("is drawn the same each time", () => {
    fc.assert(
      fc.property(fc.oneof(page, other), facts, size, (screen, facts, size) => {
        assert.ok(drawScreen(screen, facts, size).equals(drawScreen(screen, facts, size)));
      }),
    );
  });

  it("is described in lines that never tell the code", () => {
    fc.assert(
      fc.property(fc.oneof(page, other), facts, (screen, facts) => {
        assert.ok(describeScreen(screen, facts).length > 0);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]{8}$/), lengthMs, (code, remainingMs) => {
        const lines = describeScreen({ kind: "code", code, remainingMs }, panelFacts());
        assert.ok(!lines.join(" ").includes(code));
      }),
    );
  });
});
