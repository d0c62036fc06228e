import assert from "node:assert/strict";
import { readBackup } from "../../../src/adapters/backup/backup-reader.ts";
import { BackupCheck } from "../../../src/adapters/backup/verified.ts";
import { encodeLine } from "../../../src/adapters/flash/lines.ts";
import type { SettingsFile } from "../../../src/domain/backup.ts";
import { ActivationLedger } from "../../../src/domain/ledger.ts";
import type { StateChange } from "../../../src/ports/store.ts";
import {
  BACKUP_HEADER,
  backupBytes,
  inPieces,
  itemsOf,
  type MadeBackup,
} from "../../support/backup-rig.ts";
import { put } from "../../support/flash-rig.ts";
import { privateJwkOf, signerOf } from "../../support/keys.ts";

const LICENCES: StateChange = { op: "document", name: "licences", value: ["token"] };
const RUN: StateChange = { op: "document", name: "run", value: { ended: null } };
const SETTINGS: SettingsFile = { kind: "keys", name: "office.key", mode: 0o640, content: "a2V5" };
const MADE: MadeBackup = {
  changes: [put(1), put(2), LICENCES, RUN, { op: "time", timeMs: 7 }],
  size: { records: 2, clients: 2 },
};

describe("a backup, before it is encrypted,", () => {
  it("gives back what was put into it, in pieces of any size", async () => {
    const bytes = await backupBytes({ ...MADE, files: [SETTINGS] });
    for (const size of [1, 7, 100, bytes.length]) {
      const items = await itemsOf(bytes, size);
      const [header, key, ...rest] = items;
      assert.deepEqual(header?.kind === "header" && header.header, BACKUP_HEADER);
      assert.equal(key?.kind === "host-key" && key.jwk, JSON.stringify(privateJwkOf("host")));
      assert.deepEqual(
        rest.flatMap((item) => (item.kind === "changes" ? item.changes : [])),
        [put(1), put(2), LICENCES, { op: "time", timeMs: 7 }],
      );
      assert.deepEqual(
        rest.flatMap((item) => (item.kind === "file" ? item.file : [])),
        [SETTINGS],
      );
      const last = items.at(-1);
      assert.deepEqual(last?.kind === "end" && last.counts, { records: 2, clients: 2, files: 1 });
    }
  });

  it("is text that says what its columns are", async () => {
    const [first = ""] = (await backupBytes(MADE)).toString().split("\n");
    assert.match(
      first,
      /^[0-9a-f]{8} \{"format":"kms-box backup","version":1,.*"columns":\{"put":/,
    );
  });

  it("is refused wherever it is cut", async () => {
    const bytes = await backupBytes(MADE);
    for (let end = 0; end < bytes.length; end += 1) {
      await assert.rejects(itemsOf(bytes.subarray(0, end)), { code: "backup-damaged" }, `${end}`);
    }
  });

  it("is refused with any bit of it changed", async () => {
    const bytes = await backupBytes(MADE);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await assert.rejects(itemsOf(changed), (error: { code: string }) =>
        ["backup-damaged", "backup-too-new"].includes(error.code),
      );
    }
  });

  it("is refused with a line missing, doubled or after its end", async () => {
    const lines = (await backupBytes(MADE)).toString().split(/(?<=\n)/);
    for (let at = 0; at < lines.length; at++) {
      const without = lines.toSpliced(at, 1).join("");
      await assert.rejects(itemsOf(Buffer.from(without)), { code: "backup-damaged" });
      const doubled = lines.toSpliced(at, 0, lines[at] ?? "").join("");
      await assert.rejects(itemsOf(Buffer.from(doubled)), { code: "backup-damaged" });
    }
  });

  it("is refused if it is of a later format or schema, saying which program wrote it", async () => {
    for (const header of [{ version: 2 }, { schema: 99 }]) {
      await assert.rejects(itemsOf(await backupBytes({ ...MADE, header })), {
        code: "backup-too-new",
        message: /version 1\.2\.3 of this program, which reads up to 1\. Install that version/,
      });
    }
  });

  it("is told from what is something else", async () => {
    for (const text of [
      "",
      "hello\n",
      encodeLine("{}"),
      encodeLine('{"format":"kms-box snapshot"}'),
    ]) {
      await assert.rejects(itemsOf(Buffer.from(text)), {
        code: "backup-damaged",
        message: text === "" ? /its end is missing/ : "It is not a backup of a KMS Box.",
      });
    }
    const headless = encodeLine(
      JSON.stringify({ format: "kms-box backup", version: 1, schema: 1 }),
    );
    await assert.rejects(itemsOf(Buffer.from(headless)), { message: /first line is not a header/ });
  });

  describe("that is put together while it is read", () => {
    const verify = async (made: MadeBackup) => {
      const check = new BackupCheck(() => new ActivationLedger());
      for await (const _item of check.pass(readBackup(inPieces(await backupBytes(made)))));
      return check.content;
    };

    it("tells what it holds", async () => {
      const { counts, documents, files } = await verify({ ...MADE, files: [SETTINGS] });
      assert.deepEqual(counts, { records: 2, clients: 2, files: 1 });
      assert.deepEqual([...documents], [["licences", ["token"]]]);
      assert.deepEqual(files, [SETTINGS]);
    });

    it("counts a record that changed while it was read once", async () => {
      const changes = [put(1), put(2), put(1, { lastContactMs: 9 })];
      assert.equal((await verify({ ...MADE, changes })).counts.records, 2);
    });

    it("must hold as much as it says", async () => {
      for (const size of [
        { records: 3, clients: 2 },
        { records: 2, clients: 1 },
      ]) {
        await assert.rejects(verify({ ...MADE, size }), { message: /less or more than it says/ });
      }
    });

    it("must hold the key that it names", async () => {
      const header = { host: signerOf("another").thumbprint };
      await assert.rejects(verify({ ...MADE, header }), {
        message: /host key in it is not the one/,
      });
    });
  });
});
