import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NsupdateRegistrar } from "../../../src/adapters/dns/nsupdate-registrar.ts";
import type { DnsRegistration } from "../../../src/domain/dns-registration.ts";
import type { DnsAccess } from "../../../src/ports/dns.ts";
import { Bind } from "../../support/bind.ts";
import { DOMAIN, registration, SRV_NAME } from "../../support/dns-registrations.ts";
import { freePort } from "../../support/free-port.ts";

const NO_TICKETS = {
  cacheFor: () => assert.fail("no Kerberos here"),
  discard: () => assert.fail("no Kerberos here"),
};
const OURS = { target: `kms.${DOMAIN}`, port: 1688, priority: 0, weight: 100 };
const RIVAL = { target: `other.${DOMAIN}`, port: 1688, priority: 0, weight: 0 };
const RIVAL_LINE = `${SRV_NAME}. 300 SRV 0 0 1688 other.${DOMAIN}.`;

describe("publishing at a real name server", () => {
  let bind: Bind;

  before(async function () {
    this.timeout(300_000);
    bind = await Bind.start({
      keys: ["kms-updater", "branch", "srv-only", "stranger"],
      zones: [
        {
          domain: DOMAIN,
          grants: ["grant kms-updater zonesub ANY", `grant srv-only name ${SRV_NAME}. SRV`],
          records: ["taken A 192.0.2.77", "alias CNAME kms"],
        },
        { domain: "branch.test", grants: ["grant branch zonesub ANY"] },
      ],
    });
  });
  after(() => bind.stop());
  afterEach(async function () {
    if (this.currentTest?.state === "failed") console.error(bind.log);
    await bind.administer(
      DOMAIN,
      `update delete ${SRV_NAME}. SRV`,
      `update delete kms.${DOMAIN}.`,
      `update delete box-2.${DOMAIN}.`,
    );
  });

  const registrar = (access: Partial<DnsAccess> = {}, coexist = false) =>
    new NsupdateRegistrar({
      access: { server: bind.address, tsigKeyFile: bind.keyFile("kms-updater"), ...access },
      coexist,
      tickets: NO_TICKETS,
      resolvers: [bind.address],
    });
  const publish = (wanted: DnsRegistration, former: DnsRegistration | null = null) =>
    registrar().publish(wanted, former);

  it("adds the record with its TTL, and finds it again", async () => {
    assert.deepEqual(await publish(registration()), {
      server: `127.0.0.1#${bind.port}`,
      oursPresent: true,
      addressesRight: true,
      ttlSeconds: 3600,
      rivals: [],
      ownAddresses: [],
    });
    assert.deepEqual(await bind.srv(SRV_NAME), [OURS]);
    const found = await registrar().inspect(registration());
    assert.deepEqual([found.oursPresent, found.ttlSeconds], [true, 3600]);
    assert.equal(await registrar().seenBySystem(registration()), true);
  });

  it("adds this host's addresses, and removes them with the record", async () => {
    const wanted = registration({ addresses: ["192.0.2.7", "2001:DB8:0::7"] });
    const { ownAddresses } = await publish(wanted);
    assert.deepEqual(ownAddresses, ["192.0.2.7", "2001:db8::7"]);
    assert.deepEqual(await bind.addresses(wanted.target), ["192.0.2.7", "2001:db8::7"]);
    const { oursPresent } = await registrar().withdraw(wanted);
    assert.equal(oursPresent, false);
    assert.deepEqual(await bind.srv(SRV_NAME), []);
    assert.deepEqual(await bind.addresses(wanted.target), []);
    assert.equal(await registrar().seenBySystem(wanted), false);
  });

  it("follows a change of the address", async () => {
    const former = registration({ addresses: ["192.0.2.7", "192.0.2.8"] });
    await publish(former);
    await publish(registration({ addresses: ["192.0.2.8", "192.0.2.9"] }), former);
    assert.deepEqual(await bind.addresses(former.target), ["192.0.2.8", "192.0.2.9"]);
  });

  it("removes the former record after a change of port, name, priority or service", async () => {
    let former = registration({ addresses: ["192.0.2.7"] });
    await publish(former);
    const target = `box-2.${DOMAIN}`;
    const name = `_kms._tcp.${DOMAIN}`;
    for (const change of [{ port: 1700 }, { target }, { priority: 5 }, { weight: 1 }, { name }]) {
      const wanted = { ...former, ...change };
      await publish(wanted, former);
      const { port, priority, weight } = wanted;
      const expected = [{ target: wanted.target, port, priority, weight }];
      assert.deepEqual(await bind.srv(wanted.name), expected);
      former = wanted;
    }
    assert.deepEqual(await bind.srv(SRV_NAME), []);
    assert.deepEqual(await bind.addresses(`kms.${DOMAIN}`), []);
    assert.deepEqual(await bind.addresses(target), ["192.0.2.7"]);
    await registrar().withdraw(former);
  });

  it("writes nothing where another host is published, unless they coexist", async () => {
    await bind.administer(DOMAIN, `update add ${RIVAL_LINE}`);
    const held = await publish(registration({ addresses: ["192.0.2.7"] }));
    assert.deepEqual([held.oursPresent, held.rivals], [false, [RIVAL]]);
    assert.deepEqual(await bind.srv(SRV_NAME), [RIVAL]);
    assert.deepEqual(await bind.addresses(`kms.${DOMAIN}`), []);

    const beside = await registrar({}, true).publish(registration(), null);
    assert.deepEqual([beside.oursPresent, beside.rivals], [true, [RIVAL]]);
    // The TTL is the other's, which must stay as it is.
    assert.equal(beside.ttlSeconds, 300);
    assert.deepEqual(await bind.srv(SRV_NAME), [OURS, RIVAL]);
    await registrar().withdraw(registration());
    assert.deepEqual(await bind.srv(SRV_NAME), [RIVAL]);
  });

  it("stays where it stood first when another host comes", async () => {
    await publish(registration());
    await bind.administer(DOMAIN, `update add ${RIVAL_LINE}`);
    const found = await publish(registration({ port: 1700 }), registration());
    assert.equal(found.oursPresent, true);
    assert.deepEqual(await bind.srv(SRV_NAME), [{ ...OURS, port: 1700 }, RIVAL]);
  });

  it("keeps two boxes apart that publish side by side", async () => {
    const first = registration({ addresses: ["192.0.2.7"], weight: 60 });
    const second = registration({
      target: `box-2.${DOMAIN}`,
      addresses: ["192.0.2.8"],
      weight: 40,
    });
    const one = registrar({}, true);
    const two = registrar({}, true);
    await Promise.all([one.publish(first, null), two.publish(second, null)]);
    assert.deepEqual(
      (await bind.srv(SRV_NAME)).map(({ target, weight }) => [target, weight]),
      [
        [second.target, 40],
        [first.target, 60],
      ],
    );
    await one.withdraw(first);
    assert.deepEqual(
      (await bind.srv(SRV_NAME)).map(({ target }) => target),
      [second.target],
    );
    assert.deepEqual(await bind.addresses(second.target), ["192.0.2.8"]);
    await two.withdraw(second);
  });

  it("lets only one of two be first that do not coexist", async () => {
    const second = registration({ target: `box-2.${DOMAIN}` });
    const found = await Promise.all([publish(registration()), publish(second)]);
    assert.equal(found.filter(({ oursPresent }) => oursPresent).length, 1);
    assert.equal((await bind.srv(SRV_NAME)).length, 1);
  });

  it("leaves the addresses where a second box on this machine needs them", async () => {
    const first = registration({ addresses: ["192.0.2.7"] });
    const second = registration({ port: 1700 });
    await publish(first);
    await registrar({}, true).publish(second, null);
    await registrar().withdraw(first);
    assert.deepEqual(await bind.addresses(first.target), ["192.0.2.7"]);
  });

  it("does not take over the name of another machine", async () => {
    const wanted = registration({ target: `taken.${DOMAIN}`, addresses: ["192.0.2.7"] });
    await assert.rejects(publish(wanted), { code: "update-failed", message: /another machine's/ });
    assert.deepEqual(await bind.addresses(wanted.target), ["192.0.2.77"]);
    assert.deepEqual(await bind.srv(SRV_NAME), []);
  });

  it("leaves addresses alone that something else keeps there", async () => {
    const wanted = registration({ target: `taken.${DOMAIN}`, addresses: ["192.0.2.77"] });
    const { ownAddresses, addressesRight } = await publish(wanted);
    assert.deepEqual([ownAddresses, addressesRight], [[], true]);
    await registrar().withdraw({ ...wanted, addresses: ownAddresses });
    assert.deepEqual(await bind.addresses(wanted.target), ["192.0.2.77"]);
  });

  it("publishes in a second domain with a key of its own", async () => {
    const name = "_vlmcs._tcp.branch.test";
    const wanted = registration({ name, domain: "branch.test", target: "kms.branch.test" });
    await registrar({ tsigKeyFile: bind.keyFile("branch") }).publish(wanted, null);
    assert.equal((await bind.srv(name)).length, 1);
  });

  it("finds a record among a hundred, and removes it alone", async () => {
    const lines = Array.from(
      { length: 99 },
      (_, n) => `update add ${SRV_NAME}. 300 SRV 0 ${n} 1688 another-host-${n}.${DOMAIN}.`,
    );
    await bind.administer(DOMAIN, ...lines);
    const found = await registrar({}, true).publish(registration(), null);
    assert.deepEqual([found.oursPresent, found.rivals.length], [true, 99]);
    assert.equal((await bind.srv(SRV_NAME)).length, 100);
    // As first of a hundred it may change its own, with all the others as prerequisites.
    await publish(registration({ port: 1700 }), registration());
    await registrar().withdraw(registration({ port: 1700 }));
    assert.equal((await bind.srv(SRV_NAME)).length, 99);
  });

  describe("tells why not", () => {
    const failure = async (access: Partial<DnsAccess>, wanted = registration()) => {
      const error = await registrar(access)
        .publish(wanted, null)
        .then(
          () => assert.fail("it was published"),
          (reason: { code: string; message: string }) => reason,
        );
      assert.deepEqual(await bind.srv(wanted.name), []);
      return `${error.code}: ${error.message}`;
    };

    it("when the server does not know the key", async () => {
      const path = join(bind.folder, "unknown.key");
      await writeFile(path, 'key "nobody" { algorithm hmac-sha256; secret "c2VjcmV0c2VjcmV0"; };');
      await chmod(path, 0o600);
      assert.match(
        await failure({ tsigKeyFile: path }),
        /^signature-refused: .*does not know the key/,
      );
    });

    it("when the key is another one of that name", async () => {
      const path = join(bind.folder, "wrong.key");
      const text = 'key "kms-updater" { algorithm hmac-sha256; secret "c2VjcmV0c2VjcmV0"; };';
      await writeFile(path, text);
      await chmod(path, 0o600);
      assert.match(await failure({ tsigKeyFile: path }), /^signature-refused: .*another secret/);
    });

    it("when the key may not change the name", async () => {
      const told = await failure({ tsigKeyFile: bind.keyFile("stranger") });
      assert.match(told, /^server-refused: _vlmcs.*refuses the update: allow this key/);
    });

    it("when the key may not write the addresses", async () => {
      const wanted = registration({ addresses: ["192.0.2.7"] });
      const told = await failure({ tsigKeyFile: bind.keyFile("srv-only") }, wanted);
      assert.match(told, /^server-refused: kms\.office\.test: .*/);
    });

    it("when the update is not signed", async () => {
      const access = { server: bind.address };
      const unsigned = new NsupdateRegistrar({ access, coexist: false, tickets: NO_TICKETS });
      await assert.rejects(unsigned.publish(registration(), null), { code: "server-refused" });
    });

    it("when nothing listens there", async () => {
      const server = `127.0.0.1:${await freePort()}`;
      assert.match(await failure({ server }), /^server-unreachable: /);
    });

    it("when the server has no such zone", async () => {
      const wanted = registration({ name: "_vlmcs._tcp.nowhere.test", domain: "nowhere.test" });
      const told = await registrar()
        .publish(wanted, null)
        .catch((error: { code: string }) => error.code);
      assert.equal(told, "no-zone");
    });
  });

  it("ends at once when it is told to", async () => {
    const silent = registrar({ server: "192.0.2.254" });
    const stop = new AbortController();
    const startMs = performance.now();
    setTimeout(() => stop.abort(), 100);
    await assert.rejects(silent.inspect(registration(), stop.signal), {
      code: "server-unreachable",
    });
    assert.ok(performance.now() - startMs < 2000);
  });
});
