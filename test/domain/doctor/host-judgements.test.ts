import type { Meeting } from "../../../src/domain/doctor/dns-facts.ts";
import { judgePort, judgeRivals, judgeStale } from "../../../src/domain/doctor/host-judgements.ts";
import { judgementTable } from "./judgement-table.ts";

const NAME = "_vlmcs._tcp.office.test";
const OURS = "o".repeat(43);
const at = (target: string, meeting: Meeting) => ({ target, port: 1688, meeting });
const host = (thumbprint: string): Meeting => ({ kind: "host", thumbprint, timeMs: 0 });
const silent: Meeting = { kind: "silent", why: "nothing listens there" };

describe("the doctor on hosts that are gone", () => {
  judgementTable([
    ["there are no others", judgeStale(NAME, []), "ok", /no other host/],
    ["the other answers", judgeStale(NAME, [at("b.test", host("b"))]), "ok", /answers/],
    [
      "one is silent",
      judgeStale(NAME, [at("b.test", host("b")), at("old.test", silent)]),
      "wrong",
      /names a host that is gone: old\.test:1688 \(nothing listens there\)/,
      /Delete the SRV record of old\.test:1688/,
    ],
    [
      "one is silent, and no zone has its record",
      judgeStale(NAME, [at("old.test", silent)], "name server"),
      "wrong",
      /names a host that is gone/,
      /^Delete the SRV record of old\.test:1688 from the name server, or start that host again\.$/,
    ],
    [
      "one has no address",
      judgeStale(NAME, [at("old.test", { kind: "no-address" })]),
      "wrong",
      /its name has no address/,
    ],
  ]);
});

describe("the doctor on other hosts", () => {
  const asked = { ownThumbprint: OURS, coexist: false };
  const rival = [at("b.test", host("b"))];
  judgementTable([
    ["there are none", judgeRivals(NAME, [], asked), "ok", /no host that competes/],
    ["one is gone", judgeRivals(NAME, [at("old.test", silent)], asked), "ok", /no host/],
    [
      "another KMS Box",
      judgeRivals(NAME, rival, asked),
      "wrong",
      /Clients also find another host: \S+ names b\.test:1688 \(another KMS Box\)/,
      /dns\.coexist/,
    ],
    [
      "something else",
      judgeRivals(NAME, [at("b.test", { kind: "stranger" })], asked),
      "wrong",
      /b\.test:1688 \(not a KMS Box\)/,
    ],
    ["it is meant", judgeRivals(NAME, rival, { ...asked, coexist: true }), "ok", /coexist allows/],
    [
      "it is this one under another name",
      judgeRivals(NAME, [at("former.test", host(OURS))], asked),
      "warning",
      /this box under another name too: former\.test:1688/,
      /Delete/,
    ],
  ]);
});

describe("the doctor on the port", () => {
  judgementTable([
    [
      "it answers everywhere",
      judgePort([at("10.0.0.5", host(OURS)), at("2001:db8::5", host(OURS))], OURS),
      "ok",
      /10\.0\.0\.5:1688 and \[2001:db8::5\]:1688/,
    ],
    [
      "it does not answer at one address",
      judgePort([at("10.0.0.5", host(OURS)), at("10.0.1.5", silent)], OURS),
      "wrong",
      /does not answer at 10\.0\.1\.5:1688: nothing listens there/,
      /`bind`/,
    ],
    [
      "another box answers",
      judgePort([at("10.0.0.5", host("b"))], OURS),
      "wrong",
      /Another KMS Box answers at 10\.0\.0\.5:1688/,
    ],
    [
      "another program answers",
      judgePort([at("10.0.0.5", { kind: "stranger" })], OURS),
      "wrong",
      /Another program/,
      /another port/,
    ],
    ["there is no address", judgePort([], OURS), "skipped", /no address/],
  ]);
});
