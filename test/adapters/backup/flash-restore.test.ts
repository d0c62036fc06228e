import assert from "node:assert/strict";
import { FlashRestore } from "../../../src/adapters/backup/flash-restore.ts";
import { FlashFactoryReset } from "../../../src/adapters/flash/flash-factory-reset.ts";
import type { SettingsFile } from "../../../src/domain/backup.ts";
import { ActivationLedger } from "../../../src/domain/ledger.ts";
import { type StateChange, StorageLockedError } from "../../../src/ports/store.ts";
import { BACKUP_HEADER, backupBytes, inPieces } from "../../support/backup-rig.ts";
import { FaultyFs, SURVIVALS } from "../../support/faulty-fs.ts";
import { contentOf, instantTimers, noticeLog, openOn, put } from "../../support/flash-rig.ts";
import { privateJwkOf, signerOf } from "../../support/keys.ts";

const LICENCES: StateChange = { op: "document", name: "licences", value: ["restored"] };
const ORDER = { generation: 77, ordered: "2031-01-01T00:00:00.000Z" };
const FOREIGN = ["notes.txt", "demo-vendor/acme.licence"];
const content = (text: string) => Buffer.from(text).toString("base64");
const FILES: SettingsFile[] = [
  { kind: "config", name: "", mode: 0o644, content: content("root's") },
  { kind: "settings", name: "", mode: 0o600, content: content("new settings") },
  { kind: "dns-key", name: "office.example", mode: 0o600, content: content("new key") },
];
const free = async (): Promise<void> => undefined;

describe("a restore", () => {
  let fs: FaultyFs;
  let bytes: Buffer;

  before(async () => {
    bytes = await backupBytes({
      changes: [put(11), put(12), LICENCES, { op: "time", timeMs: 99 }],
      size: { records: 2, clients: 2 },
      files: FILES,
    });
  });

  beforeEach(async () => {
    fs = new FaultyFs();
    const store = await openOn(fs);
    await store.commit([put(1), { op: "document", name: "licences", value: ["old"] }]);
    await store.compact();
    await store.commit([put(2)]);
    await store.close();
    for (const name of ["host.jwk", "settings.json", "demo-vendor/vendor.jwk", ...FOREIGN]) {
      fs.setContent(name, `old ${name}`);
    }
  });

  const restoreOn = (medium: FaultyFs) =>
    new FlashRestore({
      folder: "/state",
      vendorFolder: "demo-vendor",
      newLedger: () => new ActivationLedger(),
      fs: medium,
      timers: instantTimers,
    });
  const record = (medium: FaultyFs) => restoreOn(medium).record(inPieces(bytes, 1000), ORDER);
  const finish = (medium: FaultyFs) => restoreOn(medium).finish(free);
  const stateOf = async (medium: FaultyFs) => {
    const { notices, onNotice } = noticeLog();
    const store = await openOn(medium.afterPowerCut("kept"), { onNotice });
    const content = contentOf(store) as { documents: object; timeMarkMs: number };
    await store.close();
    assert.deepEqual(notices, []);
    return { ...content, clients: store.ledger.clients };
  };

  it("is not due unless it was recorded", async () => {
    const before = fs.names;
    assert.equal(await finish(fs), undefined);
    assert.deepEqual(fs.names, before);
  });

  it("makes the box of the backup, with its generation, and leaves alone what else is there", async () => {
    await record(fs);
    assert.equal((await stateOf(fs)).clients, 2, "nothing is changed before it is finished");
    const { created, host } = BACKUP_HEADER;
    assert.deepEqual(await finish(fs), { host, generation: 77, created, clients: 2 });
    assert.equal(fs.contentOf("settings.json").toString(), "new settings");
    assert.equal(fs.contentOf("dns-key.office.example.key").toString(), "new key");
    const { documents, timeMarkMs, clients } = await stateOf(fs);
    assert.deepEqual(documents, { licences: ["restored"], generation: { ...ORDER, created } });
    assert.deepEqual([timeMarkMs, clients], [99, 2]);
    assert.deepEqual(JSON.parse(fs.contentOf("host.jwk").toString()), privateJwkOf("host"));
    for (const name of FOREIGN)
      assert.equal(fs.contentOf(name.replace("demo-vendor/", "")).toString(), `old ${name}`);
    assert.ok(!fs.names.includes("restore") && !fs.names.includes("vendor.jwk"));
    assert.equal(await finish(fs), undefined);
  });

  it("is finished under the lock of the store that is opened next", async () => {
    await record(fs);
    const store = await openOn(fs, {
      beforeRead: async (guard) => void (await restoreOn(fs).finish(guard)),
    });
    assert.ok(store.ledger.get(put(11).op === "put" ? contactOf(11) : "", "writer"));
    await store.commit([put(13)]);
    await store.close();
    assert.equal((await stateOf(fs)).clients, 3);
  });

  it("is left to the process that has the folder", async () => {
    await record(fs);
    const before = fs.names;
    const locked = () => Promise.reject(new StorageLockedError("in use"));
    await assert.rejects(restoreOn(fs).finish(locked), { code: "storage-locked" });
    assert.deepEqual(fs.names, before);
  });

  it("takes nothing of a backup that is cut", async () => {
    const names = fs.names;
    const cut = bytes.subarray(0, bytes.length - 30);
    const restore = restoreOn(fs);
    await restore.record(inPieces(cut), ORDER);
    await assert.rejects(restore.finish(free), {
      code: "restore-failed",
      message: /is damaged\. Remove it, then restore the backup again/,
    });
    assert.deepEqual(fs.names, [...names, "restore"].sort());
    assert.equal((await stateOf(fs)).clients, 2);
  });

  it("changes nothing if what is to be recorded breaks off, or is not to count", async () => {
    const names = fs.names;
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 100);
      throw Object.assign(new Error("cut"), { code: "told" });
    }
    const refused = async () => {
      throw Object.assign(new Error("no"), { code: "told" });
    };
    await assert.rejects(restoreOn(fs).record(broken(), ORDER), { code: "restore-failed" });
    await assert.rejects(restoreOn(fs).record(inPieces(bytes), ORDER, refused));
    assert.deepEqual(fs.names, names);
    assert.equal(await finish(fs), undefined);
  });

  it("says why it cannot be recorded on a full or read-only disk", async () => {
    const names = fs.names;
    fs.space = 500;
    await assert.rejects(record(fs), { message: /disk is full.*The box is as it was/ });
    fs.space = Number.POSITIVE_INFINITY;
    fs.readOnly = true;
    await assert.rejects(record(fs), { message: /read-only.*The box is as it was/ });
    fs.readOnly = false;
    assert.deepEqual(fs.names, names);
  });

  it("keeps the store shut while it cannot be finished", async () => {
    await record(fs);
    fs.readOnly = true;
    await assert.rejects(finish(fs), {
      code: "restore-failed",
      message: /is due and cannot be finished: the file system is read-only.*start the box again/,
    });
    fs.readOnly = false;
    assert.equal((await finish(fs))?.clients, 2);
  });

  it("does not believe a damaged request, and says what to do", async () => {
    for (const content of ["", "mine", '00000000 {"format":"kms-box restore","schema":1}\n']) {
      fs.setContent("restore", content);
      await assert.rejects(finish(fs), { message: /is damaged\. Remove it/ });
    }
  });

  it("is erased by a factory reset", async () => {
    await record(fs);
    const reset = new FlashFactoryReset({ folder: "/state", vendorFolder: "demo-vendor", fs });
    await reset.record();
    await reset.finish(free);
    assert.ok(!fs.names.includes("restore"), fs.names.join(" "));
  });

  it("leaves, cut off anywhere, the old box or after the next start the restored one", async function () {
    this.timeout(60_000);
    const work = async (medium: FaultyFs) => {
      await record(medium);
      await finish(medium);
    };
    const counted = fs.afterPowerCut("kept");
    const first = counted.calls;
    await work(counted);
    const calls = counted.calls - first;
    const old = await stateOf(fs);
    const seen = { untouched: 0, restored: 0 };
    for (let crashAt = 1; crashAt <= calls + 1; crashAt++) {
      const medium = fs.afterPowerCut("kept");
      medium.crashAt = medium.calls + crashAt;
      await Promise.race([work(medium), medium.crashed]);
      const found = [medium.afterRestart(), ...SURVIVALS.map((kind) => medium.afterPowerCut(kind))];
      for (const [index, next] of found.entries()) {
        const context = `crash at call ${crashAt}, found ${index}`;
        const again = next.afterRestart();
        again.crashAt = 1 + ((crashAt * 7 + index) % calls);
        await Promise.race([finish(again), again.crashed]);
        const last = again.afterPowerCut(SURVIVALS[crashAt % SURVIVALS.length] ?? "lost");
        await finish(last);
        const state = await stateOf(last);
        const key = last.contentOf("host.jwk").toString();
        if (key === "old host.jwk") {
          assert.deepEqual(state, old, context);
          seen.untouched++;
        } else {
          assert.equal(JSON.parse(key).x, signerOf("host").publicJwk.x, context);
          assert.deepEqual([state.clients, state.timeMarkMs], [2, 99], context);
          assert.ok(!last.names.includes("restore"), context);
          seen.restored++;
        }
      }
    }
    assert.ok(seen.untouched > 10 && seen.restored > 50, JSON.stringify(seen));
  });
});

function contactOf(number: number): string {
  const change = put(number);
  return change.op === "put" ? change.record.cmid : "";
}
