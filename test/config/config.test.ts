import assert from "node:assert/strict";
import fc from "fast-check";
import { buildConfig, ConfigInvalidError, parseCidr, policyOf } from "../../src/config/config.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { DAY_MS, MINUTE_MS } from "../../src/domain/units.ts";

const build = (...values: Record<string, unknown>[]) =>
  buildConfig(values.map((each, n) => ({ source: `layer ${n}`, values: each })));

function faultsOf(...values: Record<string, unknown>[]): readonly string[] {
  try {
    build(...values);
  } catch (error) {
    assert.ok(error instanceof ConfigInvalidError);
    assert.equal(error.code, "config-invalid");
    for (const fault of error.faults) assert.ok(error.message.includes(`  - ${fault}`));
    return error.faults;
  }
  return [];
}

describe("the configuration", () => {
  it("is by default that of a box in an office, with the KMS process as published", () => {
    const config = build();
    assert.deepEqual(policyOf(config), DEFAULT_POLICY);
    assert.equal(config.port, 1688);
    assert.equal(config.bind, "::");
    assert.deepEqual([config.panel, config.dns.enabled, config.web.enabled], [true, true, true]);
    assert.deepEqual(config.rateLimit.exempt, []);
    assert.equal(config.clock.trust, "auto");
  });

  it("lays later values over earlier ones, member by member", () => {
    const config = build(
      { port: 1, policy: { retryIntervalMinutes: 5, clockSkewMinutes: 10 } },
      { bind: "127.0.0.1", policy: { retryIntervalMinutes: 6 }, port: undefined },
    );
    assert.equal(config.port, 1);
    assert.equal(config.bind, "127.0.0.1");
    assert.equal(config.policy.retryIntervalMinutes, 6);
    assert.equal(config.policy.clockSkewMinutes, 10);
    assert.equal(config.policy.cmidRetentionDays, 30);
  });

  it("turns every duration of the policy into milliseconds", () => {
    const policy = policyOf(
      build({
        policy: {
          activationThreshold: 5,
          cmidRetentionDays: 20,
          activationValidityDays: 90,
          renewalIntervalMinutes: 100,
          retryIntervalMinutes: 10,
          clockSkewMinutes: 30,
        },
      }),
    );
    assert.equal(policy.activationThreshold, 5);
    assert.equal(policy.cmidRetentionMs, 20 * DAY_MS);
    assert.equal(policy.activationValidityMs, 90 * DAY_MS);
    assert.equal(policy.renewalIntervalMs, 100 * MINUTE_MS);
    assert.equal(policy.retryIntervalMs, 10 * MINUTE_MS);
    assert.equal(policy.clockSkewMs, 30 * MINUTE_MS);
  });

  it("cannot be changed, at any depth", () => {
    const config = build({ rateLimit: { exempt: ["10.0.0.0/8"] } });
    for (const part of [config, config.policy, config.rateLimit, config.rateLimit.exempt]) {
      assert.ok(Object.isFrozen(part));
    }
  });

  it("does not share its defaults between two configurations", () => {
    assert.notEqual(build().rateLimit.exempt, build().rateLimit.exempt);
  });

  it("refuses options that it does not know, at any depth, naming where they were written", () => {
    assert.deepEqual(faultsOf({ prot: 1, policy: { retryMinutes: 5 } }), [
      "layer 0: unknown option prot",
      "layer 0: unknown option policy.retryMinutes",
    ]);
  });

  it("refuses any option that is not in the schema", () => {
    const known = new Set(Object.keys(build()));
    const name = fc.string({ minLength: 1 }).filter((key) => !known.has(key));
    fc.assert(
      fc.property(fc.oneof(name, fc.constantFrom("__proto__", "toString")), (key) => {
        const values = JSON.parse(`{${JSON.stringify(key)}: {"port": 1}}`);
        assert.deepEqual(faultsOf(values), [`layer 0: unknown option ${key}`]);
      }),
    );
  });

  it("refuses values of the wrong type or outside of their range", () => {
    const wrong: [Record<string, unknown>, RegExp][] = [
      [{ port: 65_536 }, /^layer 0: port must be a whole number from 0 to 65535, but is 65536$/],
      [{ port: -1 }, /port must be a whole number from 0 to 65535, but is -1/],
      [{ port: 1.5 }, /port must be a whole number from 0 to 65535, but is 1.5/],
      [{ port: "x" }, /port must be a whole number from 0 to 65535, but is "x"/],
      [{ data: "" }, /data must be text of at least 1 character, but is ""/],
      [{ panel: "no" }, /panel must be true or false, but is "no"/],
      [{ policy: 5 }, /policy must be a group of options, but is 5/],
      [
        { policy: { cmidRetentionDays: 0 } },
        /policy.cmidRetentionDays must be a whole number from 1 to 366, but is 0/,
      ],
      [
        { rateLimit: { exempt: "10.0.0.0/8" } },
        /rateLimit.exempt must be a list of at most 1000 items/,
      ],
      [
        { rateLimit: { exempt: [7] } },
        /rateLimit.exempt.0 must be text of at least 1 character, but is 7/,
      ],
      [
        { dns: { service: "kms" } },
        /dns.service is not of the form that is asked for: .* with its underscore, but is "kms"$/,
      ],
      [
        { clock: { trust: "always" } },
        /clock.trust must be one of auto, ntp, rtc, manual, system$/,
      ],
      [{ log: { level: "all" } }, /log.level must be one of debug, info, warn, error$/],
    ];
    for (const [values, message] of wrong) {
      const faults = faultsOf(values);
      assert.equal(faults.length, 1, faults.join("; "));
      assert.match(faults[0] ?? "", message);
    }
  });

  it("names every fault of every layer at once", () => {
    const faults = faultsOf(
      { port: -1, unknown: 1, rateLimit: { exempt: ["here"] } },
      { log: { format: "xml" }, policy: { retryIntervalMinutes: 20_000 } },
    );
    assert.equal(faults.length, 5, faults.join("; "));
  });

  it("refuses a policy by which clients could not renew in time", () => {
    assert.deepEqual(faultsOf({ policy: { activationValidityDays: 7 } }), [
      "policy: the renewal interval must be shorter than the activation validity interval",
    ]);
  });

  it("refuses a network that is none", () => {
    assert.deepEqual(faultsOf({ rateLimit: { exempt: ["10.0.0.0/8", "office"] } }), [
      'layer 0: rateLimit.exempt: "office" is no network such as 192.168.0.0/16',
    ]);
  });
});

describe("a network", () => {
  it("is an address with the length of its prefix, or an address alone", () => {
    assert.deepEqual(parseCidr("10.0.0.0/8"), {
      address: "10.0.0.0",
      prefix: 8,
      family: "ipv4",
    });
    assert.deepEqual(parseCidr("2001:db8::/32")?.family, "ipv6");
    assert.deepEqual(parseCidr("10.1.2.3")?.prefix, 32);
    assert.deepEqual(parseCidr("::1")?.prefix, 128);
    assert.deepEqual(parseCidr("0.0.0.0/0")?.prefix, 0);
  });

  it("is nothing else", () => {
    const texts = ["", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/8/8"];
    const more = ["office/8", "10.0.0/8", "10.0.0.0/ 8", "10.0.0.0/0x8", "10.0.0.0/1e1", "1.5/8"];
    for (const text of [...texts, ...more, "10.0.0.0/8.5", "fe80::1%eth0/64"]) {
      assert.equal(parseCidr(text), undefined, text);
    }
  });
});
