import assert from "node:assert/strict";
import { appendFile, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuditLogFile } from "../../../src/adapters/log/audit-log-file.ts";
import { AuditLog } from "../../../src/services/audit/audit-log.ts";
import { hashText } from "../../support/admin-rig.ts";
import { MemoryStore } from "../../support/memory-store.ts";
import { RecordedEvents } from "../../support/recorded-events.ts";

const ACT = { actor: "button", source: "panel", act: "restart", target: null, outcome: "done" };

describe("the audit log's files", () => {
  let folder: string;
  let store: MemoryStore;
  let events: RecordedEvents;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-audit-"));
    store = new MemoryStore();
    events = new RecordedEvents();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const open = (largestBytes?: number) =>
    new AuditLog({
      file: new AuditLogFile(folder, largestBytes),
      ...{ store, events },
      afterRestore: false,
      time: () => 0,
      hash: hashText,
    });

  it("are their owner's alone", async () => {
    await open().record(ACT);
    assert.equal((await stat(join(folder, "audit.log"))).mode & 0o777, 0o600);
  });

  it("let old acts go once full, and are one chain all the same", async () => {
    const log = open(1000);
    for (let n = 0; n < 20; n++) await log.record(ACT);
    assert.deepEqual((await readdir(folder)).toSorted(), ["audit.log", "audit.old.log"]);
    const { total, entries } = await log.page(0, 100);
    assert.ok(total >= 4 && total <= 8, String(total));
    assert.equal(entries[0]?.sequence, 20);
    assert.equal((await open(1000).check()).whole, true);
    await rm(join(folder, "audit.old.log"));
    assert.equal((await open(1000).check()).whole, false);
    assert.equal(events.named("audit-broken").length, 1);
  });

  it("lose what a power cut left half written, and nothing else", async () => {
    await open().record(ACT);
    const before = await readFile(join(folder, "audit.log"), "utf8");
    await appendFile(join(folder, "audit.log"), '{"sequence":2,');
    await open().start();
    assert.equal(await readFile(join(folder, "audit.log"), "utf8"), before);
    assert.deepEqual(events.names, []);
  });
});
