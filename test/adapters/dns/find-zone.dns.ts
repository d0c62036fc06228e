import assert from "node:assert/strict";
import { NsupdateRegistrar } from "../../../src/adapters/dns/nsupdate-registrar.ts";
import { Bind } from "../../support/bind.ts";
import { DOMAIN, registration, SRV_NAME } from "../../support/dns-registrations.ts";
import { TinyDns } from "../../support/tiny-dns.ts";

const NO_TICKETS = {
  cacheFor: () => assert.fail("no Kerberos here"),
  discard: () => assert.fail("no Kerberos here"),
};
/** A zone's primary is always asked at port 53, for which this suite must be root. */
const ADDRESS = "127.0.0.1";
const DNS_PORT = 53;

describe("finding a zone's primary by its SOA record", function () {
  this.timeout(60_000);
  let bind: Bind;

  before(async function () {
    this.timeout(300_000);
    bind = await Bind.start({
      address: ADDRESS,
      port: DNS_PORT,
      keys: ["kms-updater"],
      zones: [
        { domain: DOMAIN, grants: ["grant kms-updater zonesub ANY"] },
        { domain: "_tcp.branch.test", grants: ["grant kms-updater zonesub ANY"] },
        { domain: "branch.test", grants: ["grant kms-updater zonesub ANY"] },
      ],
    });
  });
  after(() => bind.stop());

  const registrar = (access: object = {}) =>
    new NsupdateRegistrar({
      access: { tsigKeyFile: bind.keyFile("kms-updater"), ...access },
      coexist: false,
      tickets: NO_TICKETS,
      resolvers: [bind.address],
    });

  it("needs no server in the configuration", async () => {
    const wanted = registration({ addresses: ["192.0.2.7"] });
    const { server } = await registrar().publish(wanted, null);
    assert.equal(server, `${ADDRESS}#53`);
    assert.equal((await bind.srv(SRV_NAME)).length, 1);
    await registrar().withdraw(wanted);
  });

  for (const [how, access] of [
    ["by SOA records", {}],
    ["at the named server", { server: ADDRESS }],
  ] as const) {
    it(`writes record and addresses in zones of their own, found ${how}`, async () => {
      const wanted = registration({
        name: "_vlmcs._tcp.branch.test",
        domain: "branch.test",
        target: "kms.branch.test",
        addresses: ["192.0.2.7"],
      });
      await registrar(access).publish(wanted, null);
      assert.equal((await bind.srv(wanted.name)).length, 1);
      assert.deepEqual(await bind.addresses(wanted.target), ["192.0.2.7"]);
      await registrar(access).withdraw(wanted);
      assert.deepEqual(await bind.addresses(wanted.target), []);
    });
  }

  it("publishes in a subdomain that has no zone of its own", async () => {
    const wanted = registration({
      name: `_vlmcs._tcp.lab.${DOMAIN}`,
      domain: `lab.${DOMAIN}`,
      target: `kms.lab.${DOMAIN}`,
      addresses: ["192.0.2.7"],
    });
    await registrar().publish(wanted, null);
    assert.equal((await bind.srv(wanted.name)).length, 1);
    await registrar().withdraw(wanted);
  });

  it("says that there is no zone, and asks no registry", async () => {
    const wanted = registration({ name: "_vlmcs._tcp.nowhere.test", domain: "nowhere.test" });
    // This server refuses what it has no zone for, as one without recursion does.
    await assert.rejects(registrar().inspect(wanted), { code: "no-zone", message: /refuses to/ });
    await assert.rejects(registrar({ server: ADDRESS }).inspect(wanted), {
      code: "no-zone",
      message: /^127\.0\.0\.1 has no zone for .*, or may not tell this box \(REFUSED\): name the/,
    });
  });

  it("says that a server cannot tell, rather than that it has no zone", async () => {
    const dns = await TinyDns.start();
    dns.failure = 2;
    await assert.rejects(registrar({ server: dns.address }).inspect(registration()), {
      code: "server-refused",
      message:
        /cannot tell the zone of _vlmcs\._tcp\.office\.test \(SERVFAIL\): look into its log\.$/,
    });
    await dns.stop();
  });
});
