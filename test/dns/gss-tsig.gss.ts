import assert from "node:assert/strict";
import { Resolver } from "node:dns/promises";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runTool } from "../support/debian-packages.ts";
import { SambaDc } from "../support/samba-dc.ts";
import {
  AD_DOMAIN,
  BOX_ADDRESS,
  DC_ADDRESS,
  failure,
  furnishOffice,
  registrar,
  tickets,
  wish,
} from "./office.ts";

const OURS = { name: `kms.${AD_DOMAIN}`, port: 1688, priority: 0, weight: 100 };
const RIVAL = { target: `old.${AD_DOMAIN}`, port: 1688, priority: 0, weight: 0 };

describe("publishing in Active Directory by a keytab", () => {
  let dc: SambaDc;
  let folder: string;
  const keytab = (name = "kms-box") => join(folder, `${name}.keytab`);
  const box = () => registrar({ keytab: keytab() });
  const other = () => registrar({ keytab: keytab("other"), coexist: true });

  before(async () => {
    folder = await furnishOffice();
    dc = await SambaDc.provision(DC_ADDRESS);
    await dc.userWithKeytab("kms-box", keytab());
    await dc.userWithKeytab("other", keytab("other"));
  });
  after(() => dc.stop());
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.error(dc.output);
  });

  const srv = async (name: string) => {
    const resolver = new Resolver();
    const found = await resolver.resolveSrv(name).catch(() => []);
    return found.toSorted((a, b) => a.name.localeCompare(b.name));
  };

  it("adds the record and the address, and finds both again", async () => {
    const wanted = wish({ addresses: [BOX_ADDRESS] });
    assert.deepEqual(await box().publish(wanted, null), {
      server: `${DC_ADDRESS}#53`,
      oursPresent: true,
      addressesRight: true,
      ttlSeconds: 3600,
      rivals: [],
      ownAddresses: [BOX_ADDRESS],
    });
    assert.deepEqual(await srv(wanted.name), [OURS]);
    assert.deepEqual(await new Resolver().resolve4(wanted.target), [BOX_ADDRESS]);
    assert.equal(await box().seenBySystem(wanted), true);
    assert.equal((await box().inspect(wanted)).oursPresent, true);
  });

  it("follows a change, and removes all of it in the end", async () => {
    const former = wish({ addresses: [BOX_ADDRESS] });
    const wanted = { ...former, port: 1700 };
    await box().publish(wanted, former);
    assert.deepEqual(await srv(wanted.name), [{ ...OURS, port: 1700 }]);
    assert.equal((await box().withdraw(wanted)).oursPresent, false);
    assert.deepEqual(await srv(wanted.name), []);
    await assert.rejects(new Resolver().resolve4(wanted.target));
  });

  it("takes an update that was done for done, though nsupdate calls it failed", async () => {
    const cache = await tickets().cacheFor(keytab());
    const script = join(folder, "by-hand");
    const record = `by-hand.${AD_DOMAIN}`;
    await writeFile(script, `server ${DC_ADDRESS}\nupdate add ${record} 60 A 192.0.2.1\nsend\n`);
    const told = await runTool("nsupdate", ["-g", script], { env: { KRB5CCNAME: cache } }).then(
      () => "done",
      ({ stderr }) => String(stderr),
    );
    assert.match(told, /^done$|tsig verify failure/);
    assert.deepEqual(await new Resolver().resolve4(record), ["192.0.2.1"]);
    console.log("told", told);
  });

  it("is refused without a signature", async () => {
    await assert.rejects(registrar({ keytab: "" }).publish(wish(), null));
  });

  describe("where another user's record is", () => {
    const name = `_shared._tcp.${AD_DOMAIN}`;
    const theirs = wish({ name, target: RIVAL.target, weight: 0 });
    const ours = wish({ name });
    before(() => other().publish(theirs, null));

    it("writes nothing, and names it", async () => {
      const { oursPresent, rivals } = await box().publish(ours, null);
      assert.equal(oursPresent, false);
      assert.deepEqual(rivals, [RIVAL]);
      assert.equal((await srv(name)).length, 1);
    });

    it("cannot publish beside it, nor remove it, without the right to", async () => {
      const beside = registrar({ keytab: keytab(), coexist: true });
      await assert.rejects(beside.publish(ours, null), (e) => {
        console.log(e);
        return true;
      });
      await assert.rejects(box().withdraw(theirs), (e) => {
        console.log(e);
        return true;
      });
      assert.equal((await srv(name)).length, 1);
    });

    it("publishes beside it with the right to, and removes only its own again", async () => {
      const sid = (await dc.tool("user", "show", "kms-box", "--attributes=objectSid")).match(
        /S-1-5-\S+/,
      )?.[0];
      const partition = "DC=DomainDnsZones,DC=ad,DC=office,DC=test";
      const node = `DC=_shared._tcp,DC=${AD_DOMAIN},CN=MicrosoftDNS,${partition}`;
      await dc.tool("dsacl", "set", `--objectdn=${node}`, `--sddl=(A;;GA;;;${sid})`);
      const beside = registrar({ keytab: keytab(), coexist: true });
      const { oursPresent, rivals } = await beside.publish(ours, null);
      assert.equal(oursPresent, true);
      assert.deepEqual(rivals, [RIVAL]);
      assert.equal((await srv(name)).length, 2);
      await beside.withdraw(ours);
      assert.deepEqual(
        (await srv(name)).map(({ name }) => name),
        [RIVAL.target],
      );
    });
  });

  describe("tickets", () => {
    it("are renewed before they expire", async () => {
      const source = tickets(10);
      const publisher = registrar({ keytab: keytab(), source });
      const wanted = wish({ name: `_renewed._tcp.${AD_DOMAIN}` });
      await publisher.publish(wanted, null);
      const cache = await source.cacheFor(keytab());
      await sleep(11_000);
      await assert.rejects(runTool("klist", ["-s", "-c", cache]), "it has not expired");
      await publisher.publish({ ...wanted, port: 1700 }, wanted);
      await runTool("klist", ["-s", "-c", cache]);
      assert.deepEqual(
        (await srv(wanted.name)).map(({ port }) => port),
        [1700],
      );
      await source.close();
    });
  });

  describe("says what to do when", () => {
    const publish = (path: string, principal?: string) =>
      registrar({ keytab: path, ...(principal === undefined ? {} : { principal }) }).publish(
        wish({ name: `_never._tcp.${AD_DOMAIN}` }),
        null,
      );

    it("the keytab is missing, is none, or has no such key", async () => {
      await assert.rejects(publish(join(folder, "none")), failure("key-unusable", /There is no/));
      await writeFile(join(folder, "text"), "no keytab\n");
      await assert.rejects(publish(join(folder, "text")), failure("key-unusable", /is no Kerb/));
      await assert.rejects(
        publish(keytab(), `someone@${dc.realm}`),
        failure("key-unusable", /has no key of someone@/),
      );
    });

    it("the user is disabled, gone, or has another password", async () => {
      await dc.userWithKeytab("leaver", keytab("leaver"));
      await dc.tool("user", "disable", "leaver");
      await assert.rejects(publish(keytab("leaver")), failure("no-ticket", /disabled, locked/));
      await dc.tool("user", "enable", "leaver");
      await dc.tool("user", "setpassword", "leaver", "--newpassword=Another-0ne");
      await assert.rejects(publish(keytab("leaver")), failure("key-unusable", /password was/));
      await dc.tool("user", "delete", "leaver");
      await assert.rejects(publish(keytab("leaver")), failure("key-unusable", /has no user/));
    });

    it("no domain controller answers", async () => {
      await dc.stop();
      await assert.rejects(publish(keytab()), (e) => {
        console.log(e);
        return true;
      });
      await assert.rejects(tickets().cacheFor(keytab()), failure("no-ticket", /No KDC/));
      await dc.start();
      await box().publish(wish(), null);
      await box().withdraw(wish());
    });
  });
});
void copyFile;
