import assert from "node:assert/strict";
import { AuditLog } from "../../../src/services/audit/audit-log.ts";
import { hashText, MemoryAuditFile } from "../../support/admin-rig.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { MemoryStore } from "../../support/memory-store.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";

const ACT = { actor: "administrator", source: "192.0.2.7", act: "restart", outcome: "done" };

class Rig {
  file = new MemoryAuditFile();
  store = new MemoryStore();
  events = new RecordedEvents();
  afterRestore = false;

  log(): AuditLog {
    const { file, store, events, afterRestore } = this;
    return new AuditLog({
      ...{ file, store, events, afterRestore },
      time: () => START_MS,
      hash: hashText,
    });
  }

  async written(count: number): Promise<void> {
    const log = this.log();
    for (let n = 1; n <= count; n++) await log.record({ ...ACT, target: `n${n}` });
  }

  /** What a start finds wrong with a log that is now this. */
  async faultOf(text: string): Promise<string | undefined> {
    const rig = new Rig();
    rig.file.text = text;
    for (const [name, value] of this.store.documents) rig.store.documents.set(name, value);
    const log = rig.log();
    await log.start();
    return log.fault;
  }
}

describe("the audit log", () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = new Rig();
    await rig.written(3);
  });

  it("is a chain that vouches for each act and goes on over a restart", async () => {
    await rig.written(1);
    const { total, entries } = await rig.log().page(0, 10);
    assert.equal(total, 4);
    assert.deepEqual(
      entries.map(({ sequence, target }) => [sequence, target]),
      [4, 3, 2, 1].map((sequence) => [sequence, sequence === 4 ? "n1" : `n${sequence}`]),
    );
    assert.deepEqual(await rig.log().check(), {
      whole: true,
      detail: "4 entries vouch for one another, to the last that was written.",
    });
  });

  it("notices each byte that is changed", async () => {
    const { text } = rig.file;
    for (let at = 0; at < text.length; at++) {
      const other = String.fromCharCode(text.charCodeAt(at) ^ 1);
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      assert.notEqual(await rig.faultOf(changed), undefined, `byte ${at}`);
    }
  });

  it("notices wherever it is cut", async () => {
    const { text } = rig.file;
    for (let at = 0; at < text.length; at++) {
      assert.notEqual(await rig.faultOf(text.slice(0, at)), undefined, `to ${at}`);
      if (at > 0) assert.notEqual(await rig.faultOf(text.slice(at)), undefined, `from ${at}`);
    }
    const lines = text.split("\n");
    assert.notEqual(await rig.faultOf([lines[0], lines[2], ""].join("\n")), undefined);
    assert.equal(await rig.faultOf(text), undefined);
  });

  it("tells of a broken one, puts it aside and goes on after the last act known", async () => {
    const broken = rig.file.text.replace("n2", "n9");
    rig.file.text = broken;
    const log = rig.log();
    await log.record({ ...ACT, target: null });
    assert.equal(rig.events.named("audit-broken").length, 1);
    assert.equal(rig.file.aside, broken);
    const { entries } = await log.page(0, 10);
    assert.deepEqual(
      entries.map(({ sequence, act }) => [sequence, act]),
      [
        [5, "restart"],
        [4, "find-audit-log-broken"],
      ],
    );
    assert.equal((await log.check()).whole, false);
    assert.equal((await rig.log().check()).whole, true);
  });

  it("takes a line that a power cut left unfinished for none", async () => {
    const { text } = rig.file;
    rig.file.text = `${text}{"sequence":4,"time"`;
    const log = rig.log();
    await log.start();
    assert.deepEqual([log.fault, rig.file.text], [undefined, text]);
  });

  it("begins anew on a box that was restored, after the last act of the former", async () => {
    rig.file.text = "";
    rig.afterRestore = true;
    const log = rig.log();
    await log.record({ ...ACT, target: null });
    const { entries } = await log.page(0, 10);
    assert.deepEqual(
      entries.map(({ sequence, act }) => [sequence, act]),
      [
        [5, "restart"],
        [4, "begin-after-restore"],
      ],
    );
    rig.afterRestore = false;
    assert.equal((await rig.log().check()).whole, true);
  });

  it("says how many acts it lacks, once it can be written again", async () => {
    const log = rig.log();
    rig.file.failure = new Error("ENOSPC");
    await log.record({ ...ACT, target: "lost 1" });
    await log.record({ ...ACT, target: "lost 2" });
    assert.equal(rig.events.named("storage-failed").length, 1);
    rig.file.failure = undefined;
    await log.record({ ...ACT, target: "kept" });
    const { entries } = await log.page(0, 2);
    assert.deepEqual(
      entries.map(({ act, target }) => [act, target]),
      [
        ["restart", "kept"],
        ["miss-entries", "2"],
      ],
    );
    assert.equal((await log.check()).whole, true);
  });
});
