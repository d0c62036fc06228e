import type { DnsRegistration } from "../../../src/domain/dns-registration.ts";
import {
  judgeKeptRecord,
  judgeKeptSeen,
  judgeKeptTarget,
  judgeKeptTtl,
  judgeKeptUpdate,
  judgeKeptZone,
  judgeNoDomain,
  type KeptDomain,
} from "../../../src/domain/doctor/by-hand-judgements.ts";
import type { DomainRecords, Meeting, SrvAnswer } from "../../../src/domain/doctor/dns-facts.ts";
import type { KeptRecord, SortedRecords } from "../../../src/domain/doctor/kept-record.ts";
import { judgementTable } from "./judgement-table.ts";

const DOMAIN = "office.test";
const NAME = `_vlmcs._tcp.${DOMAIN}`;
const TARGET = `kms.${DOMAIN}`;
const OURS = "o".repeat(43);
const own = { target: TARGET, port: 1688, addresses: ["10.0.0.5"], thumbprint: OURS };
const registration: DnsRegistration = {
  name: NAME,
  domain: DOMAIN,
  target: TARGET,
  port: 1688,
  priority: 0,
  weight: 100,
  ttlSeconds: 3600,
  addresses: ["10.0.0.5"],
};
const box: Meeting = { kind: "host", thumbprint: OURS, timeMs: 0 };
const silent: Meeting = { kind: "silent", why: "nothing listens there" };
const NOTHING: SortedRecords = { here: [], moved: [], otherPort: [], elsewhere: [] };
const noZone = { code: "no-zone", reason: "No zone was found." } as const;
const zone: DomainRecords = {
  server: "10.0.0.1#53",
  oursPresent: false,
  ttlSeconds: 3600,
  rivals: [],
  duplicates: [],
};

function record(target: string, address: string, meeting: Meeting, port = 1688): KeptRecord {
  return { target, port, found: [{ address, meeting }] };
}

function answer(kind: SrvAnswer["answer"], server = "10.0.0.1", target = TARGET): SrvAnswer {
  return { server, answer: kind, places: kind === "found" ? [{ target, port: 1688 }] : [] };
}

/** A domain without zone, whose one name server has nothing, but for what is said. */
function domain(records: Partial<SortedRecords>, over: Partial<KeptDomain> = {}): KeptDomain {
  const kept = { ...NOTHING, ...records };
  return { registration, zone: noZone, answers: [answer("none")], records: kept, ...over };
}

const HERE = { here: [record(TARGET, "10.0.0.5", box)] };
const judgeIt = (kept: KeptDomain, foundIn: string | null = null, isAnnounced = false) =>
  judgeKeptRecord(kept, own, { foundIn, isAnnounced });

describe("the doctor where no domain is to be looked in", () => {
  judgementTable([
    ["none is known", judgeNoDomain(true), "skipped", /^No record was looked for:/, /dns\.domains/],
    ["DNS is turned off", judgeNoDomain(false), "skipped", /dns\.enabled/],
  ]);
});

describe("the doctor on what needs a zone, of a record kept by hand", () => {
  const silence = { code: "server-unreachable", reason: "10.0.0.9#53 does not answer." } as const;
  judgementTable([
    ["there is one", judgeKeptZone(DOMAIN, zone), "ok", /10\.0\.0\.1#53 is the primary/],
    ["there is none", judgeKeptZone(DOMAIN, noZone), "skipped", /no.* zone .*kept by hand/i],
    ["its primary is silent", judgeKeptZone(DOMAIN, silence), "skipped", /10\.0\.0\.9#53 does not/],
    ["updates", judgeKeptUpdate(DOMAIN), "skipped", /not in dns\.domains: this box writes nothing/],
    ["no zone's time to live", judgeKeptTtl(domain(HERE)), "skipped", /Only a zone's primary/],
    ["an hour", judgeKeptTtl(domain(HERE, { zone })), "ok", /3600 s/],
    [
      "a week",
      judgeKeptTtl(domain(HERE, { zone: { ...zone, ttlSeconds: 604_800 } })),
      "warning",
      /more than a day/,
      /^Set the record's time to live to an hour\.$/,
    ],
    ["no record of ours", judgeKeptTtl(domain({}, { zone })), "skipped", /no record of ours/],
  ]);
});

describe("the doctor on an SRV record kept by hand", () => {
  const print = /kms-box dns record --domain office\.test --format dnsmasq/;
  const lost = "^Clients in office\\.test do not find this box by DNS: ";
  judgementTable([
    [
      "it leads here",
      judgeIt(domain(HERE)),
      "ok",
      /^_vlmcs\._tcp\.office\.test names kms\.office\.test:1688, where this box answers\.$/,
    ],
    [
      "it leads here by another name, and the box is silent",
      judgeIt(domain({ here: [record("licences.test", "10.0.0.5", silent)] })),
      "ok",
      /names licences\.test:1688, which is this machine\.$/,
    ],
    [
      "it has our name, whose address another check judges",
      judgeIt(domain({ moved: [record(TARGET, "10.0.0.9", silent)] })),
      "ok",
      /names kms\.office\.test:1688\.$/,
    ],
    [
      "it names another port",
      judgeIt(domain({ otherPort: [record(TARGET, "10.0.0.5", silent, 1700)] })),
      "wrong",
      new RegExp(
        `${lost}\\S+ names kms\\.office\\.test:1700, but this box serves at port 1688\\.$`,
      ),
      print,
    ],
    [
      "it names another port beside the right one",
      judgeIt(domain({ ...HERE, otherPort: [record(TARGET, "10.0.0.5", silent, 1700)] })),
      "wrong",
      /^\S+ names kms\.office\.test:1700, but this box serves at port 1688, of which another/,
      /^Delete the record with the other port\.$/,
    ],
    [
      "it names another machine only",
      judgeIt(domain({ elsewhere: [{ target: "pc.test", port: 1688, meeting: silent }] })),
      "wrong",
      new RegExp(`${lost}\\S+ names only pc\\.test:1688\\.$`),
      print,
    ],
    [
      "it is missing",
      judgeIt(domain({})),
      "wrong",
      new RegExp(`${lost}10\\.0\\.0\\.1 has no record _vlmcs\\._tcp\\.office\\.test\\.$`),
      print,
    ],
    [
      "it is missing, but the box is found by mDNS",
      judgeIt(domain({}), null, true),
      "warning",
      /^Clients on this box's own link find it by mDNS, those in other networks do not: 10\.0\.0\.1 has no record _vlmcs/,
      print,
    ],
    [
      "it leads elsewhere only, though the box is found by mDNS",
      judgeIt(
        domain({ elsewhere: [{ target: "pc.test", port: 1688, meeting: silent }] }),
        null,
        true,
      ),
      "wrong",
      /names only pc\.test:1688/,
    ],
    [
      "it is missing in a zone",
      judgeIt(domain({}, { zone })),
      "wrong",
      /has no record/,
      /^Let the box publish it \(dns\.domains\), or .*--format bind/,
    ],
    [
      "it is missing here, and there in another domain",
      judgeIt(domain({}), "lab.test"),
      "skipped",
      /has no record; clients find this box in lab\.test\.$/,
    ],
    [
      "the name server refuses",
      judgeIt(domain({}, { answers: [answer("refused")] })),
      "wrong",
      /10\.0\.0\.1 refuses to answer .*dnsmasq without local=\/office\.test\/\)/,
      print,
    ],
    [
      "the name server cannot find out",
      judgeIt(domain({}, { answers: [answer("fails"), answer("silent", "10.0.0.2")] })),
      "wrong",
      /10\.0\.0\.1 cannot look up \S+ \(SERVFAIL\)\.$/,
      print,
    ],
    [
      "nobody answers",
      judgeIt(domain({}, { answers: [answer("silent")] })),
      "skipped",
      /No name server answers/,
      /log/,
    ],
  ]);
});

describe("the doctor on the address of a record kept by hand", () => {
  const judge = (records: Partial<SortedRecords>) => judgeKeptTarget(domain(records), own);
  judgementTable([
    ["ours", judge(HERE), "ok", /^kms\.office\.test has the address 10\.0\.0\.5\.$/],
    [
      "not ours, but this box answers there",
      judge({ here: [record("x.test", "10.9.9.9", box)] }),
      "ok",
      /10\.9\.9\.9/,
    ],
    [
      "another machine's",
      judge({ moved: [record(TARGET, "10.0.0.9", silent)] }),
      "wrong",
      /has the address 10\.0\.0\.9 in DNS, which is not this machine's \(10\.0\.0\.5\)/,
      /kms-box dns record --domain office\.test/,
    ],
    [
      "none",
      judge({ moved: [{ target: TARGET, port: 1688, found: [] }] }),
      "wrong",
      /kms\.office\.test has no address in DNS/,
    ],
    [
      "one of two names has it",
      judge({ ...HERE, moved: [record(TARGET, "10.0.0.9", silent)] }),
      "wrong",
      /^kms\.office\.test has the address 10\.0\.0\.9/,
    ],
    ["no record of ours", judge({}), "skipped", /no record of ours/],
  ]);
});

describe("the doctor on who has a record kept by hand", () => {
  const judge = (...answers: SrvAnswer[]) => judgeKeptSeen(domain(HERE, { answers }));
  const other = "10.0.0.2";
  judgementTable([
    ["the one", judge(answer("found")), "ok", /^10\.0\.0\.1 has _vlmcs\._tcp\.office\.test\.$/],
    [
      "both",
      judge(answer("found"), answer("found", other)),
      "ok",
      /10\.0\.0\.1 and 10\.0\.0\.2 have/,
    ],
    [
      "one of two",
      judge(answer("found"), answer("none", other)),
      "warning",
      /10\.0\.0\.1 has \S+, but 10\.0\.0\.2 has it not: clients that ask there do not find this box/,
      /Enter the record there too/,
    ],
    [
      "one of two, as the other names another machine",
      judge(answer("found"), answer("found", other, "pc.test")),
      "warning",
      /but 10\.0\.0\.2 has it not/,
    ],
    [
      "the zone only",
      judge(answer("none")),
      "warning",
      /^The zone has \S+, but 10\.0\.0\.1 has it not/,
    ],
    ["one of two, the other silent", judge(answer("found"), answer("silent", other)), "ok", /has/],
    ["nobody answered", judge(answer("silent")), "skipped", /No name server answered/],
    ["no record of ours", judgeKeptSeen(domain({})), "skipped", /no record of ours/],
  ]);
});
