import assert from "node:assert/strict";
import { Admission } from "../../src/domain/admission.ts";

/** Virtual time: pieces of work that are done in groups, as writes to flash are. */
class Machine {
  readonly admission: Admission;
  nowMs = 0;

  constructor(admission: Admission) {
    this.admission = admission;
  }

  /** So many ask at once; returns how many are let in. */
  ask(pieces: number): number {
    return Array.from({ length: pieces }, () => this.admission.enter(this.nowMs)).filter(Boolean)
      .length;
  }

  /** One after the other is done, each after a time. */
  finish(pieces: number, eachMs: number): void {
    for (let n = 0; n < pieces; n++) {
      this.nowMs += eachMs;
      this.admission.leave(this.nowMs);
    }
  }

  /** Everything inside is done at the same moment. */
  finishTogether(afterMs: number): void {
    this.nowMs += afterMs;
    this.finish(this.admission.inside, 0);
  }

  /** Arrivals and completions at a steady pace for a while; returns how many were turned away. */
  flow(forMs: number, arrivalMs: number, doneMs: number): number {
    const endMs = this.nowMs + forMs;
    let [arriveAt, doneAt, turnedAway] = [this.nowMs, this.nowMs + doneMs, 0];
    while (this.nowMs < endMs) {
      this.nowMs = Math.min(arriveAt, doneAt);
      if (this.nowMs === doneAt) {
        if (this.admission.inside > 0) this.admission.leave(this.nowMs);
        doneAt += doneMs;
      }
      if (this.nowMs === arriveAt) {
        turnedAway += 1 - this.ask(1);
        arriveAt += arrivalMs;
      }
    }
    return turnedAway;
  }
}

function machine(mostAtOnce = 4096): Machine {
  return new Machine(new Admission(mostAtOnce, 500));
}

describe("admission", () => {
  it("lets everybody in while nothing is known", () => {
    assert.equal(machine().ask(1000), 1000);
  });

  it("never lets more in than may be inside at once", () => {
    const host = machine(100);
    assert.equal(host.ask(150), 100);
    host.finish(10, 1);
    assert.equal(host.admission.inside, 90);
    assert.equal(host.ask(50), 10);
  });

  it("turns away whoever would wait too long, by the pace at which work gets done", () => {
    const host = machine();
    assert.equal(host.ask(200), 200);
    host.finish(100, 10);
    assert.equal(host.ask(1), 0, "100 inside at 10 ms each would wait a second");
    host.finish(60, 10);
    assert.equal(host.ask(1), 1, "40 inside at 10 ms each wait less than half a second");
  });

  it("always lets a few in, however slow it is", () => {
    const host = machine();
    host.ask(300);
    host.finish(300, 100);
    assert.equal(host.ask(100), 32);
  });

  it("turns away at once when nothing gets done any more", () => {
    const host = machine();
    host.ask(40);
    host.nowMs += 500;
    assert.equal(host.ask(1), 1);
    host.nowMs += 1;
    assert.equal(host.ask(1), 0);
  });

  it("keeps most of the waiting time within the bound under a steady overload", () => {
    const host = machine();
    const turnedAway = host.flow(20_000, 1, 10);
    assert.ok(turnedAway > 15_000, `only ${turnedAway} were turned away`);
    assert.ok(host.admission.inside <= 64, `${host.admission.inside} inside`);
  });

  it("turns nobody away at a pace that the machine can keep", () => {
    assert.equal(machine().flow(20_000, 10, 5), 0);
  });

  it("recovers after an overload without a rest", () => {
    const host = machine();
    host.flow(20_000, 1, 10);
    host.flow(2000, 20, 2);
    assert.equal(host.flow(5000, 3, 2), 0);
    assert.ok(host.ask(150) >= 150);
  });

  it("takes a pause without work for no slow completion", () => {
    const host = machine();
    for (let n = 0; n < 50; n++) {
      assert.equal(host.ask(1), 1);
      host.finish(1, 2);
      host.nowMs += 60_000;
    }
    assert.equal(host.ask(200), 200);
  });

  it("takes slow writes one at a time for no slow machine: many share one", () => {
    const host = machine();
    for (let n = 0; n < 200; n++) {
      assert.equal(host.ask(1), 1);
      host.finish(1, 60);
    }
    assert.equal(host.ask(200), 200);
    host.finishTogether(60);
    assert.equal(host.ask(200), 200);
  });

  it("takes one piece that hung for a while for no slow machine", () => {
    const host = machine();
    for (let n = 0; n < 100; n++) {
      host.ask(8);
      host.finish(8, 1);
    }
    host.ask(1);
    host.finish(1, 8000);
    assert.equal(host.ask(40), 40);
  });
});
