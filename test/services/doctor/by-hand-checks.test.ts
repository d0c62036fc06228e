import assert from "node:assert/strict";
import type { HostPlace, Meeting, SrvAnswer } from "../../../src/domain/doctor/dns-facts.ts";
import type { Finding } from "../../../src/domain/doctor/finding.ts";
import { runChecks } from "../../../src/domain/doctor/run-checks.ts";
import { DnsFailedError, type DnsFindings } from "../../../src/ports/dns.ts";
import { byHandChecks } from "../../../src/services/doctor/by-hand-checks.ts";
import type { DoctorDomain } from "../../../src/services/doctor/domain-checks.ts";

const DOMAIN = "office.test";
const LAB = "lab.test";
const ADDRESS = "10.73.0.5";
const SERVER = "10.73.0.1";
const PRIMARY = "10.73.0.6#53";
const OURS = "o".repeat(43);
const box: Meeting = { kind: "host", thumbprint: OURS, timeMs: 0 };
const silent: Meeting = { kind: "silent", why: "nothing listens there" };
const FOUND: DnsFindings = {
  server: PRIMARY,
  oursPresent: true,
  addressesRight: true,
  ttlSeconds: 3600,
  rivals: [],
  duplicates: [],
  ownAddresses: [],
};

/** An office whose name server keeps records without a zone, but for what a test says. */
class Office {
  /** By `SERVER NAME`. */
  readonly records = new Map<string, readonly HostPlace[]>();
  readonly addresses = new Map([
    [`kms.${DOMAIN}`, [ADDRESS]],
    [`kms.${LAB}`, [ADDRESS]],
  ]);
  readonly meetings = new Map<string, Meeting>([[`${ADDRESS}:1688`, box]]);
  readonly asked: string[] = [];
  isAnnounced = false;
  zone: () => Promise<DnsFindings> = () =>
    Promise.reject(new DnsFailedError("no-zone", "No zone was found."));

  enter(server: string, domain: string, ...places: HostPlace[]): void {
    this.records.set(`${server} _vlmcs._tcp.${domain}`, places);
  }

  async examine(...domains: string[]): Promise<Map<string, Finding>> {
    const checks = byHandChecks(
      domains.map((domain) => this.#domain(domain)),
      {
        names: {
          addressesOf: async (name) => this.addresses.get(name) ?? [],
          hostsUnder: async (name, server = SERVER) => [this.#answer(server, name)],
        },
        hosts: { meet: async (place) => this.#meet(place) },
        addresses: async () => [ADDRESS],
        ownThumbprint: OURS,
        coexist: false,
        isAnnounced: async () => this.isAnnounced,
        signal: new AbortController().signal,
      },
    );
    const findings = await runChecks(checks, { deadline: new Promise(() => undefined) });
    return new Map(findings.map((each) => [each.id, each]));
  }

  #domain(domain: string): DoctorDomain {
    const target = `kms.${domain}`;
    const share = { priority: 0, weight: 100, ttlSeconds: 3600 };
    const name = `_vlmcs._tcp.${domain}`;
    return {
      registration: { name, domain, target, port: 1688, ...share, addresses: [ADDRESS] },
      registrar: { inspect: () => this.zone(), seenBySystem: () => assert.fail("asked") },
      namesServer: false,
      byHand: true,
      update: () => assert.fail("an update was tried"),
    };
  }

  #answer(server: string, name: string): SrvAnswer {
    this.asked.push(server);
    const places = this.records.get(`${server} ${name}`) ?? [];
    return { server, answer: places.length > 0 ? "found" : "none", places };
  }

  #meet({ target, port }: HostPlace): Meeting {
    return this.meetings.get(`${target}:${port}`) ?? silent;
  }
}

const results = (findings: Map<string, Finding>) =>
  Object.fromEntries([...findings].map(([id, { result }]) => [id.split(":")[0], result]));
const wrong = (findings: Map<string, Finding>) =>
  [...findings].flatMap(([id, { result }]) => (result === "wrong" ? [id] : []));

describe("the doctor's checks of records kept by hand", () => {
  let office: Office;
  beforeEach(() => {
    office = new Office();
  });

  it("finds the record where there is no zone, and judges it", async () => {
    office.enter(SERVER, DOMAIN, { target: `kms.${DOMAIN}`, port: 1688 });
    assert.deepEqual(results(await office.examine(DOMAIN)), {
      zone: "skipped",
      "hosts-gone": "ok",
      rivals: "ok",
      update: "skipped",
      record: "ok",
      target: "ok",
      seen: "ok",
      ttl: "skipped",
    });
  });

  it("finds the box by the name that the administrator chose", async () => {
    office.addresses.set("licences.office.test", [ADDRESS]);
    office.enter(SERVER, DOMAIN, { target: "licences.office.test", port: 1688 });
    const findings = await office.examine(DOMAIN);
    assert.deepEqual(wrong(findings), []);
    const { evidence } = findings.get(`record:${DOMAIN}`) ?? assert.fail();
    assert.match(evidence, /names licences\.office\.test:1688, where this box answers\.$/);
  });

  it("misses a record that is not there, and asks no more of it", async () => {
    const findings = await office.examine(DOMAIN);
    assert.deepEqual(wrong(findings), [`record:${DOMAIN}`]);
    for (const id of ["target", "seen", "ttl"]) {
      assert.match(findings.get(`${id}:${DOMAIN}`)?.evidence ?? "", /because of: SRV record/);
    }
  });

  it("warns of a record that is not there where the box is found by mDNS", async () => {
    office.isAnnounced = true;
    const findings = await office.examine(DOMAIN);
    assert.deepEqual(wrong(findings), []);
    assert.equal(findings.get(`record:${DOMAIN}`)?.result, "warning");
    assert.equal(findings.get(`target:${DOMAIN}`)?.result, "skipped");
  });

  it("names machines that are gone and hosts that compete, beside the record and instead", async () => {
    const old = { target: "old.office.test", port: 1688 };
    office.addresses.set(old.target, ["10.73.0.99"]);
    office.enter(SERVER, DOMAIN, { target: `kms.${DOMAIN}`, port: 1688 }, old);
    assert.deepEqual(wrong(await office.examine(DOMAIN)), [`hosts-gone:${DOMAIN}`]);
    office.meetings.set("10.73.0.99:1688", { kind: "host", thumbprint: "another", timeMs: 0 });
    assert.deepEqual(wrong(await office.examine(DOMAIN)), [`rivals:${DOMAIN}`]);
    office.enter(SERVER, DOMAIN, old);
    const instead = wrong(await office.examine(DOMAIN));
    assert.deepEqual(instead, [`rivals:${DOMAIN}`, `record:${DOMAIN}`]);
  });

  it("knows the box's name with an address that it had formerly", async () => {
    office.addresses.set(`kms.${DOMAIN}`, ["10.73.0.4"]);
    office.enter(SERVER, DOMAIN, { target: `kms.${DOMAIN}`, port: 1688 });
    assert.deepEqual(wrong(await office.examine(DOMAIN)), [`target:${DOMAIN}`]);
  });

  it("believes the zone's primary, and then what clients are told", async () => {
    office.zone = async () => FOUND;
    office.enter(PRIMARY, DOMAIN, { target: `kms.${DOMAIN}`, port: 1688 });
    const waiting = await office.examine(DOMAIN);
    assert.deepEqual(wrong(waiting), []);
    assert.equal(waiting.get(`seen:${DOMAIN}`)?.result, "warning");
    assert.equal(waiting.get(`ttl:${DOMAIN}`)?.result, "ok");
    office.records.clear();
    office.enter(SERVER, DOMAIN, { target: `kms.${DOMAIN}`, port: 1688 });
    assert.deepEqual(wrong(await office.examine(DOMAIN)), []);
  });

  it("asks this machine's name servers where the zone's primary is silent", async () => {
    office.zone = () => Promise.reject(new DnsFailedError("server-unreachable", "It is silent."));
    office.enter(SERVER, DOMAIN, { target: `kms.${DOMAIN}`, port: 1688 });
    const findings = await office.examine(DOMAIN);
    assert.match(findings.get(`zone:${DOMAIN}`)?.evidence ?? "", /It is silent\.$/);
    assert.equal(findings.get(`record:${DOMAIN}`)?.result, "ok");
  });

  it("is content with a record in one of the search domains", async () => {
    office.enter(SERVER, LAB, { target: `kms.${LAB}`, port: 1688 });
    const findings = await office.examine(DOMAIN, LAB);
    assert.deepEqual(wrong(findings), []);
    assert.match(findings.get(`record:${DOMAIN}`)?.evidence ?? "", /in lab\.test\.$/);
    office.records.clear();
    assert.deepEqual(wrong(await office.examine(DOMAIN, LAB)), [
      `record:${DOMAIN}`,
      `record:${LAB}`,
    ]);
  });

  it("works no answer through that is longer than any office's", async () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ target: `pc${at}.test`, port: 1688 }));
    office.enter(SERVER, DOMAIN, ...many);
    const { evidence } =
      (await office.examine(DOMAIN)).get(`hosts-gone:${DOMAIN}`) ?? assert.fail();
    assert.ok(evidence.includes("pc7.test:1688 (") && / and 8 others\.$/.test(evidence), evidence);
  });
});
