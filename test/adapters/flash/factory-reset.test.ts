import assert from "node:assert/strict";
import { FlashFactoryReset } from "../../../src/adapters/flash/flash-factory-reset.ts";
import { StorageLockedError } from "../../../src/ports/store.ts";
import { FaultyFs, SURVIVALS } from "../../support/faulty-fs.ts";
import { contentOf, openOn, put } from "../../support/flash-rig.ts";

const OWN = [
  "host.jwk",
  "settings.json",
  `upload.${"0f".repeat(16)}.tmp`,
  "settings.json.tmp",
  "settings.json.unusable",
  "dns-key.office.example.key",
  "dns-key.office.example.key.tmp",
  "host.jwk.00000000-0000-4000-8000-000000000000.tmp",
  "state.b.jsonl.tmp",
  "state.a.jsonl.v1.bak",
  "journal.00000001.jsonl.v1.bak.tmp",
  "demo-vendor/vendor.jwk",
  "demo-vendor/vendor.pub.jwk",
];
const FOREIGN = [
  "notes.txt",
  "settings.json.bak",
  "office.key",
  "host.jwk.bak",
  "my-state.a.jsonl",
  "demo-vendor/acme.licence",
];
const free = async (): Promise<void> => undefined;

const resetOn = (fs: FaultyFs) =>
  new FlashFactoryReset({ folder: "/state", vendorFolder: "demo-vendor", fs });
const finish = (fs: FaultyFs) => resetOn(fs).finish(free);

describe("a factory reset", () => {
  let fs: FaultyFs;

  beforeEach(async () => {
    fs = new FaultyFs();
    const store = await openOn(fs);
    await store.commit([put(1), put(2), { op: "document", name: "licences", value: ["token"] }]);
    await store.compact();
    await store.commit([put(3)]);
    await store.close();
    for (const name of [...OWN, ...FOREIGN]) fs.setContent(name, `content of ${name}`);
  });

  it("is not due unless it was recorded", async () => {
    const before = fs.names;
    assert.equal(await finish(fs), false);
    assert.deepEqual(fs.names, before);
  });

  it("erases what the box made and nothing else", async () => {
    await resetOn(fs).record();
    assert.equal(await finish(fs), true);
    assert.deepEqual(fs.names, FOREIGN.map((name) => name.replace("demo-vendor/", "")).sort());
    assert.equal(await finish(fs), false);
  });

  it("leaves a folder in which a new box begins", async () => {
    await resetOn(fs).record();
    let finished: boolean | undefined;
    const store = await openOn(fs, {
      beforeRead: async (guard) => {
        finished = await resetOn(fs).finish(guard);
      },
    });
    assert.equal(finished, true);
    assert.equal(store.ledger.clients, 0);
    assert.equal(store.documents.size, 0);
    await store.close();
  });

  it("keeps the store shut while it cannot be finished", async () => {
    await resetOn(fs).record();
    fs.readOnly = true;
    const opening = openOn(fs, {
      beforeRead: async (guard) => void (await resetOn(fs).finish(guard)),
    });
    await assert.rejects(opening, {
      code: "factory-reset-failed",
      message: /is due and cannot be finished: the file system is read-only.*start the box again/,
    });
    fs.readOnly = false;
    assert.equal(await finish(fs), true);
  });

  it("is left to the process that has the folder", async () => {
    await resetOn(fs).record();
    const before = fs.names;
    const locked = () => Promise.reject(new StorageLockedError("in use"));
    await assert.rejects(resetOn(fs).finish(locked), { code: "storage-locked" });
    assert.deepEqual(fs.names, before);
  });

  it("does not believe a damaged request, and says what to do", async () => {
    for (const content of [
      "",
      "mine",
      '00000000 {"format":"kms-box factory reset","schema":1}\n',
    ]) {
      fs.setContent("factory-reset", content);
      await assert.rejects(finish(fs), {
        code: "factory-reset-failed",
        message: /is damaged\. Remove it to keep the box as it is/,
      });
    }
    await resetOn(fs).record();
    assert.equal(await finish(fs), true);
  });

  describe("that cannot be recorded", () => {
    const untouched = async (medium: FaultyFs, names: readonly string[]) => {
      assert.equal(await finish(medium), false);
      assert.deepEqual(medium.names, names);
    };

    it("changes nothing, whatever call fails", async () => {
      const names = fs.names;
      const calls = await callsOf(await oldBox(), (medium) => resetOn(medium).record());
      for (let failing = 1; failing <= calls; failing++) {
        const medium = await oldBox();
        let call = 0;
        medium.fault = () => (++call === failing ? "EIO" : undefined);
        const asked = resetOn(medium).record();
        // The last call closes the file, which is synced by then.
        const outcome = await asked.then(
          () => "recorded",
          (error: { code: string; message: string }) => {
            assert.equal(error.code, "factory-reset-failed");
            assert.match(error.message, /memory card.*Nothing was changed\.$/s);
            return "refused";
          },
        );
        if (outcome === "refused") await untouched(medium, names);
      }
    });

    it("says why on a full or read-only disk", async () => {
      const names = fs.names;
      fs.space = 10;
      await assert.rejects(resetOn(fs).record(), { message: /disk is full.*Nothing was changed/ });
      fs.space = Number.POSITIVE_INFINITY;
      fs.readOnly = true;
      await assert.rejects(resetOn(fs).record(), { message: /read-only.*Nothing was changed/ });
      fs.readOnly = false;
      await untouched(fs, names);
    });

    it("says so if it cannot be taken back either", async () => {
      fs.fault = ({ kind }) => (kind === "syncFolder" || kind === "remove" ? "EIO" : undefined);
      await assert.rejects(resetOn(fs).record(), { message: /may be done at the next start/ });
    });
  });

  describe("of a stopped box", () => {
    const lock = async () => ({ release: async () => undefined });

    it("is done at once", async () => {
      assert.equal(await resetOn(fs).perform(lock), true);
      assert.equal(fs.names.length, FOREIGN.length);
      assert.equal(await resetOn(fs).perform(lock), false);
    });

    it("is refused where no lock can be had", async () => {
      const full = () => Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" }));
      await assert.rejects(resetOn(fs).perform(full), {
        code: "factory-reset-failed",
        message: /disk is full.*Nothing was changed/,
      });
      assert.equal(await finish(fs), false);
    });

    it("replaces a damaged request", async () => {
      fs.setContent("factory-reset", "damaged");
      assert.equal(await resetOn(fs).perform(lock), true);
    });
  });

  it("leaves, cut off anywhere, the old box or after the next start a new one", async () => {
    const work = async (medium: FaultyFs) => {
      await resetOn(medium).record();
      await finish(medium);
    };
    const old = await oldBox();
    const before = { names: old.names, content: await storedIn(old) };
    const calls = await callsOf(await oldBox(), work);
    const seen = { untouched: 0, reset: 0 };
    for (let crashAt = 1; crashAt <= calls + 1; crashAt++) {
      const medium = await oldBox();
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
        const names = last.names.filter((name) => name !== "factory-reset.tmp");
        if (names.includes("host.jwk")) {
          assert.deepEqual(names, before.names, context);
          assert.deepEqual(await storedIn(last), before.content, context);
          seen.untouched++;
        } else {
          assert.equal(names.length, FOREIGN.length, `${context}: ${names.join(" ")}`);
          seen.reset++;
        }
      }
    }
    assert.ok(seen.untouched > 10 && seen.reset > 50, JSON.stringify(seen));
  });

  /** The same medium as in `fs`, which stays as it is. */
  async function oldBox(): Promise<FaultyFs> {
    return fs.afterPowerCut("kept");
  }
});

async function storedIn(fs: FaultyFs): Promise<unknown> {
  const store = await openOn(fs.afterPowerCut("kept"));
  const content = contentOf(store);
  await store.close();
  return content;
}

async function callsOf(fs: FaultyFs, work: (fs: FaultyFs) => Promise<void>): Promise<number> {
  const before = fs.calls;
  await work(fs);
  return fs.calls - before;
}
