import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KerberosTickets } from "../../src/adapters/dns/kerberos.ts";
import { Bind } from "../support/bind.ts";
import { runTool } from "../support/debian-packages.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { MitRealm } from "../support/mit-realm.ts";
import {
  BIND_ADDRESS,
  BOX_ADDRESS,
  failure,
  furnishOffice,
  LAB_DOMAIN,
  LAB_REALM,
  type Publisher,
  registrar,
  tickets,
  wish,
} from "./office.ts";

const SRV_NAME = `_vlmcs._tcp.${LAB_DOMAIN}`;
const TARGET = `kms.${LAB_DOMAIN}`;
const RIVAL = { target: `old.${LAB_DOMAIN}`, port: 1688, priority: 0, weight: 0 };
/** MIT's KDC gives tickets as short as one likes; Active Directory's are of no use under 2 min. */
const SHORT_LIFE_SECONDS = 4;

describe("publishing at BIND by a keytab of an MIT realm", () => {
  let realm: MitRealm;
  let bind: Bind;
  let folder: string;
  const keytab = (name: string) => join(folder, `${name}.lab.keytab`);

  before(async () => {
    folder = await furnishOffice();
    realm = await MitRealm.create(LAB_REALM, BIND_ADDRESS);
    await realm.principalWithKeytab(`DNS/ns.${LAB_DOMAIN}`, keytab("dns"));
    await realm.principalWithKeytab("kms-box", keytab("kms-box"));
    await realm.principalWithKeytab("stranger", keytab("stranger"));
    // The key of a machine, which may write its own name only.
    await realm.principalWithKeytab(`host/${TARGET}`, keytab("machine"));
    bind = await Bind.start({
      address: BIND_ADDRESS,
      port: 53,
      keys: [],
      options: [`tkey-gssapi-keytab "${keytab("dns")}"`],
      zones: [
        {
          domain: LAB_DOMAIN,
          grants: [
            `grant kms-box@${LAB_REALM} name ${SRV_NAME}. SRV`,
            `grant ${LAB_REALM} krb5-self . A`,
          ],
        },
      ],
    });
  });
  after(() => Promise.all([bind.stop(), realm.stop()]));
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.error(bind.log);
  });

  const lab = (publisher: Partial<Publisher> = {}) =>
    registrar({ keytab: keytab("kms-box"), server: BIND_ADDRESS, ...publisher });
  const ours = wish({ domain: LAB_DOMAIN });

  it("publishes and withdraws the record that its policy grants", async () => {
    const { oursPresent } = await lab().publish(ours, null);
    assert.equal(oursPresent, true);
    assert.deepEqual(
      (await bind.srv(SRV_NAME)).map(({ target }) => target),
      [TARGET],
    );
    assert.equal((await lab().withdraw(ours)).oursPresent, false);
    assert.deepEqual(await bind.srv(SRV_NAME), []);
  });

  it("lets a machine's own key write its own address (krb5-self), and nothing else", async () => {
    const machine = lab({ keytab: keytab("machine") });
    const wanted = { ...ours, addresses: [BOX_ADDRESS] };
    await assert.rejects(machine.publish(wanted, null), failure("server-refused", /REFUSED/));
    assert.deepEqual(await bind.addresses(TARGET), [BOX_ADDRESS]);
    assert.deepEqual(await bind.srv(SRV_NAME), []);
    await bind.administer(LAB_DOMAIN, `update delete ${TARGET}. A`);
  });

  it("is refused with another principal's key", async () => {
    const stranger = lab({ keytab: keytab("stranger") });
    await assert.rejects(stranger.publish(ours, null), failure("server-refused", /REFUSED/));
    assert.deepEqual(await bind.srv(SRV_NAME), []);
  });

  it("leaves another host's record alone", async () => {
    await bind.administer(LAB_DOMAIN, `update add ${SRV_NAME}. 60 SRV 0 0 1688 ${RIVAL.target}.`);
    assert.deepEqual((await lab().publish(ours, null)).rivals, [RIVAL]);
    await lab({ coexist: true }).publish(ours, null);
    assert.equal((await bind.srv(SRV_NAME)).length, 2);
    await lab().withdraw(ours);
    assert.deepEqual(await bind.srv(SRV_NAME), [RIVAL]);
    await bind.administer(LAB_DOMAIN, `update delete ${SRV_NAME}. SRV`);
  });

  it("renews a ticket before it expires", async () => {
    const source = tickets(SHORT_LIFE_SECONDS);
    await lab({ source }).publish(ours, null);
    await requireExpired(await source.cacheFor(keytab("kms-box")));
    const later = { ...ours, port: 1700 };
    await lab({ source }).publish(later, ours);
    assert.deepEqual(
      (await bind.srv(SRV_NAME)).map(({ port }) => port),
      [1700],
    );
    await lab({ source }).withdraw(later);
    await source.close();
  });

  it("gets another ticket once one was found to have expired unnoticed", async () => {
    // Its clock stands still.
    const source = new KerberosTickets({ clock: new FakeClock(), lifeSeconds: SHORT_LIFE_SECONDS });
    const cache = await source.cacheFor(keytab("kms-box"));
    await requireExpired(cache);
    assert.equal(await source.cacheFor(keytab("kms-box")), cache);
    await assert.rejects(lab({ source }).publish(ours, null), failure("no-ticket", /icket/));
    assert.equal((await lab({ source }).publish(ours, null)).oursPresent, true);
    await lab({ source }).withdraw(ours);
    await source.close();
  });

  it("needs no KDC while a ticket is good, and says so without one", async () => {
    const source = tickets();
    await lab({ source }).publish(ours, null);
    await realm.stop();
    await lab({ source }).withdraw(ours);
    await assert.rejects(lab().publish(ours, null), failure("no-ticket", /No KDC answered/));
    await realm.start();
    await lab().publish(ours, null);
    await lab().withdraw(ours);
    await source.close();
  });
});

async function requireExpired(cache: string): Promise<void> {
  await sleep((SHORT_LIFE_SECONDS + 1) * 1000);
  await assert.rejects(runTool("klist", ["-s", "-c", cache]), "it has not expired");
}
