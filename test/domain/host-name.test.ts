import assert from "node:assert/strict";
import { registrationOf } from "../../src/domain/dns-registration.ts";
import { hostNameFault, targetFault } from "../../src/domain/host-name.ts";

/** What is published of a machine with that name. */
function published(hostname: string) {
  const host = { service: "_vlmcs", host: "", hostname, port: 1688, ttlSeconds: 60, addresses: [] };
  const domain = { domain: "office.test", priority: 0, weight: 100, publishAddresses: true };
  return registrationOf(host, domain);
}

describe("a machine's name", () => {
  it("may be published if it is one machine's", () => {
    for (const name of ["kms", "KMS-Box", "3com", "7-up", "raspberrypi", "kms.lab.test", "0x7f"]) {
      assert.equal(targetFault(published(name)), null, name);
    }
  });

  it("may not if it is none for DNS, any machine's, or a number", () => {
    const faults: Record<string, RegExp> = {
      "": /^This machine's name is empty\. Give the machine a name/,
      ".": /name is empty\./,
      localhost: /^This machine's name "localhost" means every machine to itself\. Give/,
      "LocalHost.localdomain": /"localhost" means every machine/,
      my_pi: /^This machine's name "my_pi" is no name for DNS, which has letters, digits/,
      "-kms": /"-kms" is no name/,
      "kms-": /is no name/,
      büro: /"büro" is no name/,
      "two words": /is no name/,
      ["a".repeat(64)]: /63 of them at most\./,
      "2026": /"2026" is a number, which may be taken for an address\./,
      "10.0.0.5": /"10" is a number/,
    };
    for (const [name, fault] of Object.entries(faults)) {
      const told = targetFault(published(name));
      assert.match(told ?? "", fault, name);
      assert.match(told ?? "", /hostnamectl set-hostname kms\), or set dns\.host/);
    }
  });

  it("may not be an address where it is configured", () => {
    assert.match(hostNameFault("10.0.0.5") ?? "", /^is a number/);
    assert.match(hostNameFault("localhost") ?? "", /^means every machine/);
    assert.equal(hostNameFault("kms.office.test"), null);
  });
});
