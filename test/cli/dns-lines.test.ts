import assert from "node:assert/strict";
import { dnsLines, dnsView } from "../../src/cli/box/dns-lines.ts";
import type { DnsDomainAnswer } from "../../src/web/api/dns-schemas.ts";

function domain(overrides: Partial<DnsDomainAnswer> = {}): DnsDomainAnswer {
  return {
    domain: "office.test",
    name: "_vlmcs._tcp.office.test",
    target: "kms.office.test",
    port: 1688,
    priority: 0,
    weight: 100,
    ttlSeconds: 3600,
    addresses: ["192.0.2.7"],
    server: "192.0.2.53#53",
    rivals: [],
    state: "published",
    since: "2030-01-02T03:04:05.000Z",
    checked: "2030-01-02T03:14:05.000Z",
    seenBySystem: true,
    code: null,
    reason: null,
    retry: null,
    ...overrides,
  };
}

const text = (...domains: DnsDomainAnswer[]) => dnsLines({ domains }).join("\n");

describe("kms-box dns status", () => {
  it("shows the record as it stands in the zone, and where", () => {
    const shown = text(domain());
    assert.match(shown, /^Domain +office\.test\nState +published, since 2030-01-02/);
    assert.match(shown, /_vlmcs\._tcp\.office\.test\. 3600 IN SRV 0 100 1688 kms\.office\.test\./);
    assert.match(shown, /\nAddresses +192\.0\.2\.7\nServer +192\.0\.2\.53#53\nChecked +2030/);
    assert.match(shown, /\nResolver +finds it$/);
  });

  it("shows why it failed, and when it is tried again", () => {
    const shown = text(
      domain({
        state: "failed",
        code: "server-refused",
        reason: "Allow it.",
        retry: "2030-01-02T03:24:05.000Z",
        checked: null,
        seenBySystem: null,
      }),
    );
    assert.match(shown, /State +FAILED \(server-refused\), since .*\n/);
    assert.match(shown, /\nReason +Allow it\.\nNext try +2030/);
  });

  it("shows other hosts, and domains one below the other", () => {
    const rival = { target: "other.office.test", port: 1688, priority: 1, weight: 2 };
    const shown = text(
      domain({ state: "foreign", rivals: [rival], seenBySystem: false }),
      domain({ state: "withdrawn" }),
      domain({ state: "pending", since: null }),
    );
    assert.match(shown, /State +NOT PUBLISHED, another host is, since .*; set dns\.coexist/);
    assert.match(shown, /Resolver +does not find it yet/);
    assert.match(shown, /Other host +other\.office\.test:1688, priority 1, weight 2\n\nDomain/);
    assert.match(shown, /State +withdrawn, since .*; "kms-box dns publish"/);
    assert.match(shown, /State +pending\n/);
  });

  it("says how to publish where nothing is", () => {
    assert.match(text(), /^This box publishes in no domain\./);
  });

  it("calls it no change that the record was found once more", async () => {
    const view = dnsView({ dns: async () => ({ domains: [domain()] }) });
    const before = await view.read();
    assert.deepEqual(view.documents(before, undefined), [before]);
    const later = { domains: [domain({ checked: "2031-01-02T03:14:05.000Z" })] };
    assert.deepEqual([view.changes(later, before), view.documents(later, before)], [[], []]);
    const failed = { domains: [domain({ state: "failed", code: "no-zone" })] };
    assert.match(view.changes(failed, before)[0] ?? "", / {2}office\.test failed \(no-zone\)$/);
    assert.match(view.changes({ domains: [] }, before)[0] ?? "", /no domain$/);
  });
});
