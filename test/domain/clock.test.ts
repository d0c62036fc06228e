import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type ClockEvidence,
  CONFIRMATION_MS,
  EARLIEST_MS,
  judgeClock,
  LONGEST_ABSENCE_MS,
  likelyTime,
} from "../../src/domain/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/units.ts";

const MARK_MS = Date.UTC(2030, 0, 1);
const YEAR_2040_MS = Date.UTC(2040, 0, 1);

/** A machine that was just started, whose time is known from flash. */
const started = (given: Partial<ClockEvidence> & { wallMs: number }): ClockEvidence => ({
  now: { wallMs: given.wallMs, elapsedMs: HOUR_MS },
  markMs: MARK_MS,
  authority: "rtc",
  anchor: null,
  heldSince: null,
  ...given,
});
/** A service that trusted its clock an hour ago, at the mark. */
const running = (given: Partial<ClockEvidence> & { wallMs: number }): ClockEvidence => ({
  ...started(given),
  now: { wallMs: given.wallMs, elapsedMs: 2 * HOUR_MS },
  anchor: { wallMs: MARK_MS, elapsedMs: HOUR_MS, byNtp: true },
  ...given,
});
const kind = (evidence: ClockEvidence) => judgeClock(evidence).kind;

describe("the judgement of the clock", () => {
  it("wants somebody to vouch for it", () => {
    assert.equal(kind(started({ wallMs: MARK_MS, authority: null })), "unvouched");
    assert.equal(kind(started({ wallMs: MARK_MS })), "good");
  });

  it("refuses a start in 1970, whoever vouches", () => {
    for (const authority of ["ntp", "administrator", "rtc", "system"] as const) {
      assert.deepEqual(judgeClock(started({ wallMs: 0, authority })), {
        kind: "behind",
        leastMs: MARK_MS,
      });
      assert.deepEqual(judgeClock(started({ wallMs: 0, authority, markMs: 0 })), {
        kind: "behind",
        leastMs: EARLIEST_MS,
      });
    }
  });

  it("lets NTP set it back behind the mark by a minute", () => {
    assert.equal(kind(started({ wallMs: MARK_MS - MINUTE_MS })), "good");
    assert.equal(kind(started({ wallMs: MARK_MS - MINUTE_MS - 1 })), "behind");
  });

  it("believes that a machine was off for 400 days, and no longer", () => {
    assert.equal(kind(started({ wallMs: MARK_MS + LONGEST_ABSENCE_MS })), "good");
    assert.equal(kind(started({ wallMs: MARK_MS + LONGEST_ABSENCE_MS + 1 })), "ahead");
  });

  it("refuses a start in 2040, whoever vouches", () => {
    for (const authority of ["ntp", "administrator", "rtc", "system"] as const) {
      const wallMs = YEAR_2040_MS;
      const verdict = judgeClock(started({ wallMs, authority }));
      assert.ok(verdict.kind === "ahead");
      assert.equal(verdict.expectedMs, MARK_MS);
      assert.equal(verdict.confirmedInMs, null, "only the administrator can confirm it");
    }
  });

  it("believes a box's first clock for ten years, and NTP at any time", () => {
    const first = { markMs: 0, wallMs: YEAR_2040_MS };
    assert.equal(kind(started({ ...first, wallMs: Date.UTC(2034, 0, 1) })), "good");
    assert.equal(kind(started(first)), "ahead");
    assert.equal(kind(started({ ...first, authority: "ntp" })), "good");
  });

  it("lets a running clock go ahead by a day, and no further", () => {
    const expectedMs = MARK_MS + HOUR_MS;
    assert.equal(kind(running({ wallMs: expectedMs + DAY_MS })), "good");
    for (const authority of ["ntp", "administrator", "rtc", "system"] as const) {
      assert.equal(kind(running({ wallMs: expectedMs + DAY_MS + 1, authority })), "ahead");
    }
  });

  it("believes the first answer of a time server in a boot", () => {
    const anchor = { wallMs: MARK_MS, elapsedMs: HOUR_MS, byNtp: false };
    const wallMs = MARK_MS + 40 * DAY_MS;
    assert.equal(kind(running({ wallMs, anchor, authority: "ntp" })), "good");
    assert.equal(kind(running({ wallMs, anchor, authority: "rtc" })), "ahead");
    assert.equal(kind(running({ wallMs: YEAR_2040_MS, anchor, authority: "ntp" })), "ahead");
  });

  it("believes NTP once it has stayed with an unexpected time for a day", () => {
    const heldSince = { wallMs: MARK_MS + 40 * DAY_MS, elapsedMs: 2 * HOUR_MS };
    const later = (ms: number, given: Partial<ClockEvidence> = {}) => {
      const now = { wallMs: heldSince.wallMs + ms, elapsedMs: heldSince.elapsedMs + ms };
      return running({ wallMs: 0, now, heldSince, authority: "ntp", ...given });
    };
    const early = judgeClock(later(CONFIRMATION_MS - 1));
    assert.deepEqual(early.kind === "ahead" && [early.heldSince, early.confirmedInMs], [
      heldSince,
      1,
    ]);
    assert.equal(kind(later(CONFIRMATION_MS)), "good");
    assert.equal(kind(later(CONFIRMATION_MS, { authority: "system" })), "ahead");
  });

  it("begins to wait anew when the unexpected time changes", () => {
    const heldSince = { wallMs: MARK_MS + 40 * DAY_MS, elapsedMs: 2 * HOUR_MS };
    const now = { wallMs: heldSince.wallMs + DAY_MS + 2 * MINUTE_MS, elapsedMs: 26 * HOUR_MS };
    const verdict = judgeClock(running({ wallMs: 0, now, heldSince, authority: "ntp" }));
    assert.deepEqual(verdict.kind === "ahead" && verdict.heldSince, now);
  });

  it("never lets NTP alone confirm more than 400 days", () => {
    const heldSince = { wallMs: YEAR_2040_MS, elapsedMs: 2 * HOUR_MS };
    const now = { wallMs: YEAR_2040_MS + 9 * DAY_MS, elapsedMs: 2 * HOUR_MS + 9 * DAY_MS };
    assert.equal(kind(running({ wallMs: 0, now, heldSince, authority: "ntp" })), "ahead");
  });

  it("goes by the latest time known while the clock cannot be right", () => {
    const likely = (evidence: ClockEvidence) => likelyTime(evidence, judgeClock(evidence));
    const authority = null;
    assert.equal(likely(started({ wallMs: MARK_MS + 1 })), MARK_MS + 1);
    assert.equal(likely(started({ wallMs: 0 })), MARK_MS);
    assert.equal(likely(started({ wallMs: YEAR_2040_MS })), MARK_MS);
    assert.equal(likely(running({ wallMs: YEAR_2040_MS })), MARK_MS + HOUR_MS);
    assert.equal(likely(started({ wallMs: MARK_MS + DAY_MS, authority })), MARK_MS + DAY_MS);
    assert.equal(likely(started({ wallMs: MARK_MS - 1, authority })), MARK_MS);
    assert.equal(likely(started({ wallMs: YEAR_2040_MS, authority })), MARK_MS);
    assert.equal(likely(started({ wallMs: 0, markMs: 0 })), 0);
  });

  it("never believes a clock that is behind the mark or over 400 days ahead of all that is known", () => {
    const ms = fc.integer({ min: 0, max: YEAR_2040_MS });
    const authority = fc.constantFrom("ntp", "administrator", "rtc", "system");
    const moment = fc.record({ wallMs: ms, elapsedMs: fc.integer({ min: 0, max: DAY_MS * 900 }) });
    const evidence = fc.record({
      now: moment,
      markMs: fc.integer({ min: 1, max: YEAR_2040_MS }),
      authority,
      anchor: fc.option(
        fc.record({ ...{ wallMs: ms, elapsedMs: fc.constant(0) }, byNtp: fc.boolean() }),
      ),
      heldSince: fc.option(moment),
    });
    fc.assert(
      fc.property(evidence, (given) => {
        const { now, markMs, anchor } = given as ClockEvidence;
        if (kind(given as ClockEvidence) !== "good") return;
        assert.ok(now.wallMs >= markMs - MINUTE_MS);
        const knownMs = Math.max(markMs, anchor ? anchor.wallMs + now.elapsedMs : 0);
        assert.ok(now.wallMs <= knownMs + LONGEST_ABSENCE_MS);
      }),
      { numRuns: 5000 },
    );
  });
});
