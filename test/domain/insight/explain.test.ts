import assert from "node:assert/strict";
import {
  type Circumstances,
  explainAbsent,
  explainRecord,
  explainUnknown,
} from "../../../src/domain/insight/explain.ts";
import { DEFAULT_POLICY } from "../../../src/domain/policy.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/domain/units.ts";
import { contact } from "../../support/contacts.ts";
import { START_MS } from "../../support/fake-clock.ts";

const PRODUCT = { id: "writer", name: "Writer", application: "office", threshold: 25 };
const DAY_OF_START = START_MS / DAY_MS;

const around = (given: Partial<Circumstances> = {}): Circumstances => ({
  nowMs: START_MS,
  policy: DEFAULT_POLICY,
  cover: { kind: "licensed", product: PRODUCT, count: 25 },
  trouble: undefined,
  refusal: undefined,
  day: (timeMs) => `day ${Math.round(timeMs / DAY_MS - DAY_OF_START)}`,
  ...given,
});
const of = (agoMs: number, leaseDays?: number) =>
  contact(17, {
    hostname: "PC-17",
    lastContactMs: START_MS - agoMs,
    leaseExpiresMs: leaseDays === undefined ? 0 : START_MS + leaseDays * DAY_MS,
  });
const few = (count: number) => around({ cover: { kind: "licensed", product: PRODUCT, count } });
const untrusted = { state: "clock-untrusted", reason: "NTP has not answered." } as const;
const refusal = { atMs: START_MS - 3 * MINUTE_MS, message: "Too many requests." };

/** One line for each state: whether it is activated, the state, and the whole sentence. */
const CASES = [
  [
    explainRecord(of(40 * MINUTE_MS), few(23)),
    [false, "count-below-threshold"],
    "PC-17 is not activated for Writer because the count is 23 of 25; it last asked 40 minutes ago; two more machines are needed.",
  ],
  [
    explainRecord(of(HOUR_MS), few(24)),
    [false, "count-below-threshold"],
    "PC-17 is not activated for Writer because the count is 24 of 25; it last asked 1 hour ago; one more machine is needed.",
  ],
  [
    explainRecord(of(HOUR_MS, -3), few(1)),
    [false, "count-below-threshold"],
    "PC-17 has not been activated for Writer since day -3 because the count is 1 of 25; it last asked 1 hour ago; 24 more machines are needed.",
  ],
  [
    explainRecord(of(10_000), around()),
    [false, "waiting"],
    "PC-17 is not activated for Writer yet: the count is 25 of 25 now; it last asked less than a minute ago and tries again every 2 hours.",
  ],
  [
    explainRecord(of(3 * DAY_MS, 177), around()),
    [true, "activated"],
    "PC-17 is activated for Writer until day 177; it last asked 3 days ago.",
  ],
  [
    explainRecord(of(12 * DAY_MS, 168), around()),
    [true, "overdue"],
    "PC-17 is activated for Writer until day 168, but it has not asked for 12 days, and should every 7 days; from day 18 on it will not count.",
  ],
  [
    explainRecord(of(12 * DAY_MS, -1), around()),
    [false, "overdue"],
    "PC-17 has not been activated for Writer since day -1 because it has not asked for 12 days, and should every 7 days.",
  ],
  [
    explainRecord(of(HOUR_MS, 179), few(23)),
    [true, "count-below-threshold"],
    "PC-17 is activated for Writer until day 179, but cannot renew because the count is 23 of 25; it last asked 1 hour ago; two more machines are needed.",
  ],
  [
    explainRecord(of(HOUR_MS), around({ trouble: untrusted })),
    [false, "clock-untrusted"],
    "PC-17 is not activated for Writer because this host's clock is not trusted: NTP has not answered.",
  ],
  [
    explainRecord(of(HOUR_MS), around({ trouble: { state: "storage-failed", reason: "EIO" } })),
    [false, "storage-failed"],
    "PC-17 is not activated for Writer because this host cannot store anything: EIO.",
  ],
  [
    explainRecord(of(HOUR_MS), around({ cover: { kind: "not-licensed", name: "writer" } })),
    [false, "not-licensed"],
    "PC-17 is not activated for writer because no valid licence on this host covers it; install one that does.",
  ],
  [
    explainRecord(of(HOUR_MS), around({ cover: { kind: "licence-expired", name: "Writer" } })),
    [false, "licence-expired"],
    "PC-17 is not activated for Writer because the licence for it has expired; ask the vendor for a new one.",
  ],
  [
    explainRecord(of(HOUR_MS), around({ refusal })),
    [false, "refused"],
    "PC-17 is not activated for Writer because its last request, 3 minutes ago, was refused: Too many requests.",
  ],
  [
    explainAbsent(of(50 * DAY_MS, 130), around()),
    [true, "discarded"],
    "PC-17 is activated for Writer until day 130, but has not asked since day -50 and no longer counts since day -20.",
  ],
  [
    explainUnknown("PC-99", around(), undefined),
    [false, "unknown"],
    'PC-99 has not asked this host within the last 30 days: run "kms-client doctor" on it, and see that its name is the one that "kms-box clients" shows.',
  ],
  [
    explainUnknown("PC-99", around(), refusal, "writer"),
    [false, "refused"],
    "PC-99 is not activated for writer because its last request was refused: Too many requests.",
  ],
] as const;

describe("an explanation", () => {
  for (const [{ activated, state, sentence }, told, expected] of CASES) {
    it(expected, () => {
      assert.deepEqual([activated, state, sentence], [...told, expected]);
    });
  }

  it("heeds no refusal that a later request was counted after", () => {
    const before = { ...refusal, atMs: START_MS - 2 * HOUR_MS };
    assert.equal(explainRecord(of(HOUR_MS), around({ refusal: before })).state, "waiting");
  });
});
