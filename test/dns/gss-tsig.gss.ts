import assert from "node:assert/strict";
import { Resolver } from "node:dns/promises";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DnsRegistration } from "../../src/domain/dns-registration.ts";
import { runTool } from "../support/debian-packages.ts";
import type { SambaDc } from "../support/samba-dc.ts";
import {
  AD_DOMAIN,
  activeDirectory,
  BOX_ADDRESS,
  DC_ADDRESS,
  failure,
  furnishOffice,
  registrar,
  tickets,
  wish,
} from "./office.ts";

const OURS = { name: `box.${AD_DOMAIN}`, port: 1688, priority: 0, weight: 100 };
const RIVAL = { target: `old.${AD_DOMAIN}`, port: 1688, priority: 0, weight: 0 };

/** A name and a target that no other suite has. */
const mine = (overrides: Partial<DnsRegistration> = {}) =>
  wish({ name: `_ours._tcp.${AD_DOMAIN}`, target: `box.${AD_DOMAIN}`, ...overrides });

describe("publishing in Active Directory by a keytab", () => {
  let dc: SambaDc;
  let folder: string;
  const keytab = (name = "writer") => join(folder, `${name}.keytab`);
  const box = () => registrar({ keytab: keytab() });
  const other = () => registrar({ keytab: keytab("other"), coexist: true });

  before(async () => {
    folder = await furnishOffice();
    dc = await activeDirectory();
    await dc.userWithKeytab("writer", keytab());
    await dc.userWithKeytab("other", keytab("other"));
  });
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.error(dc.output);
  });

  const srv = async (name: string) => {
    const resolver = new Resolver();
    const found = await resolver.resolveSrv(name).catch(() => []);
    return found.toSorted((a, b) => a.name.localeCompare(b.name));
  };

  it("adds the record and the address, and finds both again", async () => {
    const wanted = mine({ addresses: [BOX_ADDRESS] });
    assert.deepEqual(await box().publish(wanted, null), {
      server: `${DC_ADDRESS}#53`,
      oursPresent: true,
      addressesRight: true,
      ttlSeconds: 3600,
      rivals: [],
      duplicates: [],
      ownAddresses: [BOX_ADDRESS],
    });
    assert.deepEqual(await srv(wanted.name), [OURS]);
    assert.deepEqual(await new Resolver().resolve4(wanted.target), [BOX_ADDRESS]);
    assert.equal(await box().seenBySystem(wanted), true);
    assert.equal((await box().inspect(wanted)).oursPresent, true);
  });

  it("follows a change, and removes all of it in the end", async () => {
    const former = mine({ addresses: [BOX_ADDRESS] });
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
  });

  it("is refused without a signature", async () => {
    const unsigned = registrar({ server: DC_ADDRESS });
    await assert.rejects(unsigned.publish(mine(), null), failure("server-refused", /REFUSED/));
  });

  describe("where another user's record is", () => {
    const name = `_shared._tcp.${AD_DOMAIN}`;
    const theirs = mine({ name, target: RIVAL.target, weight: 0 });
    const ours = mine({ name });
    const refused = failure("server-refused", /belong to another user/);
    before(() => other().publish(theirs, null));

    it("writes nothing, and names it", async () => {
      const { oursPresent, rivals } = await box().publish(ours, null);
      assert.equal(oursPresent, false);
      assert.deepEqual(rivals, [RIVAL]);
      assert.equal((await srv(name)).length, 1);
    });

    it("cannot publish beside it, nor remove it, without the right to", async () => {
      const beside = registrar({ keytab: keytab(), coexist: true });
      await assert.rejects(beside.publish(ours, null), refused);
      await assert.rejects(box().withdraw(theirs), refused);
      assert.equal((await srv(name)).length, 1);
    });

    it("cannot take its name, not even once the record is withdrawn", async () => {
      await other().withdraw(theirs);
      assert.deepEqual(await srv(name), []);
      await assert.rejects(box().publish(ours, null), refused);
    });
  });

  describe("says what to do when", () => {
    const publish = (path: string, principal?: string) =>
      registrar({ keytab: path, ...(principal === undefined ? {} : { principal }) }).publish(
        mine({ name: `_never._tcp.${AD_DOMAIN}` }),
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
      await assert.rejects(publish(keytab()), failure("server-unreachable", /answer/));
      await assert.rejects(tickets().cacheFor(keytab()), failure("no-ticket", /No KDC/));
      await dc.start();
      await box().publish(mine(), null);
      await box().withdraw(mine());
    });
  });
});
