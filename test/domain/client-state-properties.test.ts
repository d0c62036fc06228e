import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type ClientEvent,
  type ClientState,
  standingAt,
  standingNow,
  stepClient,
  UNINSTALLED,
} from "../../src/domain/client-state.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/units.ts";

const T0 = Date.UTC(2030, 0, 1);
const FAR_MS = 4000 * DAY_MS;

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
/** A wall clock that stands anywhere while true time passes. */
const reading = fc.record({
  elapsedMs: fc.integer({ min: 0, max: 20 * DAY_MS }),
  offsetMs: fc.oneof(fc.constant(0), fc.integer({ min: -FAR_MS, max: FAR_MS })),
});
const told = fc.integer({ min: -1, max: 1e13 });

const apply = (state: ClientState, event: ClientEvent) => stepClient(state, event, DEFAULT_POLICY);

function activatedAt(issuedMs: number): ClientState {
  const { state } = apply(UNINSTALLED, { type: "installed", at: { wallMs: issuedMs } });
  return apply(state, {
    type: "attempt-succeeded",
    at: { wallMs: issuedMs, elapsedMs: 0 },
    random: 0,
    lease: { issuedMs, expiresMs: issuedMs + 180 * DAY_MS },
    renewalIntervalMs: 7 * DAY_MS,
    retryIntervalMs: 2 * HOUR_MS,
  }).state;
}

describe("a client's state machine, whatever happens", () => {
  it("is never licensed past the end of its lease, however the wall clock is set", () => {
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 40 }), (readings) => {
        let state = activatedAt(T0);
        let trueMs = T0;
        for (const { elapsedMs, offsetMs } of readings) {
          trueMs += elapsedMs;
          const at = { wallMs: trueMs + offsetMs, elapsedMs };
          state = apply(state, { type: "tick", at }).state;
          const { status } = standingNow(state, { ...at, elapsedMs: 0 }, DEFAULT_POLICY);
          assert.ok(trueMs < T0 + 180 * DAY_MS || status !== "licensed");
        }
      }),
    );
  });

  it("is licensed again after one success, wherever the wall clock has been", () => {
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 20 }), (readings) => {
        let state = activatedAt(T0);
        let trueMs = T0;
        for (const { elapsedMs, offsetMs } of readings) {
          trueMs += elapsedMs;
          const at = { wallMs: trueMs + offsetMs, elapsedMs };
          state = apply(state, { type: "tick", at }).state;
        }
        const { state: renewed } = apply(state, {
          type: "attempt-succeeded",
          at: { wallMs: trueMs, elapsedMs: 0 },
          random: 0,
          lease: { issuedMs: trueMs, expiresMs: trueMs + 180 * DAY_MS },
          renewalIntervalMs: 7 * DAY_MS,
          retryIntervalMs: 2 * HOUR_MS,
        });
        const end = trueMs + 180 * DAY_MS;
        const at = (wallMs: number) => standingNow(renewed, { wallMs }, DEFAULT_POLICY).status;
        assert.equal(at(end - 1), "licensed");
        assert.equal(at(end), "out-of-tolerance-grace");
      }),
    );
  });

  it("always tries again within the rule, and never more than five per cent early", () => {
    const outcome = fc.oneof(
      fc.record({ type: fc.constant("attempt-succeeded" as const), random, told }),
      fc.record({ type: fc.constant("attempt-refused" as const), random, told }),
      fc.record({ type: fc.constant("attempt-failed" as const), random, told }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(outcome, reading), { maxLength: 20 }), (steps) => {
        let state = activatedAt(T0);
        let trueMs = T0;
        for (const [{ type, random, told }, { elapsedMs, offsetMs }] of steps) {
          trueMs += elapsedMs;
          const at = { wallMs: trueMs + offsetMs, elapsedMs };
          const event: ClientEvent =
            type === "attempt-succeeded"
              ? {
                  type,
                  at,
                  random,
                  lease: { issuedMs: at.wallMs, expiresMs: at.wallMs + 180 * DAY_MS },
                  renewalIntervalMs: told,
                  retryIntervalMs: told,
                }
              : type === "attempt-refused"
                ? { type, at, random, count: 1, threshold: 25, retryIntervalMs: told }
                : { type, at, random, reason: "host-not-found" };
          state = apply(state, event).state;
          assert.equal(state.kind, "installed");
          if (state.kind !== "installed") return;
          const { nextAttemptMs, renewalIntervalMs, retryIntervalMs } = state.schedule;
          const waitMs = nextAttemptMs - state.time.markMs;
          const ruleMs = type === "attempt-succeeded" ? renewalIntervalMs : retryIntervalMs;
          assert.ok(waitMs <= ruleMs);
          assert.ok(waitMs >= Math.floor(0.95 * ruleMs));
          assert.ok(retryIntervalMs >= MINUTE_MS && retryIntervalMs <= renewalIntervalMs);
        }
      }),
    );
  });

  it("passes through its licence states in one direction only while nothing activates it", () => {
    const order = ["initial-grace", "licensed", "out-of-tolerance-grace", "notification"];
    fc.assert(
      fc.property(fc.array(reading), fc.boolean(), (readings, licensed) => {
        let state = licensed
          ? activatedAt(T0)
          : apply(UNINSTALLED, { type: "installed", at: { wallMs: T0 } }).state;
        let rank = 0;
        for (const { elapsedMs, offsetMs } of readings) {
          const at = { wallMs: T0 + offsetMs, elapsedMs };
          state = apply(state, { type: "tick", at }).state;
          if (state.kind !== "installed") return;
          const { status } = standingAt(state, state.time.markMs, DEFAULT_POLICY);
          assert.ok(order.indexOf(status) >= rank);
          rank = order.indexOf(status);
        }
      }),
    );
  });
});
