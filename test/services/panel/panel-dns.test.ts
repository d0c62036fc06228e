import assert from "node:assert/strict";
import type {
  DnsFailureCode,
  DomainReport,
  DomainState,
} from "../../../src/domain/dns-registration.ts";
import { dnsTroubles, panelDns } from "../../../src/services/panel/panel-dns.ts";
import { registration, SRV_NAME } from "../../support/dns-registrations.ts";

const PUBLISHED = { state: "published", sinceMs: 1, checkedMs: 2, seenBySystem: true } as const;
const CODES: readonly DnsFailureCode[] = [
  "not-installed",
  "key-unusable",
  "name-unusable",
  "no-ticket",
  "no-zone",
  "server-unreachable",
  "server-refused",
  "signature-refused",
  "not-visible",
  "update-failed",
];

function report(state: DomainState, name = SRV_NAME): DomainReport {
  return { registration: registration({ name }), server: null, rivals: [], state };
}
const failed = (code: DnsFailureCode): DomainState => ({
  state: "failed",
  code,
  reason: "A long sentence for the log.",
  sinceMs: 1,
  retryMs: 2,
});

describe("what the panel tells of DNS", () => {
  it("is nothing where nothing is published", () => {
    assert.deepEqual(panelDns([]), { state: "off" });
    assert.deepEqual(dnsTroubles([]), []);
  });

  it("is the record and since when it is there", () => {
    const reports = [report(PUBLISHED)];
    assert.deepEqual(panelDns(reports), { state: "published", record: SRV_NAME, sinceMs: 1 });
    assert.deepEqual(dnsTroubles(reports), []);
  });

  it("is the worst of several domains", () => {
    const worse: DomainState[] = [
      { state: "pending" },
      { state: "withdrawn", sinceMs: 1 },
      { state: "foreign", sinceMs: 1 },
      failed("server-refused"),
    ];
    const reports = [report(PUBLISHED)];
    const told = worse.map((state) => {
      reports.push(report(state, `_vlmcs._tcp.${state.state}.test`));
      const facts = panelDns(reports);
      return "reason" in facts ? `${facts.record}: ${facts.reason}` : facts.state;
    });
    assert.deepEqual(told, [
      "pending",
      "withdrawn",
      "_vlmcs._tcp.foreign.test: another host is published",
      "_vlmcs._tcp.failed.test: name server refuses",
    ]);
  });

  it("wants attention when it fails, and when a rival is there", () => {
    const foreign = report({ state: "foreign", sinceMs: 1 });
    assert.deepEqual(dnsTroubles([report(PUBLISHED), foreign]), [
      {
        level: "attention",
        code: "dns-rival",
        title: "RIVAL HOST",
        nextStep: "another host is in DNS: remove it, or set dns.coexist",
      },
    ]);
    const [trouble] = dnsTroubles([foreign, report(failed("key-unusable"))]);
    assert.deepEqual(trouble, {
      level: "attention",
      code: "dns-failed",
      title: "DNS FAILED",
      nextStep: "check the key file or the keytab",
    });
    assert.deepEqual(dnsTroubles([report({ state: "withdrawn", sinceMs: 1 })]), []);
  });

  it("fits the panel's fields", () => {
    for (const code of CODES) {
      const reports = [report(failed(code))];
      const facts = panelDns(reports);
      assert.ok("reason" in facts && facts.reason.length <= 42, code);
      assert.ok((dnsTroubles(reports)[0]?.nextStep.length ?? 99) <= 60, code);
    }
  });
});
