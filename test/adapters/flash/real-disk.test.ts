import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { FlashStore } from "../../../src/adapters/flash/flash-store.ts";
import { StorageLockedError, StorageUnreadableError } from "../../../src/ports/store.ts";
import { cmidOf } from "../../support/contacts.ts";
import { contentOf, put } from "../../support/flash-rig.ts";

// Compiled or not, as this file is.
const EXTENSION = import.meta.url.slice(-2);
const WRITER = new URL(`../../support/flash-writer.${EXTENSION}`, import.meta.url).pathname;

describe("A flash store on a real disk", () => {
  let parent: string;
  let folder: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "flash-store-"));
    folder = join(parent, "deep", "state");
  });

  afterEach(() => rm(parent, { recursive: true, force: true }));

  it("keeps its folder and files to their owner", async () => {
    const store = await FlashStore.open({ folder });
    await store.commit([put(1)]);
    await store.compact();
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    for (const name of await readdir(folder)) {
      assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name);
    }
    await store.close();
    assert.equal((await readdir(folder)).includes("lock"), false);
  });

  it("finds everything again after many commits and compactions", async () => {
    const store = await FlashStore.open({ folder, groupCommitMs: 1, compactAtBytes: 20_000 });
    for (let round = 0; round < 10; round++) {
      const commits = Array.from({ length: 50 }, (_, i) =>
        store.commit([put(i, { lastContactMs: round * 100 + i })]),
      );
      await Promise.all(commits);
    }
    const content = contentOf(store);
    await store.close();
    const again = await FlashStore.open({ folder });
    assert.deepEqual(contentOf(again), content);
    await again.close();
  });

  it("is refused to a second one and free again afterwards", async () => {
    const store = await FlashStore.open({ folder });
    await assert.rejects(FlashStore.open({ folder }), StorageLockedError);
    await store.close();
    await (await FlashStore.open({ folder })).close();
  });

  it("does not stay locked when it cannot be opened", async () => {
    const newer = await FlashStore.open({ folder, migrations: [(row) => [row]] });
    await newer.close();
    await assert.rejects(FlashStore.open({ folder }), StorageUnreadableError);
    await assert.rejects(FlashStore.open({ folder }), StorageUnreadableError);
  });

  it("has everything that a killed process acknowledged, and is refused while that one runs", async function () {
    this.timeout(20_000);
    const child = spawn(process.execPath, ["--import", "tsx", WRITER, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const acknowledged = await numbersUntil(child, 300, async () => {
      await assert.rejects(FlashStore.open({ folder }), new RegExp(`process ${child.pid}`));
    });
    const store = await FlashStore.open({ folder });
    for (const number of acknowledged) {
      assert.ok(store.ledger.get(cmidOf(number), "writer") !== undefined, `record ${number}`);
    }
    await store.close();
  });
});

/** Collects the numbers that a process prints, and kills it once there are enough. */
async function numbersUntil(
  child: ChildProcess,
  count: number,
  meanwhile: () => Promise<void>,
): Promise<number[]> {
  assert.ok(child.stdout !== null);
  const numbers: number[] = [];
  const ended = once(child, "close");
  for await (const line of createInterface(child.stdout)) {
    numbers.push(Number(line));
    if (numbers.length === 1) await meanwhile();
    if (numbers.length === count) child.kill("SIGKILL");
  }
  await ended;
  return numbers;
}
