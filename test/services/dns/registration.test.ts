import assert from "node:assert/strict";
import type { DomainReport, HostToPublish } from "../../../src/domain/dns-registration.ts";
import { MINUTE_MS, SECOND_MS } from "../../../src/domain/units.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { DnsFailedError } from "../../../src/ports/dns.ts";
import { DNS_DOCUMENT } from "../../../src/services/dns/dns-record-keeper.ts";
import {
  DnsRegistrationService,
  type DomainSettings,
} from "../../../src/services/dns/registration.ts";
import { DOMAIN, registration, SRV_NAME } from "../../support/dns-registrations.ts";
import { settled } from "../../support/fake-clock.ts";
import { FakeDns, FakeRegistrar } from "../../support/fake-registrar.ts";
import { MemoryStore } from "../../support/memory-store.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";
import { VirtualTimers } from "../../support/virtual-timers.ts";

const CHECK_MS = 15 * MINUTE_MS;
const RIVAL = { target: `other.${DOMAIN}`, port: 1688, priority: 0, weight: 0 };
const OFFICE: DomainSettings = {
  domain: DOMAIN,
  priority: 0,
  weight: 100,
  publishAddresses: true,
  access: { server: "192.0.2.53" },
};

describe("the registration service", () => {
  let dns: FakeDns;
  let store: MemoryStore;
  let events: RecordedEvents;
  let timers: VirtualTimers;
  let addresses: string[];
  let port: number;
  let hostname: string;

  beforeEach(() => {
    dns = new FakeDns();
    store = new MemoryStore();
    events = new RecordedEvents();
    timers = new VirtualTimers();
    addresses = ["192.0.2.7"];
    port = 1688;
    hostname = "kms";
  });

  function service(domains: readonly DomainSettings[] = [OFFICE], coexist = false) {
    const clock: Clock = { nowMs: () => 1e12 + timers.nowMs, monotonicMs: () => timers.nowMs };
    const host = (): HostToPublish => ({
      service: "_vlmcs",
      host: "",
      hostname,
      port,
      ttlSeconds: 3600,
      addresses,
    });
    return new DnsRegistrationService({
      store,
      events,
      clock,
      timers,
      random: () => 0,
      checkMs: CHECK_MS,
      domains,
      host,
      registrarFor: () => new FakeRegistrar(dns, coexist),
    });
  }
  async function started(domains?: readonly DomainSettings[], coexist?: boolean) {
    const one = service(domains, coexist);
    one.start();
    await timers.pass(0);
    return one;
  }
  const states = ({ reports }: { reports: DomainReport[] }) =>
    reports.map(({ state }) => state.state);
  const ours = (overrides: object = {}) => {
    const { target, priority, weight } = registration();
    return { target, port, priority, weight, ...overrides };
  };

  it("publishes at once and keeps what it wrote, with how to remove it", async () => {
    const one = await started();
    assert.deepEqual(states(one), ["published"]);
    assert.deepEqual(dns.srv.get(SRV_NAME), [ours()]);
    assert.deepEqual(dns.addresses.get(`kms.${DOMAIN}`), ["192.0.2.7"]);
    assert.deepEqual(store.documents.get(DNS_DOCUMENT), {
      domains: [
        {
          domain: DOMAIN,
          access: { server: "192.0.2.53" },
          registrations: [registration({ addresses: ["192.0.2.7"] })],
        },
      ],
    });
    const [told] = events.named("dns-published");
    assert.equal(told?.message, `${SRV_NAME} leads to this box as kms.${DOMAIN}, port 1688.`);
  });

  it("writes nothing to flash as long as nothing changes", async () => {
    await started();
    const commits = store.durable.length;
    await timers.pass(24 * 60 * MINUTE_MS);
    assert.equal(store.durable.length, commits);
    assert.deepEqual(events.names, ["dns-published"]);
  });

  it("sets a time to live right that somebody changed, at the next check and without a word", async () => {
    await started();
    dns.ttlSeconds = 30;
    await timers.pass(CHECK_MS);
    assert.deepEqual(
      dns.calls,
      ["publish", "inspect", "publish"].map((call) => `${call} ${DOMAIN}`),
    );
    assert.equal(dns.ttlSeconds, null);
    assert.deepEqual(events.names, ["dns-published"]);
  });

  it("does not quarrel with a server that has a time to live of its own", async () => {
    dns.isWillful = true;
    dns.ttlSeconds = 30;
    const one = await started();
    await timers.pass(4 * CHECK_MS);
    assert.deepEqual(states(one), ["published"]);
    assert.deepEqual(dns.calls.filter((call) => call.startsWith("publish")).length, 1);
  });

  it("removes what leads to it a second time, at the next check", async () => {
    await started();
    dns.srv.set(SRV_NAME, [ours(), ours({ weight: 77 })]);
    await timers.pass(CHECK_MS);
    assert.deepEqual(dns.srv.get(SRV_NAME), [ours()]);
    assert.deepEqual(events.names, ["dns-published"]);
  });

  it("forgets what it cannot have written, as its name is none, and publishes", async () => {
    const wrong = registration({ target: `kms_box.${DOMAIN}` });
    const access = { server: "192.0.2.53" };
    const domains = [{ domain: DOMAIN, access, registrations: [wrong] }];
    store.documents.set(DNS_DOCUMENT, JSON.parse(JSON.stringify({ domains })));
    const one = await started();
    assert.deepEqual(states(one), ["published"]);
    assert.deepEqual(dns.calls, [`publish ${DOMAIN}`]);
    await one.withdraw();
    assert.equal(store.documents.get(DNS_DOCUMENT) ?? null, null);
  });

  it("follows a new address within a quarter of a minute", async () => {
    await started();
    addresses = ["192.0.2.8"];
    await timers.pass(15 * SECOND_MS);
    assert.deepEqual(dns.addresses.get(`kms.${DOMAIN}`), ["192.0.2.8"]);
    assert.equal(events.named("dns-published").length, 2);
  });

  it("says what is wrong with the machine's name, and publishes once it has a better one", async () => {
    hostname = "localhost";
    const one = await started();
    assert.deepEqual(states(one), ["failed"]);
    const [told, ...more] = events.named("dns-failed");
    assert.deepEqual([told?.details.code, more, dns.calls], ["name-unusable", [], []]);
    assert.match(
      told?.message ?? "",
      /"localhost" means every machine to itself\. Give the machine/,
    );
    assert.equal(store.documents.get(DNS_DOCUMENT) ?? null, null);
    hostname = "kms";
    await timers.pass(15 * SECOND_MS);
    assert.deepEqual(states(one), ["published"]);
    assert.deepEqual(dns.srv.get(SRV_NAME), [ours()]);
  });

  it("leaves all as it is while the machine has no address", async () => {
    const one = await started();
    addresses = [];
    await timers.pass(MINUTE_MS);
    assert.deepEqual(dns.addresses.get(`kms.${DOMAIN}`), ["192.0.2.7"]);
    assert.deepEqual(states(one), ["published"]);
  });

  it("waits for the machine's first address", async () => {
    addresses = ["169.254.1.2"];
    const one = await started();
    await timers.pass(MINUTE_MS);
    assert.deepEqual([states(one), dns.calls], [["pending"], []]);
    addresses = ["192.0.2.7"];
    await timers.pass(10 * SECOND_MS);
    assert.deepEqual(states(one), ["published"]);
  });

  it("restores what was deleted at the next check", async () => {
    await started();
    dns.srv.clear();
    await timers.pass(CHECK_MS);
    assert.deepEqual(dns.srv.get(SRV_NAME), [ours()]);
    assert.deepEqual(events.names, ["dns-published", "dns-restored"]);
  });

  it("does not publish beside a rival, and tells of it once", async () => {
    dns.srv.set(SRV_NAME, [RIVAL]);
    const one = await started();
    await timers.pass(4 * CHECK_MS);
    assert.deepEqual(states(one), ["foreign"]);
    assert.deepEqual(events.names, ["dns-rival-seen"]);
    assert.match(events.all[0]?.message ?? "", /This box is not published/);
    assert.equal(store.documents.get(DNS_DOCUMENT) ?? null, null);
  });

  it("publishes beside a rival if told to", async () => {
    dns.srv.set(SRV_NAME, [RIVAL]);
    const one = await started([OFFICE], true);
    assert.deepEqual(states(one), ["published"]);
    assert.match(events.named("dns-rival-seen")[0]?.message ?? "", /choose between both/);
  });

  it("tells of a failure once, and tries again by itself", async () => {
    dns.failure = new DnsFailedError("server-refused", "Allow it.");
    const one = await started();
    assert.deepEqual(states(one), ["failed"]);
    await timers.pass(MINUTE_MS);
    const [told, ...more] = events.named("dns-failed");
    assert.deepEqual([told?.details.code, more], ["server-refused", []]);
    assert.equal(told?.message, `${SRV_NAME} cannot be kept in DNS. Allow it.`);
    dns.failure = null;
    await timers.pass(MINUTE_MS);
    assert.deepEqual(states(one), ["published"]);
  });

  it("knows of addresses whose record was refused, also after a crash, and removes them", async () => {
    dns.srvFailure = new DnsFailedError("server-refused", "Allow it.");
    const one = await started();
    assert.deepEqual(states(one), ["failed"]);
    assert.deepEqual(dns.addresses.get(`kms.${DOMAIN}`), ["192.0.2.7"]);
    await one.stop({ withdraw: false });
    const another = await started([]);
    assert.deepEqual([dns.addresses.get(`kms.${DOMAIN}`), another.reports], [[], []]);
    assert.equal(store.documents.get(DNS_DOCUMENT) ?? null, null);
  });

  it("publishes beside its addresses once the record is allowed, and removes both", async () => {
    dns.srvFailure = new DnsFailedError("server-refused", "Allow it.");
    const one = await started();
    dns.srvFailure = null;
    await timers.pass(10 * SECOND_MS);
    assert.deepEqual(states(one), ["published"]);
    await one.withdraw();
    assert.deepEqual(dns.addresses.get(`kms.${DOMAIN}`), []);
    assert.deepEqual(dns.srv.get(SRV_NAME), []);
  });

  it("keeps its domains apart", async () => {
    const branch = { ...OFFICE, domain: "branch.test" };
    const one = await started([OFFICE, branch]);
    assert.deepEqual(states(one), ["published", "published"]);
    const reports = await one.withdraw("Branch.test.");
    assert.deepEqual(states({ reports }), ["published", "withdrawn"]);
    assert.equal(dns.srv.get(SRV_NAME)?.length, 1);
  });

  it("removes the former record after a start on another port", async () => {
    await (await started()).stop({ withdraw: false });
    port = 1700;
    await started();
    assert.deepEqual(dns.srv.get(SRV_NAME), [ours()]);
  });

  it("removes what it left in a domain that is configured no longer", async () => {
    await (await started()).stop({ withdraw: false });
    dns.failure = new DnsFailedError("server-unreachable", "Nobody there.");
    const one = await started([]);
    assert.deepEqual(states(one), ["failed"]);
    dns.failure = null;
    await timers.pass(10 * SECOND_MS);
    assert.deepEqual([dns.srv.get(SRV_NAME), one.reports], [[], []]);
    assert.equal(store.documents.get(DNS_DOCUMENT) ?? null, null);
  });

  it("takes a document that it did not write for none", async () => {
    for (const value of [7, null, { domains: 7 }, { domains: [7, { domain: "x" }, null] }]) {
      store.documents.set(DNS_DOCUMENT, value);
      assert.deepEqual((await started([])).reports, []);
    }
  });

  it("withdraws, stays withdrawn, and publishes when asked to", async () => {
    const one = await started();
    assert.deepEqual(states({ reports: await one.withdraw() }), ["withdrawn"]);
    await timers.pass(24 * 60 * MINUTE_MS);
    assert.deepEqual(dns.srv.get(SRV_NAME), []);
    assert.deepEqual(states({ reports: await one.publish() }), ["published"]);
    assert.deepEqual(events.names, ["dns-published", "dns-withdrawn", "dns-published"]);
  });

  it("does not know other domains", async () => {
    const one = await started();
    await assert.rejects(one.withdraw("else.test"), {
      code: "domain-unknown",
      message: "This box does not publish in else.test, but in office.test.",
    });
    await assert.rejects((await started([])).withdraw(), { code: "domain-unknown" });
  });

  it("answers a command after 8 s at the latest", async () => {
    const one = await started();
    dns.hold();
    let answered = false;
    const asked = one.publish().then(() => {
      answered = true;
    });
    await timers.pass(8 * SECOND_MS - 1);
    assert.equal(answered, false);
    await timers.pass(1);
    await asked;
    dns.release();
  });

  it("breaks off what takes longer than a minute", async () => {
    dns.hold();
    const one = await started();
    await timers.pass(MINUTE_MS);
    assert.deepEqual(states(one), ["failed"]);
  });

  it("stops at once, whatever is being done, and does nothing afterwards", async () => {
    dns.hold();
    const one = await started();
    await one.stop({ withdraw: false });
    dns.release();
    await timers.pass(24 * 60 * MINUTE_MS);
    assert.deepEqual([dns.calls, events.names], [["publish office.test"], []]);
  });

  it("withdraws at its stop if told to", async () => {
    const one = await started();
    await one.stop({ withdraw: true });
    assert.deepEqual(dns.srv.get(SRV_NAME), []);
    assert.deepEqual(dns.addresses.get(`kms.${DOMAIN}`), []);
    assert.deepEqual(events.names, ["dns-published", "dns-withdrawn"]);
    assert.equal(store.documents.get(DNS_DOCUMENT) ?? null, null);
  });

  it("gives up withdrawing after 3 s, and says that the record is still there", async () => {
    const one = await started();
    dns.hold();
    let stopped = false;
    const stop = one.stop({ withdraw: true }).then(() => {
      stopped = true;
    });
    await timers.pass(3 * SECOND_MS - 1);
    assert.equal(stopped, false);
    await timers.pass(1);
    await stop;
    assert.match(events.named("dns-failed")[0]?.message ?? "", /The record is still there\./);
  });

  it("publishes although the flash fails", async () => {
    store.fail();
    const one = await started();
    await settled();
    assert.deepEqual(states(one), ["published"]);
  });
});
