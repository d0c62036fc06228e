import assert from "node:assert/strict";
import type { DnsRegistration, RivalRecord } from "../../src/domain/dns-registration.ts";
import type { DnsRegistrar } from "../../src/ports/dns.ts";
import { DOMAIN, registration, SRV_NAME } from "../support/dns-registrations.ts";

/** An implementation with an empty zone `office.test`, and how that is looked at and changed. */
export interface RegistrarRig {
  registrar(coexist: boolean): DnsRegistrar;
  srv(name: string): Promise<RivalRecord[]>;
  addresses(name: string): Promise<string[]>;
  /** As another host or an administrator does. */
  addSrv(name: string, record: RivalRecord): Promise<void>;
  addAddress(name: string, address: string): Promise<void>;
}

const TARGET = `kms.${DOMAIN}`;
const OURS = { target: TARGET, port: 1688, priority: 0, weight: 100 };
const RIVAL = { target: `other.${DOMAIN}`, port: 1688, priority: 0, weight: 0 };

/** What every `DnsRegistrar` does. */
export function itIsRegistrar(rig: () => RegistrarRig): void {
  const publish = (wanted: DnsRegistration, former: DnsRegistration | null = null) =>
    rig().registrar(false).publish(wanted, former);

  it("adds the record, and finds it again", async () => {
    const found = await publish(registration());
    assert.deepEqual([found.oursPresent, found.addressesRight, found.rivals], [true, true, []]);
    assert.deepEqual(await rig().srv(SRV_NAME), [OURS]);
    const inspected = await rig().registrar(false).inspect(registration());
    assert.deepEqual([inspected.oursPresent, inspected.ttlSeconds], [true, 3600]);
  });

  it("finds nothing where nothing is", async () => {
    const found = await rig()
      .registrar(false)
      .inspect(registration({ addresses: ["192.0.2.7"] }));
    assert.deepEqual(
      [found.oursPresent, found.addressesRight, found.ttlSeconds],
      [false, false, null],
    );
  });

  it("may be told twice to publish and to withdraw", async () => {
    const wanted = registration({ addresses: ["192.0.2.7"] });
    const { ownAddresses } = await publish(wanted);
    const again = await publish(wanted, { ...wanted, addresses: ownAddresses });
    assert.deepEqual(again.ownAddresses, ["192.0.2.7"]);
    assert.deepEqual(await rig().srv(SRV_NAME), [OURS]);
    for (const _ of [1, 2]) await rig().registrar(false).withdraw(wanted);
    assert.deepEqual(await rig().srv(SRV_NAME), []);
  });

  it("adds this host's addresses, and removes them with the record", async () => {
    const wanted = registration({ addresses: ["192.0.2.7", "2001:db8::7"] });
    const { ownAddresses } = await publish(wanted);
    assert.deepEqual(ownAddresses, wanted.addresses);
    assert.deepEqual(await rig().addresses(TARGET), wanted.addresses);
    const { oursPresent } = await rig().registrar(false).withdraw(wanted);
    assert.equal(oursPresent, false);
    assert.deepEqual(await rig().addresses(TARGET), []);
  });

  it("tells which addresses it will write, before it does", async () => {
    await rig().addAddress(TARGET, "192.0.2.7");
    const told: unknown[] = [];
    const willWrite = async (addresses: readonly string[]) => {
      told.push(addresses, await rig().addresses(TARGET));
    };
    const wanted = registration({ addresses: ["192.0.2.7", "192.0.2.8"] });
    const { ownAddresses } = await rig().registrar(false).publish(wanted, null, { willWrite });
    assert.deepEqual(told, [["192.0.2.8"], ["192.0.2.7"]]);
    assert.deepEqual(ownAddresses, ["192.0.2.8"]);
    await rig()
      .registrar(false)
      .withdraw({ ...wanted, addresses: ownAddresses });
    assert.deepEqual(await rig().addresses(TARGET), ["192.0.2.7"]);
  });

  it("follows a change of the addresses", async () => {
    const former = registration({ addresses: ["192.0.2.7", "192.0.2.8"] });
    await publish(former);
    await publish(registration({ addresses: ["192.0.2.8", "192.0.2.9"] }), former);
    assert.deepEqual(await rig().addresses(TARGET), ["192.0.2.8", "192.0.2.9"]);
  });

  for (const [what, change] of Object.entries({
    port: { port: 1700 },
    name: { target: `box-2.${DOMAIN}` },
    priority: { priority: 5 },
    weight: { weight: 1 },
  })) {
    it(`removes the former record when the ${what} is another`, async () => {
      const former = registration({ addresses: ["192.0.2.7"] });
      await publish(former);
      const wanted = { ...former, ...change };
      await publish(wanted, former);
      assert.deepEqual(await rig().srv(SRV_NAME), [{ ...OURS, ...change }]);
      assert.deepEqual(await rig().addresses(wanted.target), ["192.0.2.7"]);
      if (wanted.target !== TARGET) assert.deepEqual(await rig().addresses(TARGET), []);
    });
  }

  it("writes nothing where another host is published", async () => {
    await rig().addSrv(SRV_NAME, RIVAL);
    const held = await publish(registration({ addresses: ["192.0.2.7"] }));
    assert.deepEqual([held.oursPresent, held.rivals], [false, [RIVAL]]);
    assert.deepEqual(await rig().srv(SRV_NAME), [RIVAL]);
    assert.deepEqual(await rig().addresses(TARGET), []);
  });

  it("publishes beside another host if they may coexist, and withdraws alone", async () => {
    await rig().addSrv(SRV_NAME, RIVAL);
    const beside = await rig().registrar(true).publish(registration(), null);
    assert.deepEqual([beside.oursPresent, beside.rivals], [true, [RIVAL]]);
    assert.equal((await rig().srv(SRV_NAME)).length, 2);
    await rig().registrar(true).withdraw(registration());
    assert.deepEqual(await rig().srv(SRV_NAME), [RIVAL]);
  });

  it("stays where it stood first when another host comes", async () => {
    await publish(registration());
    await rig().addSrv(SRV_NAME, RIVAL);
    const found = await publish(registration({ port: 1700 }), registration());
    assert.equal(found.oursPresent, true);
    const there = await rig().srv(SRV_NAME);
    assert.deepEqual(
      there.map(({ port }) => port).toSorted((a, b) => a - b),
      [1688, 1700],
    );
  });

  it("leaves the addresses where a second box on this machine needs them", async () => {
    const first = registration({ addresses: ["192.0.2.7"] });
    await publish(first);
    await rig()
      .registrar(true)
      .publish(registration({ port: 1700 }), null);
    await rig().registrar(false).withdraw(first);
    assert.deepEqual(await rig().addresses(TARGET), ["192.0.2.7"]);
  });

  it("does not take over the name of another machine", async () => {
    await rig().addAddress(TARGET, "192.0.2.77");
    const wanted = registration({ addresses: ["192.0.2.7"] });
    await assert.rejects(publish(wanted), { code: "update-failed", message: /another machine's/ });
    assert.deepEqual(await rig().addresses(TARGET), ["192.0.2.77"]);
    assert.deepEqual(await rig().srv(SRV_NAME), []);
  });

  it("leaves addresses alone that something else keeps there", async () => {
    await rig().addAddress(TARGET, "192.0.2.77");
    const wanted = registration({ addresses: ["192.0.2.77"] });
    const { ownAddresses, addressesRight } = await publish(wanted);
    assert.deepEqual([ownAddresses, addressesRight], [[], true]);
    await rig()
      .registrar(false)
      .withdraw({ ...wanted, addresses: ownAddresses });
    assert.deepEqual(await rig().addresses(TARGET), ["192.0.2.77"]);
  });
}
