import assert from "node:assert/strict";
import { stepDns } from "../../src/domain/dns-machine.ts";
import type { DnsFailureCode } from "../../src/domain/dns-registration.ts";
import { retryDelayMs } from "../../src/domain/dns-retry.ts";
import {
  type DnsEffect,
  type DnsEvent,
  type DnsMachine,
  type DnsStart,
  type DnsWork,
  type Found,
  startedDns,
} from "../../src/domain/dns-state.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../../src/domain/units.ts";
import { registration } from "../support/dns-registrations.ts";

const CHECK_MS = 15 * MINUTE_MS;
const WALL_MS = 1_700_000_000_000;
const FOUND: Found = {
  server: "192.0.2.53#53",
  oursPresent: true,
  addressesRight: true,
  rivals: [],
  duplicates: [],
  ttlSeconds: 3600,
  ownAddresses: [],
  seenBySystem: true,
};
const RIVAL = { target: "other.office.test", port: 1688, priority: 0, weight: 0 };

/** One domain, whose time passes only when told to. */
class Domain {
  machine: DnsMachine;
  nowMs = 0;
  effects: DnsEffect[] = [];

  constructor(start: Partial<DnsStart> = {}) {
    this.machine = startedDns({
      wanted: registration(),
      kept: [],
      aim: "publish",
      checkMs: CHECK_MS,
      dueMs: 0,
      ...start,
    });
  }

  send(event: DnsEvent): DnsEffect[] {
    const at = { monotonicMs: this.nowMs, wallMs: WALL_MS + this.nowMs };
    const { machine, effects } = stepDns(this.machine, event, at);
    this.machine = machine;
    this.effects.push(...effects);
    return [...effects];
  }

  /** What begins after that time. */
  after(ms: number): (DnsWork | undefined)[] {
    this.nowMs += ms;
    return this.send({ event: "tick" }).flatMap(({ effect }) =>
      effect === "keep" || effect === "tell" ? [] : [effect],
    );
  }

  done(found: Partial<Found> = {}): DnsEffect[] {
    const { busy, wanted } = this.machine;
    assert.ok(busy);
    const all = { ...FOUND, ...found };
    return this.send({ event: "done", work: busy, registration: wanted, found: all });
  }

  failed(code: DnsFailureCode = "server-unreachable"): DnsEffect[] {
    const { busy } = this.machine;
    assert.ok(busy);
    return this.send({ event: "failed", work: busy, code, reason: "Because.", random: 0 });
  }

  get news(): string[] {
    return this.effects.flatMap((each) => (each.effect === "tell" ? [each.news.news] : []));
  }

  get state(): string {
    return this.machine.report.state.state;
  }
}

function published(start: Partial<DnsStart> = {}): Domain {
  const domain = new Domain(start);
  domain.after(0);
  domain.done();
  return domain;
}

describe("a domain", () => {
  it("is published at once, and looked at after each interval", () => {
    const domain = new Domain();
    assert.equal(domain.state, "pending");
    assert.deepEqual(domain.after(0), ["publish"]);
    assert.deepEqual(domain.after(MINUTE_MS), []);
    domain.done();
    assert.equal(domain.state, "published");
    assert.deepEqual(domain.after(CHECK_MS - 1), []);
    assert.deepEqual(domain.after(1), ["inspect"]);
    domain.done();
    assert.deepEqual(domain.news, ["published"]);
    assert.deepEqual(domain.machine.report.state, {
      state: "published",
      sinceMs: WALL_MS + MINUTE_MS,
      checkedMs: WALL_MS + MINUTE_MS + CHECK_MS,
      seenBySystem: true,
    });
  });

  it("is written anew every day, and says nothing of that", () => {
    const domain = published();
    let works: unknown[] = [];
    while (!works.includes("publish")) {
      works = domain.after(CHECK_MS);
      domain.done();
    }
    assert.equal(domain.nowMs, DAY_MS);
    assert.deepEqual(domain.news, ["published"]);
  });

  it("is written anew after a day to the millisecond, though checks come at other times", () => {
    const domain = published({ checkMs: 7 * 60 * MINUTE_MS });
    for (const _ of [1, 2, 3]) {
      assert.deepEqual(domain.after(7 * 60 * MINUTE_MS), ["inspect"]);
      domain.done();
    }
    assert.deepEqual(domain.after(3 * 60 * MINUTE_MS - 1), []);
    assert.deepEqual(domain.after(1), ["publish"]);
  });

  it("is not published under a name that no other machine could look up, until it has another", () => {
    const domain = published();
    const { kept } = domain.machine;
    domain.send({
      event: "wanted",
      registration: registration({ target: "localhost.office.test" }),
    });
    assert.deepEqual(domain.after(0), []);
    const { state } = domain.machine.report;
    assert.ok(state.state === "failed" && state.code === "name-unusable");
    assert.match(state.reason, /^This machine's name "localhost" .* Give the machine a name/);
    assert.deepEqual([domain.machine.kept, domain.machine.busy], [kept, null]);
    assert.deepEqual(domain.after(MINUTE_MS), []);
    assert.deepEqual(domain.news, ["published", "failed"]);
    domain.send({ event: "wanted", registration: registration({ target: "kms-2.office.test" }) });
    assert.deepEqual(domain.after(0), ["publish"]);
    domain.done();
    assert.equal(domain.state, "published");
  });

  describe("whose addresses are written and whose record is refused", () => {
    const keeps = (effects: readonly DnsEffect[]) =>
      effects.flatMap((each) => (each.effect === "keep" ? [each.kept] : []));
    const own = (...addresses: string[]) => registration({ addresses });
    const wanted = own("192.0.2.7", "192.0.2.8");

    it("knows of them from before they are written", () => {
      const domain = new Domain({ wanted });
      domain.after(0);
      assert.deepEqual(keeps(domain.effects), [[own()]]);
      const told = domain.send({ event: "writing", addresses: ["192.0.2.7"] });
      assert.deepEqual(keeps(told), [[own("192.0.2.7")]]);
      domain.failed("server-refused");
      assert.deepEqual(domain.machine.kept, [own("192.0.2.7")]);
      domain.nowMs += 10 * SECOND_MS;
      const [again] = domain.send({ event: "tick" });
      assert.ok(again?.effect === "publish");
      assert.deepEqual(again.formers, [own("192.0.2.7")]);
      domain.failed("server-refused");
      domain.send({ event: "withdraw-asked" });
      const [withdrawal] = domain.send({ event: "tick" });
      assert.ok(withdrawal?.effect === "withdraw");
      assert.deepEqual(withdrawal.registrations, [own("192.0.2.7")]);
    });

    it("knows as much as before of addresses that are refused", () => {
      const domain = new Domain({ wanted, kept: [own("192.0.2.9")] });
      domain.after(0);
      domain.send({ event: "writing", addresses: ["192.0.2.7"] });
      assert.deepEqual(domain.machine.kept, [own("192.0.2.9", "192.0.2.7")]);
      domain.send({ event: "writing", addresses: [] });
      assert.deepEqual(domain.machine.kept, [own("192.0.2.9")]);
    });

    it("knows them under the new name only", () => {
      const former = registration({ target: "old.office.test", addresses: ["192.0.2.9"] });
      const domain = new Domain({ wanted, kept: [former] });
      domain.after(0);
      domain.send({ event: "writing", addresses: ["192.0.2.7"] });
      assert.deepEqual(domain.machine.kept, [own("192.0.2.7"), former]);
    });
  });

  it("is tried again after 10 s, doubling to 15 min, and tells each kind of failure once", () => {
    const domain = new Domain();
    const waits = [10, 20, 40, 80, 160, 320, 640, 900, 900].map((seconds) => seconds * SECOND_MS);
    domain.after(0);
    for (const waitMs of waits) {
      domain.failed();
      assert.equal(domain.state, "failed");
      assert.deepEqual(domain.after(waitMs - 1), []);
      assert.deepEqual(domain.after(1), ["publish"]);
    }
    assert.deepEqual(domain.news, ["failed"]);
    domain.failed("server-refused");
    assert.deepEqual(domain.news, ["failed", "failed"]);
    domain.after(15 * MINUTE_MS);
    domain.done();
    assert.deepEqual(domain.news, ["failed", "failed", "published"]);
    domain.after(CHECK_MS);
    domain.failed("server-refused");
    assert.deepEqual(domain.news.at(-1), "failed");
    assert.deepEqual(domain.after(10 * SECOND_MS), ["inspect"]);
  });

  it("tells since when it has failed, and when it is tried again", () => {
    const domain = new Domain();
    domain.after(0);
    domain.failed();
    domain.after(10 * SECOND_MS);
    domain.failed();
    assert.deepEqual(domain.machine.report.state, {
      state: "failed",
      code: "server-unreachable",
      reason: "Because.",
      sinceMs: WALL_MS,
      retryMs: WALL_MS + 30 * SECOND_MS,
    });
  });

  for (const [what, missing] of [
    ["record", { oursPresent: false }],
    ["addresses", { addressesRight: false }],
  ] as const) {
    it(`is restored at once when its ${what} went missing`, () => {
      const domain = published();
      assert.deepEqual(domain.after(CHECK_MS), ["inspect"]);
      domain.done(missing);
      assert.deepEqual(domain.after(0), ["publish"]);
      domain.done();
      assert.deepEqual(domain.news, ["published", "restored"]);
      domain.after(CHECK_MS);
      domain.done();
      assert.deepEqual(domain.news, ["published", "restored"]);
    });
  }

  it("is another host's where that one stands alone, until it has gone", () => {
    const domain = new Domain();
    domain.after(0);
    domain.done({ oursPresent: false, rivals: [RIVAL] });
    assert.equal(domain.state, "foreign");
    assert.deepEqual(domain.machine.kept, []);
    assert.deepEqual(domain.after(CHECK_MS), ["publish"]);
    domain.done({ oursPresent: false, rivals: [RIVAL] });
    assert.deepEqual(domain.news, ["rival"]);
    domain.after(CHECK_MS);
    domain.done();
    assert.deepEqual(domain.news, ["rival", "published"]);
  });

  it("tells of each rival once for as long as it is there", () => {
    const domain = published();
    const rivals = [RIVAL, { ...RIVAL, port: 1700 }];
    for (const found of [[RIVAL], [RIVAL], rivals, [], [RIVAL]]) {
      domain.after(CHECK_MS);
      domain.done({ rivals: found });
    }
    assert.deepEqual(domain.news, ["published", "rival", "rival", "rival"]);
    assert.equal(domain.state, "published");
  });

  it("keeps what is meant before it is written, and what was written after it", () => {
    const domain = new Domain({ wanted: registration({ addresses: ["192.0.2.7"] }) });
    const [first, second] = domain.send({ event: "tick" });
    assert.deepEqual(first, { effect: "keep", kept: [registration()] });
    assert.deepEqual(second, {
      effect: "publish",
      registration: registration({ addresses: ["192.0.2.7"] }),
      formers: [],
    });
    const [kept] = domain.done({ ownAddresses: ["192.0.2.7"] });
    assert.deepEqual(kept, {
      effect: "keep",
      kept: [registration({ addresses: ["192.0.2.7"] })],
    });
  });

  it("follows a change of the addresses at once, and hands over what stood there", () => {
    const domain = new Domain({ wanted: registration({ addresses: ["192.0.2.7"] }) });
    domain.after(0);
    domain.done({ ownAddresses: ["192.0.2.7"] });
    const wanted = registration({ addresses: ["192.0.2.8"] });
    domain.send({ event: "wanted", registration: wanted });
    const effects = domain.send({ event: "tick" });
    assert.deepEqual(effects, [
      {
        effect: "publish",
        registration: wanted,
        formers: [registration({ addresses: ["192.0.2.7"] })],
      },
    ]);
    domain.done({ ownAddresses: ["192.0.2.8"] });
    assert.deepEqual(domain.news, ["published", "published"]);
    domain.send({ event: "wanted", registration: wanted });
    assert.deepEqual(domain.after(CHECK_MS - 1), []);
  });

  it("knows all former records until one attempt to replace them succeeds", () => {
    const former = registration({ port: 1600, addresses: ["192.0.2.7"] });
    const domain = new Domain({ kept: [former] });
    const at = (port: number) => registration({ port, addresses: ["192.0.2.7"] });
    domain.after(0);
    domain.failed();
    domain.send({ event: "wanted", registration: registration({ port: 1700 }) });
    const publish = domain.send({ event: "tick" }).at(-1);
    assert.ok(publish?.effect === "publish");
    assert.deepEqual(publish.formers, [at(1688), at(1600)]);
    domain.done();
    assert.deepEqual(domain.machine.kept, [registration({ port: 1700 })]);
  });

  it("that was changed while it was written is written again", () => {
    const domain = new Domain();
    domain.after(0);
    const { wanted } = domain.machine;
    domain.send({ event: "wanted", registration: registration({ port: 1700 }) });
    domain.send({ event: "done", work: "publish", registration: wanted, found: FOUND });
    assert.deepEqual(domain.after(0), ["publish"]);
  });

  it("waits for an address", () => {
    const domain = new Domain({ dueMs: Number.POSITIVE_INFINITY });
    assert.deepEqual(domain.after(DAY_MS), []);
    domain.send({ event: "wanted", registration: registration() });
    assert.deepEqual(domain.after(0), ["publish"]);
  });

  it("stays withdrawn until somebody publishes it", () => {
    const domain = published();
    domain.send({ event: "withdraw-asked" });
    assert.deepEqual(domain.after(0), ["withdraw"]);
    domain.done({ oursPresent: false });
    assert.deepEqual([domain.state, domain.machine.kept], ["withdrawn", []]);
    domain.send({ event: "wanted", registration: registration({ port: 1700 }) });
    assert.deepEqual(domain.after(2 * DAY_MS), []);
    domain.send({ event: "publish-asked" });
    assert.deepEqual(domain.after(0), ["publish"]);
    domain.done();
    assert.deepEqual(domain.news, ["published", "withdrawn", "published"]);
  });

  it("is withdrawn as soon as what is being done is done", () => {
    for (const end of ["done", "failed"] as const) {
      const domain = new Domain();
      domain.after(0);
      domain.send({ event: "withdraw-asked" });
      assert.deepEqual(domain.after(0), []);
      domain[end]();
      assert.deepEqual(domain.after(0), ["withdraw"]);
    }
  });

  it("that cannot be withdrawn is tried again", () => {
    const domain = new Domain({ kept: [registration()], aim: "withdraw" });
    assert.deepEqual(domain.after(0), ["withdraw"]);
    domain.failed();
    assert.deepEqual(domain.machine.kept, [registration()]);
    assert.deepEqual(domain.after(10 * SECOND_MS), ["withdraw"]);
  });
});

describe("the wait after a failure", () => {
  it("is up to a fifth shorter, so that boxes do not come back in step", () => {
    assert.equal(retryDelayMs(0, 0), 10_000);
    assert.equal(retryDelayMs(0, 0.999_999), 8000);
    assert.equal(retryDelayMs(1000, 0), 15 * MINUTE_MS);
  });
});
