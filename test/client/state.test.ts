import assert from "node:assert/strict";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KmsClient } from "../../src/client/client.ts";
import { restrictOnWindows } from "../../src/client/identity.ts";
import { StateFolder } from "../../src/client/state-folder.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/units.ts";
import { FileLock } from "../../src/platform/file-lock.ts";
import { ClientRig } from "../support/client-rig.ts";
import { FAKE_PRODUCT, FakeHost } from "../support/fake-host.ts";

describe("a client's state", () => {
  let rig: ClientRig;
  let host: FakeHost;
  let client: KmsClient;

  before(async () => {
    host = await FakeHost.start();
  });

  after(() => host.stop());

  beforeEach(async () => {
    rig = await ClientRig.make();
    host.behaviour = { nowMs: () => rig.machine.wallMs };
    host.requests.length = 0;
    client = rig.client(host.address);
    await client.install(FAKE_PRODUCT, host.vendor.publicJwk);
    await client.attempt(FAKE_PRODUCT);
  });

  afterEach(() => rig.remove());

  const record = () => rig.folder.readRecord(FAKE_PRODUCT);
  const cmid = async () => {
    await client.attempt(FAKE_PRODUCT);
    return host.requests.at(-1)?.sub;
  };

  it("needs the vendor's key once, and says so", async () => {
    await assert.rejects(client.install("cad"), {
      code: "vendor-key-needed",
      message: /kms-client activate --product cad --vendor-key/,
    });
    assert.equal(await client.install(FAKE_PRODUCT), "unchanged");
  });

  it("has no key for a product that is called like a member of every object", async () => {
    await assert.rejects(client.install("constructor"), { code: "vendor-key-needed" });
  });

  it("stays who it is over restarts", async () => {
    const before = await cmid();
    client = rig.client(host.address);
    await client.install(FAKE_PRODUCT);
    assert.equal(await cmid(), before);
    assert.deepEqual(rig.notices, []);
  });

  it("becomes somebody else on another machine, and says so", async () => {
    const before = await cmid();
    rig.machine.ids = { hardware: ["board-2"], os: ["os-1"], network: [] };
    client = rig.client(host.address);
    await client.checkMachine();
    assert.deepEqual(
      rig.notices.map(({ kind }) => kind),
      ["rearmed"],
    );
    assert.equal(await record(), undefined);
    const after = await cmid();
    assert.notEqual(after, before);
    assert.equal(host.requests.at(-1)?.status, "initial-grace");
    assert.notEqual(host.requests.at(-1)?.device.fingerprint, host.requests[0]?.device.fingerprint);
  });

  it("becomes somebody else by rearm, and keeps product, vendor key and host", async () => {
    const before = await cmid();
    const { signer } = await client.rearm();
    assert.notEqual(signer.cmid, before);
    assert.equal(await cmid(), signer.cmid);
  });

  it("begins a damaged record anew and keeps the damaged file", async () => {
    const path = rig.folder.recordPath(FAKE_PRODUCT);
    await writeFile(path, '{"schema": 1, "prod');
    client = rig.client(host.address);
    assert.deepEqual(
      (await client.tick(FAKE_PRODUCT)).map(({ type }) => type),
      ["attempt"],
    );
    const [notice] = rig.notices;
    assert.equal(notice?.kind, "state-damaged");
    assert.ok(notice?.kind === "state-damaged" && (await readFile(notice.kept, "utf8")) !== "");
    assert.equal((await record())?.state.lease, null);
  });

  const damages: [string, (value: Record<string, never>) => unknown][] = [
    ["a time that is a word", (value) => ({ ...value, monotonicMs: "long" })],
    ["another product", (value) => ({ ...value, product: "cad" })],
    ["no state", (value) => ({ ...value, state: null })],
    ["a newer schema", (value) => ({ ...value, schema: 2 })],
    ["a list", () => []],
  ];
  for (const [what, damage] of damages) {
    it(`takes a record that holds ${what} for damaged`, async () => {
      const path = rig.folder.recordPath(FAKE_PRODUCT);
      const value = JSON.parse(await readFile(path, "utf8"));
      await writeFile(path, JSON.stringify(damage(value)));
      await assert.rejects(record(), { code: "state-damaged" });
    });
  }

  it("never replaces a key by itself: neither a damaged one", async () => {
    await writeFile(rig.folder.keyPath, "{}");
    await assert.rejects(client.attempt(FAKE_PRODUCT), {
      code: "client-key-unusable",
      message: /kms-client rearm/,
    });
    assert.equal(await readFile(rig.folder.keyPath, "utf8"), "{}");
  });

  it("nor one that is gone", async () => {
    await rm(rig.folder.keyPath);
    await assert.rejects(client.attempt(FAKE_PRODUCT), {
      code: "client-key-unusable",
      message: /is missing.*kms-client rearm/,
    });
    await client.rearm();
    assert.ok(await cmid());
  });

  it("makes the machine's file anew from the key", async () => {
    const before = await cmid();
    await writeFile(rig.folder.machinePath, "");
    assert.equal(await cmid(), before);
    await rm(rig.folder.machinePath);
    assert.equal(await cmid(), before);
    const names = await readdir(rig.folder.path);
    assert.equal(names.filter((name) => name.startsWith("machine.json")).length, 2);
  });

  it("is not taken for a new client when both key and machine's file are unreadable", async () => {
    await rm(rig.folder.keyPath);
    await writeFile(rig.folder.machinePath, "");
    await assert.rejects(client.attempt(FAKE_PRODUCT), { code: "state-damaged" });
  });

  it("does not guess at settings that are damaged", async () => {
    await writeFile(rig.folder.settingsPath, '{"schema":1,"host":null,"products":{"x":{}}}');
    await assert.rejects(client.install(FAKE_PRODUCT), {
      code: "state-damaged",
      message: /settings\.json is damaged/,
    });
  });

  it("says who may use a folder that this user may not", async () => {
    const file = join(rig.base, "file");
    await writeFile(file, "");
    client = rig.client(host.address, { folder: new StateFolder(join(file, "below")) });
    await assert.rejects(client.install(FAKE_PRODUCT, host.vendor.publicJwk), {
      code: "state-not-accessible",
      message: /--state DIR/,
    });
  });

  it("waits for another process that changes it", async () => {
    const lock = await FileLock.acquire(join(rig.folder.path, "state.lock"));
    setTimeout(() => void lock.release(), 60);
    await client.install(FAKE_PRODUCT);
  });

  it("gives each product a file of its own, whatever its id", () => {
    const paths = ["A.b", "a.b", "a:b", "a+b"].map((id) => rig.folder.recordPath(id));
    assert.equal(new Set(paths).size, 4);
    for (const path of paths) assert.match(path, /product-a-b-[0-9a-f]{8}\.json$/);
  });

  it("notes the time reached once an hour, not every minute", async () => {
    const markMs = async () => (await record())?.state.time.markMs;
    const before = await markMs();
    rig.machine.pass(59 * MINUTE_MS);
    await client.tick(FAKE_PRODUCT);
    assert.equal(await markMs(), before);
    rig.machine.pass(MINUTE_MS);
    await client.tick(FAKE_PRODUCT);
    assert.equal(await markMs(), rig.machine.wallMs);
    rig.machine.pass(MINUTE_MS);
    await client.saveTime(FAKE_PRODUCT);
    assert.equal(await markMs(), rig.machine.wallMs);
  });

  it("tells of a clock set forward while it runs, not of a machine that was off", async () => {
    const steps = async () =>
      (await client.tick(FAKE_PRODUCT)).filter(({ type }) => type === "clock-stepped");
    assert.deepEqual(await steps(), []);
    rig.machine.wallMs += DAY_MS;
    rig.machine.pass(MINUTE_MS);
    assert.deepEqual(await steps(), [
      { type: "clock-stepped", direction: "forward", byMs: DAY_MS },
    ]);
    rig.machine.reboot(DAY_MS);
    assert.deepEqual(await steps(), []);
  });

  it("tries at once when the clock was set back, and recovers by the answer", async () => {
    rig.machine.wallMs += 9000 * DAY_MS;
    await client.tick(FAKE_PRODUCT);
    rig.machine.wallMs -= 9000 * DAY_MS;
    rig.machine.pass(HOUR_MS);
    const effects = (await client.tick(FAKE_PRODUCT)).map(({ type }) => type);
    assert.deepEqual(effects, ["clock-stepped", "attempt"]);
    await client.attempt(FAKE_PRODUCT);
    assert.equal((await record())?.state.time.markMs, rig.machine.wallMs);
  });

  it("lets only the system, administrators and its user read the key on Windows", async () => {
    let called: [string, string[]] | undefined;
    await restrictOnWindows("C:\\key.jwk", async (program, args) => {
      called = [program, args];
    });
    assert.equal(called?.[0], "icacls");
    assert.deepEqual(called?.[1].slice(0, 6), [
      "C:\\key.jwk",
      "/inheritance:r",
      "/grant:r",
      "*S-1-5-18:F",
      "/grant:r",
      "*S-1-5-32-544:F",
    ]);
  });
});
