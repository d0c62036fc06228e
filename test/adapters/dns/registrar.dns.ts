import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NsupdateRegistrar } from "../../../src/adapters/dns/nsupdate-registrar.ts";
import type { DnsRegistration } from "../../../src/domain/dns-registration.ts";
import type { DnsAccess } from "../../../src/ports/dns.ts";
import { itIsRegistrar } from "../../ports/dns-registrar-contract.ts";
import { Bind } from "../../support/bind.ts";
import { DOMAIN, registration, SRV_NAME } from "../../support/dns-registrations.ts";
import { freePort } from "../../support/free-port.ts";
import { silentServer } from "../../support/silent-server.ts";

const NO_TICKETS = {
  cacheFor: () => assert.fail("no Kerberos here"),
  discard: () => assert.fail("no Kerberos here"),
};
const OURS = { target: `kms.${DOMAIN}`, port: 1688, priority: 0, weight: 100 };
const RIVAL = { target: `other.${DOMAIN}`, port: 1688, priority: 0, weight: 0 };
const RIVAL_LINE = `${SRV_NAME}. 300 SRV 0 0 1688 other.${DOMAIN}.`;

describe("publishing at a real name server", function () {
  this.timeout(60_000);
  let bind: Bind;

  before(async function () {
    this.timeout(300_000);
    bind = await Bind.start({
      keys: ["kms-updater", "branch", "srv-only", "address-only", "stranger"],
      secrets: { slashes: "AB//Ei+0LkN6TpfHLtWcUuMbiRH6UbKkYjoUCkQnMRE=" },
      options: ["max-records-per-type 0"],
      zones: [
        {
          domain: DOMAIN,
          grants: [
            "grant kms-updater zonesub ANY",
            "grant slashes zonesub ANY",
            `grant srv-only name ${SRV_NAME}. SRV`,
            `grant address-only name kms.${DOMAIN}. A AAAA`,
          ],
          records: ["alias CNAME kms"],
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

  itIsRegistrar(() => ({
    registrar: (coexist) => registrar({}, coexist),
    srv: (name) => bind.srv(name),
    addresses: (name) => bind.addresses(name),
    addSrv: (name, { priority, weight, port, target }) =>
      bind.administer(
        DOMAIN,
        `update add ${name}. 300 SRV ${priority} ${weight} ${port} ${target}.`,
      ),
    addAddress: (name, address) => bind.administer(DOMAIN, `update add ${name}. 300 A ${address}`),
  }));

  it("adds the record with its TTL, and finds it again", async () => {
    assert.deepEqual(await publish(registration()), {
      server: `127.0.0.1#${bind.port}`,
      oursPresent: true,
      addressesRight: true,
      ttlSeconds: 3600,
      rivals: [],
      duplicates: [],
      ownAddresses: [],
    });
    assert.deepEqual(await bind.srv(SRV_NAME), [OURS]);
    const found = await registrar().inspect(registration());
    assert.deepEqual([found.oursPresent, found.ttlSeconds], [true, 3600]);
    assert.equal(await registrar().seenBySystem(registration()), true);
  });

  it("removes the former record when the service is another", async () => {
    const former = registration({ addresses: ["192.0.2.7"] });
    await publish(former);
    const wanted = { ...former, name: `_kms._tcp.${DOMAIN}` };
    await publish(wanted, former);
    assert.deepEqual(await bind.srv(SRV_NAME), []);
    assert.deepEqual(await bind.srv(wanted.name), [OURS]);
    assert.deepEqual(await bind.addresses(wanted.target), ["192.0.2.7"]);
    await registrar().withdraw(wanted);
  });

  it("has told of addresses that are there where the record is refused", async () => {
    const wanted = registration({ addresses: ["192.0.2.7"] });
    const own = registrar({ tsigKeyFile: bind.keyFile("address-only") });
    const told: (readonly string[])[] = [];
    const willWrite = async (addresses: readonly string[]) => void told.push(addresses);
    await assert.rejects(own.publish(wanted, null, { willWrite }), { code: "server-refused" });
    assert.deepEqual(told, [["192.0.2.7"]]);
    assert.deepEqual(await bind.addresses(wanted.target), ["192.0.2.7"]);
    await own.withdraw(wanted);
    assert.deepEqual(await bind.addresses(wanted.target), []);
  });

  it("takes back what it told of addresses that are refused", async () => {
    const wanted = registration({ addresses: ["192.0.2.7"] });
    const own = registrar({ tsigKeyFile: bind.keyFile("srv-only") });
    const told: (readonly string[])[] = [];
    const willWrite = async (addresses: readonly string[]) => void told.push(addresses);
    await assert.rejects(own.publish(wanted, null, { willWrite }), { code: "server-refused" });
    assert.deepEqual(told, [["192.0.2.7"], []]);
  });

  it("knows its addresses for its own when another host came between them and the record", async () => {
    const former = registration();
    await publish(former);
    let isFirst = true;
    const willWrite = async () => {
      if (isFirst) await bind.administer(DOMAIN, `update add ${RIVAL_LINE}`);
      isFirst = false;
    };
    const wanted = registration({ port: 1700, addresses: ["192.0.2.7"] });
    const found = await registrar().publish(wanted, former, { willWrite });
    assert.deepEqual([found.oursPresent, found.ownAddresses], [true, ["192.0.2.7"]]);
    assert.equal((await bind.srv(SRV_NAME)).length, 2);
  });

  it("leaves another host's time to live as it is", async () => {
    await bind.administer(DOMAIN, `update add ${RIVAL_LINE}`);
    const beside = await registrar({}, true).publish(registration(), null);
    assert.equal(beside.ttlSeconds, 300);
    assert.deepEqual(await bind.srv(SRV_NAME), [OURS, RIVAL]);
  });

  it("takes addresses that the name has by way of another", async () => {
    await bind.administer(DOMAIN, `update add kms.${DOMAIN}. 300 A 192.0.2.7`);
    const wanted = registration({ target: `alias.${DOMAIN}`, addresses: ["192.0.2.7"] });
    const { addressesRight, ownAddresses } = await publish(wanted);
    assert.deepEqual([addressesRight, ownAddresses], [true, []]);
    await registrar().withdraw(wanted);
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

  /** Targets as BIND takes them with `check-names ignore`, and as they are read. */
  const ODD_TARGETS: readonly (readonly [string, string])[] = [
    [String.raw`we\032ird.${DOMAIN}`, String.raw`we\032ird.${DOMAIN}`],
    [String.raw`\195\188ber.${DOMAIN}`, String.raw`\195\188ber.${DOMAIN}`],
    [String.raw`a\010send.${DOMAIN}`, String.raw`a\010send.${DOMAIN}`],
    [String.raw`a\.b\"\;\$\(.${DOMAIN}`, String.raw`a\046b\034\059\036\040.${DOMAIN}`],
    [`-_*!.${DOMAIN}`, String.raw`-_\042\033.${DOMAIN}`],
  ];

  for (const [written, read] of ODD_TARGETS) {
    it(`goes on beside a host called ${written}`, async () => {
      await publish(registration());
      await bind.administer(DOMAIN, `update add ${SRV_NAME}. 300 SRV 0 0 1688 ${written}.`);
      const wanted = registration({ port: 1700 });
      const found = await publish(wanted, registration());
      assert.equal(found.oursPresent, true);
      assert.deepEqual(
        found.rivals.map(({ target }) => target),
        [read],
      );
      assert.equal((await bind.srv(SRV_NAME)).length, 2);
      const { rivals } = await registrar().withdraw(wanted);
      assert.equal(rivals.length, 1);
    });
  }

  it("takes a record that says the service is not offered for no host", async () => {
    const lines = [`${SRV_NAME}. 300 SRV 0 0 0 .`, `${SRV_NAME}. 300 SRV 0 0 0 other.${DOMAIN}.`];
    await bind.administer(DOMAIN, ...lines.map((line) => `update add ${line}`));
    const found = await publish(registration());
    assert.deepEqual([found.oursPresent, found.rivals], [true, []]);
    assert.equal((await bind.srv(SRV_NAME)).length, 3);
  });

  it("replaces its own record where somebody changed priority and weight, or added another", async () => {
    await publish(registration());
    await bind.administer(
      DOMAIN,
      `update add ${SRV_NAME}. 3600 SRV 0 77 1688 kms.${DOMAIN}.`,
      `update add ${SRV_NAME}. 3600 SRV 9 100 1688 KMS.${DOMAIN}.`,
    );
    const seen = await registrar().inspect(registration());
    assert.deepEqual(
      seen.duplicates
        .map(({ priority, weight }) => [priority, weight])
        .toSorted(([a = 0], [b = 0]) => a - b),
      [
        [0, 77],
        [9, 100],
      ],
    );
    const found = await publish(registration(), registration());
    assert.deepEqual([found.oursPresent, found.duplicates], [true, []]);
    assert.deepEqual(await bind.srv(SRV_NAME), [OURS]);
    await bind.administer(DOMAIN, `update add ${SRV_NAME}. 3600 SRV 0 77 1688 kms.${DOMAIN}.`);
    await registrar().withdraw(registration());
    assert.deepEqual(await bind.srv(SRV_NAME), []);
  });

  it("says which addresses its name has, and that they may be its own of before", async () => {
    await bind.administer(DOMAIN, `update add kms.${DOMAIN}. 300 A 192.0.2.7`);
    await assert.rejects(publish(registration({ addresses: ["192.0.2.8"] })), {
      code: "update-failed",
      message:
        /^kms\.office\.test is another machine's name, or .* lost \(192\.0\.2\.7\): delete those A/,
    });
  });

  it("knows an answer that is longer than a message can be", async () => {
    // BIND keeps 64 KiB without the owner's name, type and time to live that each record has in an answer.
    const long = "x".repeat(40);
    for (let block = 0; block < 9; block++) {
      const lines = Array.from(
        { length: 100 },
        (_, n) => `update add ${SRV_NAME}. 300 SRV 0 0 1688 ${long}-${block}-${n}.${DOMAIN}.`,
      );
      await bind.administer(DOMAIN, ...lines);
    }
    await assert.rejects(publish(registration()), {
      code: "server-refused",
      message: /records.* longer than an answer.*delete/is,
    });
  });

  it("uses a key whose secret has two slashes in it", async () => {
    const { addressesRight } = await registrar({ tsigKeyFile: bind.keyFile("slashes") }).publish(
      registration({ addresses: ["192.0.2.7"] }),
      null,
    );
    assert.equal(addressesRight, true);
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
    const server = await silentServer();
    const silent = registrar({ server: server.address });
    const stop = new AbortController();
    const startMs = performance.now();
    setTimeout(() => stop.abort(), 100);
    await assert.rejects(silent.inspect(registration(), stop.signal), {
      code: "server-unreachable",
      message: new RegExp(`127\\.0\\.0\\.1#${server.port} did not answer in time`),
    });
    assert.ok(performance.now() - startMs < 2000);
    await server.close();
  });
});
