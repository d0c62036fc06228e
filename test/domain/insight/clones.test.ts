import assert from "node:assert/strict";
import { clonesAmong, noteChange, type Sighting } from "../../../src/domain/insight/clones.ts";
import type { SeenDevice } from "../../../src/domain/ledger.ts";
import { DEFAULT_POLICY } from "../../../src/domain/policy.ts";
import { DAY_MS } from "../../../src/domain/units.ts";

/** Who asked under one CMID: name, fingerprint and day, in the order of time. */
type Contacts = readonly (readonly [hostname: string, fingerprint: string, day: number])[];

function watched(contacts: Contacts) {
  let sightings: Sighting[] = [];
  let last: SeenDevice | undefined;
  for (const [hostname, fingerprint, day] of contacts) {
    const now = { hostname, fingerprint, lastContactMs: day * DAY_MS };
    if (last) sightings = noteChange(sightings, { cmid: "c", before: last, now }, DEFAULT_POLICY);
    last = now;
  }
  return { sightings, last };
}

function clones(contacts: Contacts, day: number) {
  const { sightings, last } = watched(contacts);
  return clonesAmong(sightings, DEFAULT_POLICY, day * DAY_MS, () => last).map(
    ({ evidence, active, machines }) => [evidence, active, machines.length],
  );
}

describe("clones", () => {
  it("are machines of which one comes back after another has come", () => {
    assert.deepEqual(
      clones(
        [
          ["a", "1", 1],
          ["b", "2", 9],
          ["a", "1", 17],
        ],
        17,
      ),
      [["alternation", true, 2]],
    );
  });

  it("are found by their names where their fingerprints are the same", () => {
    assert.deepEqual(
      clones(
        [
          ["a", "1", 1],
          ["b", "1", 2],
          ["a", "1", 3],
        ],
        3,
      ),
      [["alternation", true, 2]],
    );
  });

  it("are two fingerprints within less than a renewal interval", () => {
    assert.deepEqual(
      clones(
        [
          ["a", "1", 1],
          ["a", "2", 3],
        ],
        3,
      ),
      [["overlap", true, 2]],
    );
    assert.deepEqual(
      clones(
        [
          ["a", "1", 1],
          ["a", "2", 8],
        ],
        8,
      ),
      [],
    );
  });

  it("are not a machine that is renamed, with or without its domain", () => {
    assert.deepEqual(
      clones(
        [
          ["a", "1", 1],
          ["b", "1", 2],
        ],
        2,
      ),
      [],
    );
    assert.deepEqual(
      clones(
        [
          ["a", "1", 1],
          ["A.office", "1", 2],
          ["a", "1", 3],
        ],
        3,
      ),
      [],
    );
  });

  it("are active until only one of them goes on asking, and told for the retention", () => {
    const contacts: Contacts = [
      ["a", "1", 1],
      ["b", "2", 2],
      ["a", "1", 3],
      ["a", "1", 20],
    ];
    assert.deepEqual(clones(contacts, 20), [["alternation", false, 2]]);
    assert.deepEqual(clones(contacts, 31), [["alternation", false, 2]]);
    assert.deepEqual(clones(contacts, 33), []);
  });

  it("are forgotten with their CMID", () => {
    const { sightings } = watched([
      ["a", "1", 1],
      ["b", "2", 2],
    ]);
    assert.deepEqual(
      clonesAmong(sightings, DEFAULT_POLICY, 2 * DAY_MS, () => undefined),
      [],
    );
  });

  it("take no more memory however many come", () => {
    let sightings: Sighting[] = [];
    for (let n = 0; n < 1000; n++) {
      const device = (day: number) => ({
        hostname: `pc-${n}-${day}`,
        fingerprint: `${n % 7}-${day}`,
        lastContactMs: day * DAY_MS,
      });
      const change = {
        cmid: `${Math.floor(n / 20)}`,
        before: device(n / 1000),
        now: device(n / 1000 + 0.0001),
      };
      sightings = noteChange(sightings, change, DEFAULT_POLICY);
    }
    assert.equal(sightings.length, 32);
    assert.ok(sightings.every(({ machines }) => machines.length === 4));
  });
});
