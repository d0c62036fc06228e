import {
  judgeCached,
  judgeCandidates,
  judgeHostTrust,
  judgeLease,
  judgeLookup,
} from "../../../src/domain/doctor/client-judgements.ts";
import type { Meeting } from "../../../src/domain/doctor/dns-facts.ts";
import type { LicenceStatus } from "../../../src/domain/status.ts";
import { judgementTable } from "./judgement-table.ts";

const at = (target: string, meeting: Meeting) => ({ target, port: 1688, meeting });
const met = (target: string) => at(target, { kind: "host", thumbprint: "t", timeMs: 0 });
const silent = (target: string) => at(target, { kind: "silent", why: "nothing listens there" });

describe("the client's doctor on the look-up", () => {
  const found = (how: string) => [{ host: "kms.test", port: 1688, how }];
  judgementTable([
    [
      "DNS tells",
      judgeLookup({ hosts: found("srv"), why: "SRV _vlmcs._tcp.test", whyNot: "" }),
      "ok",
      /^kms\.test:1688: SRV _vlmcs\._tcp\.test\.$/,
    ],
    [
      "only memory does",
      judgeLookup({ hosts: found("cache"), why: "worked last", whyNot: "x has no SRV record" }),
      "warning",
      /Only the host that worked last is known, kms\.test:1688: x has no SRV record/,
      /anew/,
    ],
    [
      "nothing does",
      judgeLookup({ hosts: [], why: "", whyNot: "x has no SRV record" }),
      "wrong",
      /No KMS host is found: x has no SRV record\./,
      /set-host/,
    ],
  ]);
});

describe("the client's doctor on the hosts", () => {
  judgementTable([
    ["the one answers", judgeCandidates([met("a")]), "ok", /^a:1688 answers\.$/],
    ["both answer", judgeCandidates([met("a"), met("b")]), "ok", /^a:1688 and b:1688 answer\.$/],
    [
      "none answers",
      judgeCandidates([silent("a"), at("b", { kind: "stranger" })]),
      "wrong",
      /a:1688 \(nothing listens there\) and b:1688 \(what answers there is not a KMS host/,
      /firewalls/,
    ],
    [
      "one does not",
      judgeCandidates([met("a"), at("b", { kind: "no-address" })]),
      "warning",
      /a:1688 answers, but not b:1688 \(its name has no address\)/,
      /Delete the SRV record/,
    ],
  ]);
  const trusted = { trusted: true, host: "a:1688" } as const;
  const untrusted = { trusted: false, host: "b:1688", why: "it has another vendor's." } as const;
  judgementTable([
    ["the vendor's licence", judgeHostTrust("p", [trusted]), "ok", /a:1688 has the vendor's/],
    [
      "another vendor's",
      judgeHostTrust("p", [untrusted]),
      "wrong",
      /b:1688 cannot activate p: it has another vendor's\./,
      /Install the vendor's licence/,
    ],
    ["one of two", judgeHostTrust("p", [untrusted, trusted]), "warning", /b:1688 cannot/, /a:1688/],
    ["no host", judgeHostTrust("p", []), "skipped", /No host/],
  ]);
  judgementTable([
    ["it still answers", judgeCached(met("a"), true), "ok", /worked last and answers/],
    ["it moved", judgeCached(silent("a"), true), "ok", /Another is found instead/],
    ["it is gone", judgeCached(silent("a"), false), "warning", /does not answer now/, /Start/],
    ["there was none", judgeCached(null, true), "skipped", /No host has worked/],
  ]);
});

describe("the client's doctor on a lease", () => {
  const lease = (status: LicenceStatus, damage: string | null = null, lastFailed = false) =>
    judgeLease({
      product: "p",
      status,
      remainingDays: 170,
      lastMessage: "Refused.",
      lastFailed,
      damage,
    });
  judgementTable([
    ["activated", lease("licensed"), "ok", /p is activated for 170 more days/],
    [
      "activated, but not renewed",
      lease("licensed", null, true),
      "warning",
      /170 more days\. Last attempt: Refused\./,
      /kms-client activate --product p/,
    ],
    ["not yet", lease("initial-grace"), "warning", /not activated yet. Last attempt: Refused\./],
    ["no longer", lease("out-of-tolerance-grace"), "wrong", /has ended/, /kms-client activate/],
    ["not at all", lease("notification"), "wrong", /p is not activated\. Last attempt/],
    ["never", lease("unlicensed"), "wrong", /p is not activated/],
    ["tampered with", lease("licensed", "its signature is wrong."), "wrong", /not believed/],
  ]);
});
