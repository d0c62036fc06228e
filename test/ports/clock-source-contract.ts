import assert from "node:assert/strict";
import { CLOCK_AUTHORITIES } from "../../src/domain/clock.ts";
import type { ClockReading, ClockSource } from "../../src/ports/clock.ts";

/** How a source is brought to vouch for the clock, and to vouch for it no more. */
export interface ClockSourceRig {
  readonly source: ClockSource;
  readonly vouch: () => Promise<void>;
  readonly fall: () => Promise<void>;
}

/** What every source of the time must do. */
export function clockSourceContract(name: string, open: () => Promise<ClockSourceRig>): void {
  describe(`${name}, as any source of the time,`, () => {
    let rig: ClockSourceRig;
    beforeEach(async () => {
      rig = await open();
    });

    const assertForm = (reading: ClockReading) => {
      assert.match(reading.name, /^[a-z]+$/);
      assert.ok(CLOCK_AUTHORITIES.includes(reading.authority));
      assert.match(reading.detail, /^\S.*[^.\s]$/, "a clause without a full stop");
      assert.ok(reading.ageMs === null || reading.ageMs >= 0);
    };

    it("answers at once, with nothing of the system there", () => {
      assertForm(rig.source.read());
    });

    it("vouches when it is right to, and says otherwise why not", async () => {
      const { source, vouch, fall } = rig;
      assert.equal(source.read().trusted, false);
      await vouch();
      const good = source.read();
      assertForm(good);
      assert.equal(good.trusted, true);
      await fall();
      const bad = source.read();
      assertForm(bad);
      assert.equal(bad.trusted, false);
      assert.deepEqual([bad.name, bad.authority], [good.name, good.authority]);
      assert.notEqual(bad.detail, good.detail);
    });
  });
}
