import assert from "node:assert/strict";
import {
  type ClientEffect,
  type ClientEvent,
  type ClientState,
  type InstalledState,
  remainingMinutes,
  standingAt,
  standingNow,
  stepClient,
  timeAt,
  UNINSTALLED,
  withoutLease,
} from "../../src/domain/client-state.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../src/domain/units.ts";

const T0 = Date.UTC(2030, 0, 1);

class Machine {
  state: ClientState = UNINSTALLED;
  effects: readonly ClientEffect[] = [];

  apply(event: ClientEvent): this {
    const { state, effects } = stepClient(this.state, event, DEFAULT_POLICY);
    this.state = state;
    this.effects = effects;
    return this;
  }

  get installed(): InstalledState {
    assert.equal(this.state.kind, "installed");
    return this.state as InstalledState;
  }

  get wakeAfterMs(): number {
    const wake = this.effects.find((effect) => effect.type === "wake");
    assert.ok(wake, `no wake in ${JSON.stringify(this.effects)}`);
    return wake.afterMs;
  }

  get attempts(): boolean {
    return this.effects.some((effect) => effect.type === "attempt");
  }

  get steps(): ClientEffect[] {
    return this.effects.filter((effect) => effect.type === "clock-stepped");
  }

  statusAt(wallMs: number): string {
    return standingNow(this.state, { wallMs }, DEFAULT_POLICY).status;
  }
}

const succeeded = (wallMs: number, over: Partial<SucceededEvent> = {}): SucceededEvent => ({
  type: "attempt-succeeded",
  at: { wallMs },
  random: 0,
  lease: { issuedMs: wallMs, expiresMs: wallMs + 180 * DAY_MS },
  renewalIntervalMs: 7 * DAY_MS,
  retryIntervalMs: 2 * HOUR_MS,
  ...over,
});
type SucceededEvent = Extract<ClientEvent, { type: "attempt-succeeded" }>;

const refused = (wallMs: number, random = 0): ClientEvent => ({
  type: "attempt-refused",
  at: { wallMs },
  random,
  count: 23,
  threshold: 25,
  retryIntervalMs: 2 * HOUR_MS,
});

const failed = (wallMs: number, retryAfterMs?: number, random = 0): ClientEvent => ({
  type: "attempt-failed",
  at: { wallMs },
  random,
  reason: "host-unreachable",
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

const installedAt = (wallMs: number) => new Machine().apply({ type: "installed", at: { wallMs } });

describe("a client's licence states", () => {
  it("is unlicensed before it is installed", () => {
    const standing = standingAt(UNINSTALLED, T0, DEFAULT_POLICY);
    assert.deepEqual(standing, { status: "unlicensed", endsMs: null });
    assert.equal(remainingMinutes(standing, T0), 0);
    assert.equal(timeAt(UNINSTALLED, { wallMs: T0 }, DEFAULT_POLICY), T0);
  });

  it("begins the initial grace at install, and tries at once", () => {
    const machine = installedAt(T0);
    assert.deepEqual(machine.effects, [
      { type: "status-changed", from: "unlicensed", to: "initial-grace" },
      { type: "attempt" },
    ]);
    const standing = standingAt(machine.state, T0, DEFAULT_POLICY);
    assert.equal(remainingMinutes(standing, T0), 30 * 24 * 60);
  });

  it("comes to notification when the initial grace ends", () => {
    const machine = installedAt(T0).apply(failed(T0));
    assert.equal(machine.statusAt(T0 + 30 * DAY_MS - 1), "initial-grace");
    machine.apply({ type: "tick", at: { wallMs: T0 + 30 * DAY_MS } });
    assert.deepEqual(machine.effects[0], {
      type: "status-changed",
      from: "initial-grace",
      to: "notification",
    });
  });

  it("is licensed for 180 days, then in grace for 30, then in notification", () => {
    const machine = installedAt(T0).apply(succeeded(T0));
    assert.equal(machine.statusAt(T0), "licensed");
    assert.equal(machine.statusAt(T0 + 180 * DAY_MS - 1), "licensed");
    assert.equal(machine.statusAt(T0 + 180 * DAY_MS), "out-of-tolerance-grace");
    assert.equal(machine.statusAt(T0 + 210 * DAY_MS - 1), "out-of-tolerance-grace");
    assert.equal(machine.statusAt(T0 + 210 * DAY_MS), "notification");
  });

  it("counts the remaining minutes up to a whole one", () => {
    assert.equal(remainingMinutes({ status: "licensed", endsMs: T0 + 1 }, T0), 1);
    assert.equal(remainingMinutes({ status: "licensed", endsMs: T0 + MINUTE_MS }, T0), 1);
    assert.equal(remainingMinutes({ status: "licensed", endsMs: T0 - 1 }, T0), 0);
  });

  it("wakes for the end of a state that comes before the next attempt", () => {
    const machine = installedAt(T0).apply(failed(T0 + 30 * DAY_MS - HOUR_MS));
    assert.equal(machine.wakeAfterMs, HOUR_MS);
  });

  it("comes back from notification with one activation", () => {
    const machine = installedAt(T0).apply({ type: "tick", at: { wallMs: T0 + 400 * DAY_MS } });
    machine.apply(succeeded(T0 + 400 * DAY_MS));
    assert.deepEqual(machine.effects[0], {
      type: "status-changed",
      from: "notification",
      to: "licensed",
    });
  });

  it("survives JSON", () => {
    const { state } = installedAt(T0)
      .apply(succeeded(T0))
      .apply(refused(T0 + 7 * DAY_MS));
    assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
  });
});

describe("a client's schedule", () => {
  it("renews every seven days and up to five per cent early", () => {
    const machine = installedAt(T0).apply(succeeded(T0));
    assert.equal(machine.wakeAfterMs, 7 * DAY_MS);
    machine.apply(succeeded(T0, { random: 0.999999 }));
    assert.ok(machine.wakeAfterMs >= 0.95 * 7 * DAY_MS);
    assert.ok(machine.wakeAfterMs < 0.951 * 7 * DAY_MS);
  });

  it("retries every two hours after a refusal and after a failure", () => {
    const machine = installedAt(T0).apply(refused(T0));
    assert.equal(machine.wakeAfterMs, 2 * HOUR_MS);
    machine.apply(failed(T0 + 2 * HOUR_MS));
    assert.equal(machine.wakeAfterMs, 2 * HOUR_MS);
    assert.equal(machine.installed.schedule.failures, 2);
  });

  it("stays activated through refusals, and returns to the seven-day rhythm", () => {
    const machine = installedAt(T0).apply(succeeded(T0));
    for (let at = T0 + 7 * DAY_MS; at < T0 + 14 * DAY_MS; at += 2 * HOUR_MS) {
      machine.apply({ type: "tick", at: { wallMs: at } });
      assert.ok(machine.attempts);
      machine.apply(refused(at));
      assert.equal(machine.statusAt(at), "licensed");
    }
    assert.equal(machine.statusAt(T0 + 180 * DAY_MS - 1), "licensed");
    machine.apply(succeeded(T0 + 14 * DAY_MS));
    assert.equal(machine.wakeAfterMs, 7 * DAY_MS);
    assert.equal(machine.installed.schedule.failures, 0);
  });

  it("notes the last attempt and its result", () => {
    const machine = installedAt(T0).apply(refused(T0));
    assert.deepEqual(machine.installed.lastAttempt, {
      atMs: T0,
      result: { kind: "below-threshold", count: 23, threshold: 25 },
    });
    machine.apply(failed(T0 + 1));
    assert.deepEqual(machine.installed.lastAttempt?.result, {
      kind: "failed",
      reason: "host-unreachable",
    });
    machine.apply(succeeded(T0 + 2));
    assert.deepEqual(machine.installed.lastAttempt?.result, { kind: "activated" });
  });

  it("comes back sooner when the host says so, never later than the retry interval", () => {
    const machine = installedAt(T0).apply(failed(T0, 30 * SECOND_MS));
    assert.equal(machine.wakeAfterMs, 30 * SECOND_MS);
    machine.apply(failed(T0, 100 * DAY_MS));
    assert.equal(machine.wakeAfterMs, 2 * HOUR_MS);
  });

  it("does not come before the host's Retry-After, and spreads out after it", () => {
    const machine = installedAt(T0).apply(failed(T0, 60 * SECOND_MS, 0.5));
    assert.equal(machine.wakeAfterMs, 75 * SECOND_MS);
  });

  it("slows down when a host keeps saying to come back at once", () => {
    const machine = installedAt(T0);
    const pauses = Array.from({ length: 20 }, () => machine.apply(failed(T0, 0)).wakeAfterMs);
    assert.deepEqual(pauses.slice(0, 3), [10_000, 20_000, 40_000]);
    assert.equal(pauses.at(-1), 2 * HOUR_MS);
  });

  it("takes the host's intervals within bounds only", () => {
    const machine = installedAt(T0).apply(
      succeeded(T0, { renewalIntervalMs: 0, retryIntervalMs: 1e15 }),
    );
    assert.equal(machine.installed.schedule.renewalIntervalMs, MINUTE_MS);
    assert.equal(machine.installed.schedule.retryIntervalMs, MINUTE_MS);
    machine.apply(succeeded(T0, { renewalIntervalMs: 1e15 }));
    assert.equal(machine.installed.schedule.renewalIntervalMs, 90 * DAY_MS);
  });

  it("leaves time for a retry before a short lease ends", () => {
    const lease = { issuedMs: T0, expiresMs: T0 + DAY_MS };
    const machine = installedAt(T0).apply(succeeded(T0, { lease }));
    assert.equal(machine.wakeAfterMs, 22 * HOUR_MS);
  });

  it("does not attempt in between", () => {
    const machine = installedAt(T0).apply(succeeded(T0));
    machine.apply({ type: "tick", at: { wallMs: T0 + DAY_MS } });
    assert.equal(machine.attempts, false);
    assert.equal(machine.wakeAfterMs, 6 * DAY_MS);
  });
});

describe("a client whose clock steps", () => {
  it("does not gain time when the wall clock is set back", () => {
    const machine = installedAt(T0).apply(succeeded(T0));
    machine.apply({ type: "tick", at: { wallMs: T0 + 180 * DAY_MS } });
    machine.apply({ type: "tick", at: { wallMs: T0 + DAY_MS } });
    assert.equal(machine.statusAt(T0 + DAY_MS), "out-of-tolerance-grace");
    assert.deepEqual(machine.steps, [
      { type: "clock-stepped", direction: "back", byMs: 179 * DAY_MS },
    ]);
  });

  it("goes on counting by the monotonic clock while the wall clock is behind", () => {
    const machine = installedAt(T0).apply(succeeded(T0));
    const behind = T0 - 1000 * DAY_MS;
    for (let day = 1; day <= 180; day++) {
      const at = { wallMs: behind, elapsedMs: DAY_MS };
      machine.apply({ type: "tick", at });
    }
    assert.equal(machine.statusAt(behind), "out-of-tolerance-grace");
  });

  it("tries at once, but only once, when the clock went back", () => {
    const machine = installedAt(T0).apply(succeeded(T0));
    const behind = T0 - 10 * DAY_MS;
    assert.ok(machine.apply({ type: "tick", at: { wallMs: behind } }).attempts);
    machine.apply(failed(behind + 1));
    machine.apply({ type: "tick", at: { wallMs: behind + 2, elapsedMs: 1 } });
    assert.equal(machine.attempts, false);
    assert.deepEqual(machine.steps, []);
  });

  it("notices many small steps back as well", () => {
    const machine = installedAt(T0).apply(succeeded(T0));
    machine.apply({ type: "tick", at: { wallMs: T0 - 3 * HOUR_MS } });
    assert.deepEqual(machine.steps, []);
    machine.apply({ type: "tick", at: { wallMs: T0 - 6 * HOUR_MS } });
    assert.equal(machine.steps.length, 1);
  });

  it("does not lose the activation for good by a clock that once was far ahead", () => {
    const machine = installedAt(T0).apply(succeeded(T0));
    machine.apply({ type: "tick", at: { wallMs: T0 + 9000 * DAY_MS, elapsedMs: MINUTE_MS } });
    assert.deepEqual(machine.steps[0], {
      type: "clock-stepped",
      direction: "forward",
      byMs: 9000 * DAY_MS - MINUTE_MS,
    });
    assert.equal(machine.statusAt(T0), "notification");
    machine.apply({ type: "tick", at: { wallMs: T0 + HOUR_MS, elapsedMs: HOUR_MS } });
    assert.ok(machine.attempts);
    machine.apply(succeeded(T0 + HOUR_MS));
    assert.equal(machine.statusAt(T0 + HOUR_MS), "licensed");
    assert.equal(machine.wakeAfterMs, 7 * DAY_MS);
    assert.equal(machine.statusAt(T0 + 180 * DAY_MS), "licensed");
    assert.equal(machine.statusAt(T0 + 180 * DAY_MS + HOUR_MS), "out-of-tolerance-grace");
  });

  it("takes the host's time of issue for now where its own clock is behind", () => {
    const lease = { issuedMs: T0 + 4 * HOUR_MS, expiresMs: T0 + 4 * HOUR_MS + 180 * DAY_MS };
    const machine = installedAt(T0).apply(succeeded(T0, { lease }));
    assert.equal(timeAt(machine.state, { wallMs: T0 }, DEFAULT_POLICY), lease.issuedMs);
  });

  it("counts the time it was switched off", () => {
    const machine = installedAt(T0).apply(succeeded(T0));
    const at = { wallMs: T0 + 30 * DAY_MS, elapsedMs: MINUTE_MS, resumed: true };
    machine.apply({ type: "tick", at });
    assert.deepEqual(machine.steps, []);
    assert.ok(machine.attempts);
  });

  it("forgets a step once the wall clock is right again", () => {
    const machine = installedAt(T0).apply(succeeded(T0));
    machine.apply({ type: "tick", at: { wallMs: T0 - DAY_MS } });
    machine.apply({ type: "tick", at: { wallMs: T0 + MINUTE_MS } });
    assert.equal(machine.installed.time.reportedAheadMs, 0);
    machine.apply({ type: "tick", at: { wallMs: T0 - DAY_MS } });
    assert.equal(machine.steps.length, 1);
  });

  it("drops a lease that does not hold and asks for another at once", () => {
    const machine = installedAt(T0).apply(succeeded(T0));
    machine.state = withoutLease(machine.installed);
    assert.equal(machine.statusAt(T0), "initial-grace");
    assert.ok(machine.apply({ type: "tick", at: { wallMs: T0 } }).attempts);
  });

  it("never waits longer than one renewal interval", () => {
    const machine = installedAt(T0).apply(succeeded(T0));
    const { schedule } = machine.installed;
    machine.state = {
      ...machine.installed,
      schedule: { ...schedule, nextAttemptMs: T0 + 9000 * DAY_MS },
    };
    machine.apply({ type: "tick", at: { wallMs: T0 } });
    assert.equal(machine.wakeAfterMs, 7 * DAY_MS);
  });
});
