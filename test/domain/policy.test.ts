import assert from "node:assert/strict";
import {
  DEFAULT_POLICY,
  POLICY_RANGES,
  type Policy,
  policyFaults,
} from "../../src/domain/policy.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/units.ts";

const names = Object.keys(POLICY_RANGES) as (keyof Policy)[];

describe("the policy", () => {
  it("is by default the KMS process as published", () => {
    assert.equal(DEFAULT_POLICY.activationThreshold, 25);
    assert.equal(DEFAULT_POLICY.cmidRetentionMs, 30 * DAY_MS);
    assert.equal(DEFAULT_POLICY.activationValidityMs, 180 * DAY_MS);
    assert.equal(DEFAULT_POLICY.renewalIntervalMs, 10_080 * MINUTE_MS);
    assert.equal(DEFAULT_POLICY.retryIntervalMs, 120 * MINUTE_MS);
    assert.equal(DEFAULT_POLICY.clockSkewMs, 4 * HOUR_MS);
    assert.equal(DEFAULT_POLICY.initialGraceMs, 30 * DAY_MS);
    assert.equal(DEFAULT_POLICY.outOfToleranceGraceMs, 30 * DAY_MS);
  });

  it("finds no fault in the default", () => {
    assert.deepEqual(policyFaults(DEFAULT_POLICY), []);
  });

  for (const name of names) {
    it(`refuses ${name} outside its range or with a fraction`, () => {
      const [low, high] = POLICY_RANGES[name];
      for (const value of [low - 1, high + 1, low + 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        const faults = policyFaults({ ...DEFAULT_POLICY, [name]: value });
        assert.ok(
          faults.some((fault) => fault.startsWith(`${name} is ${value}, but must be`)),
          `${name} = ${value}: ${faults.join("; ")}`,
        );
      }
    });

    it(`takes both ends of the range of ${name}`, () => {
      for (const value of POLICY_RANGES[name]) {
        const faults = policyFaults({ ...DEFAULT_POLICY, [name]: value });
        assert.deepEqual(
          faults.filter((fault) => fault.startsWith(name)),
          [],
        );
      }
    });
  }

  it("lets a client renew before its validity ends", () => {
    const policy = { ...DEFAULT_POLICY, activationValidityMs: 7 * DAY_MS };
    assert.deepEqual(policyFaults(policy), [
      "the renewal interval must be shorter than the activation validity interval",
    ]);
    assert.deepEqual(policyFaults({ ...policy, activationValidityMs: 7 * DAY_MS + 1 }), []);
  });

  it("lets a client renew before it is discarded", () => {
    const policy = { ...DEFAULT_POLICY, cmidRetentionMs: 7 * DAY_MS };
    assert.deepEqual(policyFaults(policy), [
      "the renewal interval must be shorter than the CMID retention",
    ]);
  });

  it("lets a client retry no more rarely than it renews", () => {
    const policy = { ...DEFAULT_POLICY, retryIntervalMs: 7 * DAY_MS };
    assert.deepEqual(policyFaults(policy), []);
    assert.deepEqual(policyFaults({ ...policy, retryIntervalMs: 7 * DAY_MS + 1 }), [
      "the retry interval must not be longer than the renewal interval",
    ]);
  });

  it("keeps a CMID for longer than a request of it could be sent again", () => {
    const policy = {
      ...DEFAULT_POLICY,
      cmidRetentionMs: DAY_MS,
      renewalIntervalMs: HOUR_MS,
      retryIntervalMs: HOUR_MS,
      clockSkewMs: 12 * HOUR_MS,
    };
    assert.deepEqual(policyFaults(policy), [
      "the CMID retention must be longer than twice the clock skew, or a discarded CMID's last " +
        "request could be sent again",
    ]);
    assert.deepEqual(policyFaults({ ...policy, clockSkewMs: 12 * HOUR_MS - 1 }), []);
  });

  it("names every fault at once", () => {
    const faults = policyFaults({ ...DEFAULT_POLICY, activationThreshold: 0, retryIntervalMs: 0 });
    assert.equal(faults.length, 2);
  });
});
