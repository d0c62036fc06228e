import assert from "node:assert/strict";
import { DEFAULT_POLICY } from "../../../src/domain/policy.ts";
import { DAY_MS, HOUR_MS, SECOND_MS } from "../../../src/domain/units.ts";
import { byClient, pausesMs, type Recorded, record } from "../../support/recorded-simulation.ts";

const LEAVE_MS = 14 * DAY_MS;
const JOIN_DAY = 225;
const JOIN_MS = (JOIN_DAY - 1) * DAY_MS;
const RETENTION_MS = DEFAULT_POLICY.cmidRetentionMs;
const VALIDITY_MS = DEFAULT_POLICY.activationValidityMs;
/** A client may come up to 5 % before its interval ends, so that a fleet spreads out. */
const EARLIEST_PART = 0.95;

function assertEvery(pauses: readonly number[], intervalMs: number): void {
  for (const pause of pauses) {
    assert.ok(pause <= intervalMs, `${pause} ms is later than every ${intervalMs}`);
    assert.ok(pause >= EARLIEST_PART * intervalMs - 1, `${pause} ms is too early`);
  }
}

describe("The reference story: 25 clients, two leave, two join", () => {
  let story: Recorded;
  let leavers: string[];
  let stayers: string[];
  /** Last contact of those that left. */
  let lastHeardMs: number;

  before(() => {
    story = record({ story: "decommission" });
    const clients = [...byClient(story.contacts)];
    const first = clients.filter(([, own]) => (own[0]?.timeMs ?? 0) < DAY_MS);
    leavers = first.filter(([, own]) => (own.at(-1)?.timeMs ?? 0) < LEAVE_MS).map(([cmid]) => cmid);
    stayers = first.filter(([cmid]) => !leavers.includes(cmid)).map(([cmid]) => cmid);
    const farewells = story.contacts.filter(({ cmid }) => leavers.includes(cmid));
    lastHeardMs = Math.max(...farewells.map(({ timeMs }) => timeMs));
  });

  it("activates 25 clients once all of them have asked", () => {
    assert.equal(story.timeline.threshold, 25);
    const [firstDay, secondDay] = story.timeline.days;
    assert.equal(firstDay?.count, 25);
    assert.equal(secondDay?.clients.licensed, 25);
    const early = story.contacts.filter(({ count }) => count < 25).slice(0, 24);
    assert.ok(early.every(({ activated }) => !activated));
  });

  it("lets the two that leave expire 30 days after their last contact", () => {
    assert.equal(leavers.length, 2);
    assert.equal(stayers.length, 23);
    const dayAfter = Math.floor((lastHeardMs + RETENTION_MS) / DAY_MS) + 1;
    assert.equal(story.timeline.days[dayAfter - 1]?.count, 23);
    const lost = story.timeline.turns.find(({ kind }) => kind === "threshold-lost");
    const farewells = leavers.map(
      (cmid) => story.contacts.findLast((contact) => contact.cmid === cmid)?.timeMs ?? 0,
    );
    assert.equal(lost?.timeMs, Math.min(...farewells) + RETENTION_MS);
    assert.equal(
      story.timeline.days.reduce((sum, { discarded }) => sum + discarded, 0),
      2,
    );
  });

  it("activates nobody while the count is 23", () => {
    const below = story.contacts.filter(
      ({ timeMs }) => timeMs > lastHeardMs + RETENTION_MS && timeMs < JOIN_MS,
    );
    assert.ok(below.length > 23 * 12 * 170);
    assert.ok(below.every(({ activated, count }) => !activated && count === 23));
    for (const day of story.timeline.days.slice(44, JOIN_DAY - 1)) {
      assert.equal(day.count, 23);
      assert.equal(day.activations, 0);
      assert.equal(day.retries, day.refusals);
    }
  });

  it("lets all 23 retry every two hours within 7 days after", () => {
    const lostMs = lastHeardMs + RETENTION_MS;
    const all = story.timeline.turns.find(({ kind }) => kind === "all-retrying");
    assert.equal(all?.clients, 23);
    assert.ok(all.timeMs <= lostMs + 7 * DAY_MS);
    for (const cmid of stayers) {
      const retries = story.contacts.filter(
        (contact) =>
          contact.cmid === cmid && contact.timeMs > all.timeMs && contact.timeMs < JOIN_MS,
      );
      assert.ok(retries.every(({ retry }) => retry));
      assertEvery(pausesMs(retries), 2 * HOUR_MS);
    }
  });

  it("counts every failure of every client", () => {
    const failures = story.contacts.filter(({ activated }) => !activated).length;
    assert.equal(
      story.timeline.days.reduce((sum, { refusals }) => sum + refusals, 0),
      failures,
    );
  });

  it("keeps each of the 23 activated to its own day 180, and no longer", () => {
    for (const cmid of stayers) {
      const own = story.contacts.filter((contact) => contact.cmid === cmid);
      const success = own.findLast(({ activated, timeMs }) => activated && timeMs < JOIN_MS);
      const end = story.changes.find(
        (change) => change.cmid === cmid && change.from === "licensed",
      );
      assert.equal(end?.to, "out-of-tolerance-grace");
      const activatedMs = end.timeMs - (success?.timeMs ?? 0);
      assert.ok(activatedMs <= VALIDITY_MS && activatedMs > VALIDITY_MS - SECOND_MS);
      const reported = own.filter(({ timeMs }) => timeMs > DAY_MS * 2 && timeMs < end.timeMs);
      assert.ok(reported.every(({ status }) => status === "licensed"));
    }
  });

  it("activates all 25 within two hours after two new clients joined", () => {
    const after = story.contacts.filter(({ timeMs }) => timeMs >= JOIN_MS);
    assert.deepEqual(
      after.slice(0, 2).map(({ activated, count }) => ({ activated, count })),
      [
        { activated: false, count: 24 },
        { activated: true, count: 25 },
      ],
    );
    const renewing = story.timeline.turns.findLast(({ kind }) => kind === "all-renewing");
    assert.equal(renewing?.clients, 25);
    assert.ok(renewing.timeMs <= JOIN_MS + 2 * HOUR_MS);
  });

  it("returns all 25 to the 7-day rhythm", () => {
    const after = story.contacts.filter(({ timeMs }) => timeMs > JOIN_MS + 2 * HOUR_MS);
    const clients = [...byClient(after)];
    assert.equal(clients.length, 25);
    assert.ok(after.every(({ activated, retry }) => activated && !retry));
    for (const [, own] of clients) {
      assert.ok(own.length >= 10);
      assertEvery(pausesMs(own), 7 * DAY_MS);
    }
    assert.equal(story.timeline.days.at(-1)?.clients.licensed, 25);
  });

  it("costs nobody its activation if the two join in time", () => {
    const { timeline, changes } = record({ story: "decommission", joinDay: 100, days: 260 });
    assert.ok(changes.every(({ from }) => from !== "licensed"));
    assert.equal(timeline.days[98]?.clients.licensed, 23);
    assert.equal(timeline.days[98]?.retrying, 23);
    assert.equal(timeline.days[100]?.clients.licensed, 25);
    assert.equal(timeline.days.at(-1)?.retrying, 0);
  });
});
