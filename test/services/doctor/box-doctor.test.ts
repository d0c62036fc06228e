import assert from "node:assert/strict";
import type { DnsRegistration } from "../../../src/domain/dns-registration.ts";
import type { Meeting, UpdateFact } from "../../../src/domain/doctor/dns-facts.ts";
import { ok, wrong } from "../../../src/domain/doctor/finding.ts";
import type { Check } from "../../../src/domain/doctor/run-checks.ts";
import type { Diagnosis } from "../../../src/domain/doctor/summary.ts";
import { HOUR_MS, SECOND_MS } from "../../../src/domain/units.ts";
import { DnsFailedError, type DnsFindings } from "../../../src/ports/dns.ts";
import { BoxDoctor, type BoxDoctorParts } from "../../../src/services/doctor/box-doctor.ts";
import type { DoctorDomain } from "../../../src/services/doctor/domain-checks.ts";
import { FakeProbe, healthOf, WELL } from "../../support/fake-health.ts";
import { testHost } from "../../support/host.ts";
import { VirtualTimers } from "../../support/virtual-timers.ts";

const DOMAIN = "office.test";
const NAME = `_vlmcs._tcp.${DOMAIN}`;
const TARGET = `kms.${DOMAIN}`;
const ADDRESS = "10.73.0.5";
const registration: DnsRegistration = {
  name: NAME,
  domain: DOMAIN,
  target: TARGET,
  port: 1688,
  priority: 0,
  weight: 100,
  ttlSeconds: 3600,
  addresses: [ADDRESS],
};
const FOUND: DnsFindings = {
  server: "10.73.0.6#53",
  oursPresent: true,
  addressesRight: true,
  ttlSeconds: 3600,
  rivals: [],
  duplicates: [],
  ownAddresses: [],
};
const RIVAL = { target: `old.${DOMAIN}`, port: 1688, priority: 0, weight: 0 };

function check(id: string, look: Check["look"] = () => ok("Good."), ...needs: string[]): Check {
  return { id, title: id, needs, look };
}

/** A box in an office where all is well, but for what a test says. */
async function office() {
  const host = await testHost();
  const { thumbprint } = host.signer;
  const own: Meeting = { kind: "host", thumbprint, timeMs: 0 };
  const rig = {
    timers: new VirtualTimers(),
    network: [
      check("link"),
      check("address", undefined, "link"),
      check("route", undefined, "address"),
      check("name-servers", undefined, "route"),
    ],
    inspect: async (): Promise<DnsFindings> => FOUND,
    update: { state: "trial", failure: null } as UpdateFact,
    meetings: new Map<string, Meeting>([[ADDRESS, own]]),
    domain: {} as Partial<DoctorDomain>,
    parts: {} as Partial<BoxDoctorParts>,
    thumbprint,
    probe: new FakeProbe(),
  };
  const domain = (): DoctorDomain => ({
    registration,
    registrar: { inspect: () => rig.inspect(), seenBySystem: async () => true },
    namesServer: false,
    byHand: false,
    update: () => rig.update,
    ...rig.domain,
  });
  const parts = (): BoxDoctorParts => ({
    box: {
      version: "1.2.3",
      thumbprint,
      port: 1688,
      store: host.store,
      clock: host.hostClock,
      licences: host.licences,
      health: healthOf(host, rig.probe),
    },
    absence: "No box runs on /x. Start it.",
    freeBytes: () => 8e9,
    hosts: {
      meet: async ({ target }) => rig.meetings.get(target) ?? { kind: "no-address" },
    },
    time: { ask: async () => [{ server: "ntp.test", aheadMs: 5 }] },
    addresses: async () => [ADDRESS],
    servedAddresses: () => [ADDRESS],
    clockSkewMs: 4 * HOUR_MS,
    networkChecks: () => rig.network,
    addressUseCheck: check("address-use", undefined, "address"),
    mdnsCheck: check("mdns", undefined, "link"),
    names: {
      addressesOf: async () => [ADDRESS],
      hostsUnder: async () => [{ server: "10.73.0.6", answer: "none", places: [] }],
    },
    domains: async () => [domain()],
    usesDns: true,
    coexist: false,
    isAnnounced: async () => false,
    timers: rig.timers,
    ...rig.parts,
  });
  return { rig, examine: () => new BoxDoctor(parts()).examine() };
}

const ids = ({ findings }: Diagnosis, result: string) =>
  findings.filter((finding) => finding.result === result).map(({ id }) => id);

describe("the doctor of a box", () => {
  it("looks at everything, the causes first", async () => {
    const { rig, examine } = await office();
    const { findings, summary } = await examine();
    assert.equal(summary, "Everything is well.");
    assert.deepEqual(
      findings.map(({ id }) => id),
      [
        ...["box", "link", "address", "address-use", "route", "name-servers", `zone:${DOMAIN}`],
        ...["hosts-gone", "rivals", "update", "record", "target", "seen", "ttl"].map(
          (each) => `${each}:${DOMAIN}`,
        ),
        ...["port", "mdns", "clock", "time-servers", "licence", "storage"],
      ],
    );
    assert.equal(rig.timers.waiting, 0);
  });

  it("tells what is wrong with the flash as kms-box health does", async () => {
    const { rig, examine } = await office();
    rig.probe.facts = { ...WELL, storage: { ...WELL.storage, errors: 2 } };
    const diagnosis = await examine();
    assert.match(diagnosis.summary, /^The file system has found 2 errors\./);
    assert.deepEqual(ids(diagnosis, "wrong"), ["storage"]);
    rig.probe.facts = { ...WELL, storage: { ...WELL.storage, sinceBootBytes: 9e15 } };
    assert.deepEqual(ids(await examine(), "warning"), []);
  });

  it("does not look further than a cable that is unplugged", async () => {
    const { rig, examine } = await office();
    rig.inspect = () => assert.fail("asked");
    rig.network[0] = check("link", () => wrong("No cable.", "Plug it in."));
    const diagnosis = await examine();
    assert.equal(diagnosis.summary, "No cable. Plug it in.");
    assert.deepEqual(ids(diagnosis, "ok"), ["box", "clock", "licence", "storage"]);
  });

  it("looks at the network, DNS and the flash where no box runs", async () => {
    const { rig, examine } = await office();
    rig.parts = { box: null };
    const diagnosis = await examine();
    assert.equal(diagnosis.summary, "No box runs on /x. Start it.");
    assert.deepEqual(ids(diagnosis, "skipped"), ["port", "clock", "licence"]);
    assert.deepEqual(ids(diagnosis, "wrong"), ["box"]);
  });

  it("names a zone that cannot be found, and asks nothing more of it", async () => {
    const { rig, examine } = await office();
    rig.inspect = () => Promise.reject(new DnsFailedError("no-zone", "No zone: check the domain."));
    const diagnosis = await examine();
    assert.equal(diagnosis.summary, "No zone. Check the domain.");
    assert.deepEqual(ids(diagnosis, "wrong"), [`zone:${DOMAIN}`]);
    assert.equal(ids(diagnosis, "skipped").length, 7);
  });

  it("asks a named primary also where the name servers are dead", async () => {
    const { rig, examine } = await office();
    rig.domain = { namesServer: true };
    rig.network[3] = check("name-servers", () => wrong("Dead.", "Start it."), "route");
    const diagnosis = await examine();
    assert.deepEqual(ids(diagnosis, "wrong"), ["name-servers"]);
    assert.deepEqual(ids(diagnosis, "skipped"), []);
  });

  it("takes a record that holds this box back for the cause of its absence", async () => {
    const { rig, examine } = await office();
    rig.inspect = async () => ({ ...FOUND, oursPresent: false, rivals: [RIVAL] });
    rig.update = { state: "foreign", sinceMs: 0 };
    rig.meetings.set(RIVAL.target, { kind: "silent", why: "nothing listens there" });
    const gone = await examine();
    assert.deepEqual(ids(gone, "wrong"), [`hosts-gone:${DOMAIN}`]);
    rig.meetings.set(RIVAL.target, { kind: "host", thumbprint: "another", timeMs: 0 });
    const rival = await examine();
    assert.deepEqual(ids(rival, "wrong"), [`rivals:${DOMAIN}`]);
    assert.match(rival.summary, /old\.office\.test:1688 \(another KMS Box\)/);
  });

  it("looks for a record that an administrator keeps, and asks for no update", async () => {
    const { rig, examine } = await office();
    rig.domain = { byHand: true, update: () => assert.fail("an update was tried") };
    rig.inspect = () => Promise.reject(new DnsFailedError("no-zone", "No zone: check it."));
    const missing = await examine();
    assert.deepEqual(ids(missing, "wrong"), [`record:${DOMAIN}`]);
    assert.match(missing.summary, /kms-box dns record --domain office\.test/);
    const places = [{ target: TARGET, port: 1688 }];
    rig.parts = {
      names: {
        addressesOf: async () => [ADDRESS],
        hostsUnder: async (_name, server = "10.73.0.6") => [{ server, answer: "found", places }],
      },
    };
    assert.equal((await examine()).summary, "Everything is well.");
  });

  it("does not claim that a record is well where it looked for none", async () => {
    const { rig, examine } = await office();
    rig.parts = { domains: async () => [] };
    const diagnosis = await examine();
    assert.deepEqual(ids(diagnosis, "skipped"), ["record"]);
    assert.match(diagnosis.summary, /^Everything is well, as far as it was checked; .*SRV record/);
    rig.parts = { domains: async () => [], usesDns: false };
    assert.equal((await examine()).summary, "Everything is well.");
  });

  it("names an address of its own at which it does not answer", async () => {
    const { rig, examine } = await office();
    rig.meetings.set(ADDRESS, { kind: "silent", why: "nothing listens there" });
    const { summary } = await examine();
    assert.match(summary, /^The box does not answer at 10\.73\.0\.5:1688/);
  });

  it("ends after 15 s, whatever does not", async () => {
    const { rig, examine } = await office();
    rig.inspect = () => new Promise(() => undefined);
    const examined = examine();
    await rig.timers.pass(15 * SECOND_MS);
    const diagnosis = await examined;
    assert.equal(diagnosis.findings.length, 20);
    assert.deepEqual(ids(diagnosis, "skipped").at(0), `zone:${DOMAIN}`);
    assert.equal(rig.timers.waiting, 0);
  });

  it("breaks for nothing that breaks", async () => {
    const { rig, examine } = await office();
    rig.inspect = () => Promise.reject(new Error("oops"));
    const diagnosis = await examine();
    assert.match(diagnosis.summary, /This could not be checked: oops/);
  });
});
