import assert from "node:assert/strict";
import {
  type DomainToPublish,
  type HostToPublish,
  isSameRegistration,
  lacksAddress,
  registrationOf,
} from "../../src/domain/dns-registration.ts";

const HOST: HostToPublish = {
  service: "_vlmcs",
  host: "",
  hostname: "Box-7",
  port: 1688,
  ttlSeconds: 3600,
  addresses: ["192.0.2.7", "169.254.3.4", "fe80::1", "2001:db8::7"],
};
const OFFICE: DomainToPublish = {
  domain: "Office.example",
  priority: 1,
  weight: 2,
  publishAddresses: true,
};

describe("what is published in a domain", () => {
  it("is this machine's name there, with the addresses that others can reach", () => {
    assert.deepEqual(registrationOf(HOST, OFFICE), {
      name: "_vlmcs._tcp.office.example",
      domain: "office.example",
      target: "box-7.office.example",
      port: 1688,
      priority: 1,
      weight: 2,
      ttlSeconds: 3600,
      addresses: ["192.0.2.7", "2001:db8::7"],
    });
  });

  it("is the first part of the name of a machine that knows its domain", () => {
    const { target } = registrationOf({ ...HOST, hostname: "box-7.lab.example" }, OFFICE);
    assert.equal(target, "box-7.office.example");
  });

  it("has addresses only under a name that lies in the domain", () => {
    const inside = registrationOf({ ...HOST, host: "kms.office.example" }, OFFICE);
    assert.deepEqual([inside.target, inside.addresses.length], ["kms.office.example", 2]);
    const outside = registrationOf({ ...HOST, host: "kms.elsewhere.example" }, OFFICE);
    assert.deepEqual(outside.addresses, []);
    assert.ok(!lacksAddress(outside, OFFICE));
  });

  it("has none if told so", () => {
    const domain = { ...OFFICE, publishAddresses: false };
    const wanted = registrationOf(HOST, domain);
    assert.deepEqual(wanted.addresses, []);
    assert.ok(!lacksAddress(wanted, domain));
  });

  it("waits for an address", () => {
    assert.ok(lacksAddress(registrationOf({ ...HOST, addresses: ["fe80::1"] }, OFFICE), OFFICE));
    assert.ok(!lacksAddress(registrationOf(HOST, OFFICE), OFFICE));
  });

  it("is another with another port, address or time to live", () => {
    const one = registrationOf(HOST, OFFICE);
    assert.ok(isSameRegistration(one, { ...one, addresses: one.addresses.toReversed() }));
    for (const change of [{ port: 1 }, { addresses: ["192.0.2.7"] }, { ttlSeconds: 60 }]) {
      assert.ok(!isSameRegistration(one, { ...one, ...change }));
    }
  });
});
