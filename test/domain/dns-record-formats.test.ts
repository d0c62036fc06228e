import assert from "node:assert/strict";
import fc from "fast-check";
import {
  RECORD_FORMATS,
  type RecordFormat,
  RecordInvalidError,
  recordLines,
} from "../../src/domain/dns-record-formats.ts";
import { type DnsRegistration, registrationOf } from "../../src/domain/dns-registration.ts";

const OFFICE = registrationOf(
  {
    service: "_vlmcs",
    host: "",
    hostname: "kms",
    port: 1688,
    ttlSeconds: 3600,
    addresses: ["192.0.2.7", "2001:db8::7"],
  },
  { domain: "office.example", priority: 0, weight: 100, publishAddresses: true },
);

const GOLDEN: Readonly<Record<RecordFormat, string>> = {
  bind: `
; In the zone file of office.example; then raise the serial of its SOA and reload the zone.
_vlmcs._tcp.office.example. 3600 IN SRV 0 100 1688 kms.office.example.
kms.office.example. 3600 IN A 192.0.2.7
kms.office.example. 3600 IN AAAA 2001:db8::7`,
  windows: `
# In PowerShell on the DNS server, as its administrator.
Add-DnsServerResourceRecord -Srv -ZoneName 'office.example' -Name '_vlmcs._tcp' -DomainName 'kms.office.example' -Priority 0 -Weight 100 -Port 1688 -TimeToLive 01:00:00
Add-DnsServerResourceRecord -A -ZoneName 'office.example' -Name 'kms' -IPv4Address '192.0.2.7' -TimeToLive 01:00:00
Add-DnsServerResourceRecord -AAAA -ZoneName 'office.example' -Name 'kms' -IPv6Address '2001:db8::7' -TimeToLive 01:00:00`,
  dnsmasq: `
# In a file of /etc/dnsmasq.d; then restart dnsmasq.
srv-host=_vlmcs._tcp.office.example,kms.office.example,1688,0,100
host-record=kms.office.example,192.0.2.7,3600
host-record=kms.office.example,2001:db8::7,3600`,
  unbound: `
# In a file of /etc/unbound/unbound.conf.d; then reload unbound.
server:
    local-data: "_vlmcs._tcp.office.example. 3600 IN SRV 0 100 1688 kms.office.example."
    local-data: "kms.office.example. 3600 IN A 192.0.2.7"
    local-data: "kms.office.example. 3600 IN AAAA 2001:db8::7"`,
  pihole: `
# Pi-hole 5: this is /etc/dnsmasq.d/90-kms-box.conf; then: pihole restartdns
# Pi-hole 6 reads that file only with misc.etc_dnsmasq_d. Without it, run this instead. It
# replaces the lines that are set already, so add those to it:
# sudo pihole-FTL --config misc.dnsmasq_lines '["srv-host=_vlmcs._tcp.office.example,kms.office.example,1688,0,100", "host-record=kms.office.example,192.0.2.7,3600", "host-record=kms.office.example,2001:db8::7,3600"]'
srv-host=_vlmcs._tcp.office.example,kms.office.example,1688,0,100
host-record=kms.office.example,192.0.2.7,3600
host-record=kms.office.example,2001:db8::7,3600`,
  hosts: `
# A hosts file has no SRV records. Each client is told once:
#   kms-client set-host kms.office.example:1688
# and finds the address in its /etc/hosts, or %SystemRoot%\\System32\\drivers\\etc\\hosts:
192.0.2.7 kms.office.example
2001:db8::7 kms.office.example`,
};

describe("what to enter in a DNS server by hand", () => {
  for (const format of RECORD_FORMATS) {
    it(`is in the form of ${format}`, () => {
      assert.equal(`\n${recordLines(format, OFFICE).join("\n")}`, GOLDEN[format]);
    });
  }

  it("says days and seconds of a time to live as Windows does", () => {
    const last = (ttlSeconds: number) =>
      recordLines("windows", { ...OFFICE, ttlSeconds })[1]
        ?.split(" ")
        .at(-1);
    assert.deepEqual([30, 86_399, 604_800].map(last), ["00:00:30", "23:59:59", "7.00:00:00"]);
  });

  it("names the zone itself as Windows does", () => {
    const lines = recordLines("windows", { ...OFFICE, target: "office.example" });
    assert.match(lines[2] ?? "", /-Name '@'/);
  });

  it("says that an address is still to be entered where none is known", () => {
    for (const format of RECORD_FORMATS) {
      const lines = recordLines(format, { ...OFFICE, addresses: [] });
      const comments = lines.filter((line) => /^[#;]/.test(line)).join("\n");
      assert.match(
        comments,
        format === "hosts" ? /ADDRESS kms/ : /no address .* kms\.office/s,
        format,
      );
    }
  });

  it("says where the addresses of a target in another zone belong", () => {
    const elsewhere = { ...OFFICE, target: "kms.other.example", addresses: [] };
    for (const format of ["bind", "windows", "dnsmasq", "unbound"] as const) {
      assert.match(
        recordLines(format, elsewhere).at(-1) ?? "",
        /^[;#] kms\.other\.example is not in office\.example/,
      );
    }
    assert.equal(recordLines("hosts", elsewhere).at(-1), "# ADDRESS kms.other.example");
  });

  for (const [what, over] of [
    ["a domain that ends a quotation", { domain: "office'.example" }],
    ["a name outside of the domain", { name: "_vlmcs._tcp.other.example" }],
    ["a target with a line break", { target: "kms\n.office.example" }],
    ["a target with a command", { target: "$(reboot).office.example" }],
    ["no port", { port: 0 }],
    ["a priority too high", { priority: 65_536 }],
    ["half a weight", { weight: 0.5 }],
    ["an endless time to live", { ttlSeconds: Number.POSITIVE_INFINITY }],
    ["an address that is none", { addresses: ["192.0.2.256"] }],
    ["an address with more behind it", { addresses: ["192.0.2.7,evil"] }],
  ] as const) {
    it(`refuses ${what}`, () => {
      for (const format of RECORD_FORMATS) {
        assert.throws(() => recordLines(format, { ...OFFICE, ...over }), RecordInvalidError);
      }
    });
  }

  it("lets no name say more than a name", () => {
    const name = fc.oneof(fc.string(), fc.domain(), fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(fc.constantFrom(...RECORD_FORMATS), name, name, (format, domain, target) => {
        const given: DnsRegistration = { ...OFFICE, domain, target, name: `_vlmcs._tcp.${domain}` };
        try {
          const text = recordLines(format, given).join("\n");
          assert.match(`${domain}${target}`, /^[A-Za-z0-9.-]+$/);
          assert.doesNotMatch(text, /[\r\t]|[^ -~\n]/);
        } catch (error) {
          if (!(error instanceof RecordInvalidError)) throw error;
        }
      }),
    );
  });
});
