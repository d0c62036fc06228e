import assert from "node:assert/strict";
import { buildConfig, ConfigInvalidError } from "../../src/config/config.ts";

const build = (dns: object) => buildConfig([{ source: "file", values: { dns } }]);

function faultsOf(dns: object): readonly string[] {
  try {
    build(dns);
  } catch (error) {
    assert.ok(error instanceof ConfigInvalidError);
    return error.faults;
  }
  return [];
}

describe("the domains of the configuration", () => {
  it("are filled with their defaults", () => {
    const domains = [{ domain: "office.example" }, { domain: "branch.example", weight: 5 }];
    const { dns } = build({ domains });
    assert.deepEqual(dns.domains, [
      { domain: "office.example", priority: 0, weight: 100, publishAddresses: true },
      { domain: "branch.example", priority: 0, weight: 5, publishAddresses: true },
    ]);
    assert.ok(Object.isFrozen(dns.domains[0]));
    assert.deepEqual(domains[0], { domain: "office.example" });
  });

  it("may be signed for with a key file, with Kerberos or not at all", () => {
    const domains = [
      { domain: "a.example", server: "192.0.2.1", tsigKeyFile: "a.key" },
      { domain: "b.example", server: "[2001:db8::1]:5353", keytab: "k", principal: "BOX$@B" },
      { domain: "c.example" },
    ];
    assert.deepEqual(faultsOf({ domains }), []);
  });

  const wrong: [string, object, RegExp][] = [
    ["no name", {}, /^file: dns\.domains\.0\.?.*domain/],
    [
      "a name that is none",
      { domain: "my_office" },
      /^file: dns\.domains\.0\.domain: "my_office" is/,
    ],
    [
      "a final dot",
      { domain: "office.example." },
      /dns\.domains\.0\.domain: "office\.example\." is/,
    ],
    ["an unknown option", { domain: "a.example", prio: 1 }, /unknown option dns\.domains\.0\.prio/],
    [
      "a weight out of range",
      { domain: "a.example", weight: -1 },
      /dns\.domains\.0\.weight must be a whole number from 0/,
    ],
    [
      "a server's name",
      { domain: "a.example", server: "dc1" },
      /dns\.domains\.0\.server: "dc1" is no/,
    ],
    ["half an address", { domain: "a.example", server: "1.2.3" }, /0\.server: "1\.2\.3" is no/],
    [
      "two ways of signing",
      { domain: "a.example", tsigKeyFile: "a", keytab: "b" },
      /dns\.domains\.0\.keytab: an update is signed by tsigKeyFile or by keytab/,
    ],
    [
      "a principal without its keytab",
      { domain: "a.example", principal: "BOX$" },
      /dns\.domains\.0\.principal: it needs the keytab/,
    ],
  ];
  for (const [what, domain, fault] of wrong) {
    it(`are refused with ${what}`, () => {
      const faults = faultsOf({ domains: [domain] });
      assert.equal(faults.length, 1, faults.join("; "));
      assert.match(faults[0] ?? "", fault);
    });
  }

  it("are refused if one is named twice, or the host's name is none", () => {
    const domains = [{ domain: "a.example" }, { domain: "b.example" }, { domain: "A.Example" }];
    assert.deepEqual(faultsOf({ domains, host: "kms_box" }), [
      'file: dns.host: "kms_box" is no name for DNS, which has letters, digits and inner hyphens, ' +
        "63 of them at most; give a name such as kms.office.example",
      "file: dns.domains.2.domain: A.Example is named twice",
    ]);
  });

  it("are refused with a host's name that is an address, or every machine's", () => {
    assert.match(
      faultsOf({ host: "10.0.0.5" })[0] ?? "",
      /^file: dns\.host: "10\.0\.0\.5" is a num/,
    );
    assert.match(faultsOf({ host: "localhost" })[0] ?? "", /"localhost" means every machine/);
    assert.deepEqual(faultsOf({ host: "kms.office.example" }), []);
  });
});
