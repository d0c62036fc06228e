import type { DnsRegistration } from "../../../src/domain/dns-registration.ts";
import {
  judgeRecord,
  judgeSeen,
  judgeTarget,
  judgeTtl,
  judgeUpdate,
  judgeZone,
} from "../../../src/domain/doctor/dns-judgements.ts";
import { judgementTable } from "./judgement-table.ts";

const NAME = "_vlmcs._tcp.office.test";
const DOMAIN = "office.test";
const registration: DnsRegistration = {
  name: NAME,
  domain: DOMAIN,
  target: "kms-box.office.test",
  port: 1688,
  priority: 0,
  weight: 100,
  ttlSeconds: 3600,
  addresses: ["10.0.0.5"],
};
const records = {
  server: "10.0.0.1#53",
  oursPresent: true,
  ttlSeconds: 3600,
  rivals: [],
  duplicates: [],
};
const rivals = [{ target: "old.office.test", port: 1688, priority: 0, weight: 0 }];

describe("the doctor on a zone", () => {
  judgementTable([
    ["its primary answers", judgeZone(DOMAIN, records), "ok", /10\.0\.0\.1#53 is the primary/],
    [
      "nobody knows it",
      judgeZone(DOMAIN, {
        code: "no-zone",
        reason: "No zone was found for x: check the domain, or name its primary as its server.",
      }),
      "wrong",
      /^No zone was found for x\.$/,
      /^Check the domain, or name its primary as its server\.$/,
    ],
    [
      "a server refuses what is named first",
      judgeZone(DOMAIN, {
        code: "server-refused",
        reason: "kms.office.test: The name server refuses the update: allow this key to change it.",
      }),
      "wrong",
      /^kms\.office\.test: The name server refuses the update\.$/,
      /^Allow this key to change it\.$/,
    ],
    [
      "its primary is silent, as a tool says",
      judgeZone(DOMAIN, {
        code: "server-unreachable",
        reason: "It does not answer: check the network and the server. (timed out)",
      }),
      "wrong",
      /^It does not answer \(timed out\)\.$/,
      /^Check the network and the server\.$/,
    ],
    [
      "no more is known than that it failed",
      judgeZone(DOMAIN, { code: "server-unreachable", reason: "It fails." }),
      "wrong",
      /^It fails\.$/,
      /Start the DNS server/,
    ],
  ]);
});

describe("the doctor on updates", () => {
  const since = { sinceMs: 0 };
  const refused = { code: "server-refused", reason: "It refuses: allow it." } as const;
  const silent = { code: "server-unreachable", reason: "It is silent." } as const;
  judgementTable([
    [
      "the last was accepted",
      judgeUpdate(DOMAIN, { state: "published", ...since, checkedMs: 0, seenBySystem: true }),
      "ok",
      /accepts this box's updates/,
    ],
    [
      "the last was refused",
      judgeUpdate(DOMAIN, { state: "failed", ...since, retryMs: 0, ...refused }),
      "wrong",
      /^It refuses\.$/,
      /^Allow it\.$/,
    ],
    ["a trial went well", judgeUpdate(DOMAIN, { state: "trial", failure: null }), "ok", /accepts/],
    [
      "a trial was refused",
      judgeUpdate(DOMAIN, { state: "trial", failure: refused }),
      "wrong",
      /refuses/,
    ],
    [
      "nobody answered",
      judgeUpdate(DOMAIN, { state: "trial", failure: silent }),
      "skipped",
      /silent/,
    ],
    ["not tried yet", judgeUpdate(DOMAIN, { state: "pending" }), "skipped", /not tried/],
    ["held back", judgeUpdate(DOMAIN, { state: "foreign", ...since }), "skipped", /another host/],
    ["taken back", judgeUpdate(DOMAIN, { state: "withdrawn", ...since }), "skipped", /taken/],
    ["no key", judgeUpdate(DOMAIN, { state: "no-credentials" }), "skipped", /kept by hand/],
  ]);
});

describe("the doctor on the SRV record", () => {
  judgementTable([
    [
      "it is there",
      judgeRecord(registration, records, false),
      "ok",
      /^_vlmcs\._tcp\.office\.test names kms-box\.office\.test:1688\.$/,
    ],
    [
      "it is there twice",
      judgeRecord(
        registration,
        { ...records, duplicates: [{ target: "kms-box", port: 1688, priority: 0, weight: 77 }] },
        false,
      ),
      "warning",
      /names kms-box\.office\.test:1688 more than once, also with priority 0, weight 77\.$/,
      /kms-box dns publish/,
    ],
    [
      "it is missing",
      judgeRecord(registration, { oursPresent: false, rivals: [], duplicates: [] }, false),
      "wrong",
      /Clients in office\.test do not find this box: \S+ has no record\./,
      /_vlmcs\._tcp\.office\.test\. 3600 IN SRV 0 100 1688 kms-box\.office\.test\./,
    ],
    [
      "another's is there, beside which nothing is published",
      judgeRecord(registration, { oursPresent: false, rivals, duplicates: [] }, false),
      "skipped",
      /old\.office\.test:1688/,
    ],
    [
      "another's is there, beside which ours should be",
      judgeRecord(registration, { oursPresent: false, rivals, duplicates: [] }, true),
      "wrong",
      /names only old\.office\.test:1688/,
    ],
  ]);
  judgementTable([
    ["the resolver finds it", judgeSeen(NAME, true), "ok", /finds/],
    ["the resolver does not", judgeSeen(NAME, false), "warning", /does not find it/, /Wait/],
    ["no resolver", judgeSeen(NAME, null), "skipped", /could not be asked/],
  ]);
});

describe("the doctor on the target and the time to live", () => {
  const target = "kms-box.office.test";
  const ours = ["10.0.0.5", "2001:db8::5"];
  judgementTable([
    ["it is this machine", judgeTarget(target, ["10.0.0.5"], ours), "ok", /10\.0\.0\.5/],
    [
      "it has no address",
      judgeTarget(target, [], ours),
      "wrong",
      /no address in DNS/,
      /10\.0\.0\.5 and 2001:db8::5/,
    ],
    [
      "it is another machine",
      judgeTarget(target, ["10.0.0.5", "10.0.0.9"], ours),
      "wrong",
      /has the address 10\.0\.0\.9 in DNS, which is not this machine's/,
      /Correct the A and AAAA/,
    ],
    ["an hour", judgeTtl(NAME, 3600), "ok", /3600 s/],
    ["the bounds", judgeTtl(NAME, 30), "ok", /30 s/],
    ["a day", judgeTtl(NAME, 86_400), "ok", /86400 s/],
    ["too short", judgeTtl(NAME, 29), "warning", /too short/, /at least 30/],
    ["too long", judgeTtl(NAME, 86_401), "warning", /more than a day/, /at most 86400/],
    ["unknown", judgeTtl(NAME, null), "skipped", /not known/],
  ]);
});
