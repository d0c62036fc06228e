import assert from "node:assert/strict";
import { encodeLine } from "../../../src/adapters/flash/lines.ts";
import { recordToRow } from "../../../src/adapters/flash/rows.ts";
import type { BackupHeader, SettingsFile } from "../../../src/domain/backup.ts";
import { BACKUP_HEADER, itemsOf } from "../../support/backup-rig.ts";
import { contact } from "../../support/contacts.ts";
import { privateJwkOf } from "../../support/keys.ts";

/** A backup with good checksums, whatever it says. */
function made(lines: readonly unknown[], header: Partial<BackupHeader> = {}): Buffer {
  const all = [{ ...BACKUP_HEADER, ...header }, { hostKey: privateJwkOf("host") }, ...lines];
  const end = { end: { lines: all.length, records: 0, clients: 0, files: 0 } };
  return Buffer.from([...all, end].map((each) => encodeLine(JSON.stringify(each))).join(""));
}

const refusesLine = (line: unknown, why?: string) =>
  assert.rejects(itemsOf(made([line])), { code: "backup-damaged" }, why ?? JSON.stringify(line));

const file = (members: Partial<SettingsFile> = {}) => ({
  file: { kind: "keys", name: "a.key", mode: 0o600, content: "a2V5", ...members },
});

describe("a backup that somebody made up", () => {
  it("is read as far as a box could have written it", async () => {
    const row = recordToRow(contact(1));
    const lines = [[row], [["document", "licences", ["token"]]], [["time", 7]], file()];
    assert.equal((await itemsOf(made(lines))).length, lines.length + 3);
  });

  it("is refused with a record of other types, or of times that there are not", async () => {
    const row = recordToRow(contact(1));
    for (let column = 1; column < row.length; column++) {
      const others = [null, {}, [null], -1, 1e300, true, "x".repeat(300), "\u001b[2J\n"];
      for (const other of others) {
        if (column === 12 && Array.isArray(other)) continue;
        await refusesLine([row.with(column, other as never)], `${column} ${JSON.stringify(other)}`);
      }
    }
    await refusesLine([row.with(12, [null])]);
  });

  it("is refused with other changes than there are", async () => {
    const bad = [
      ["document", "licences"],
      ["document", { a: 1 }, 1],
      ["document", null, 1],
      ["time", "7"],
      ["time", -1],
      ["time", 1e300],
      ["discard", 1, 2],
      ["discard", "a"],
      ["__proto__", 1],
      [],
      [[]],
      "put",
      null,
    ];
    for (const each of bad) await refusesLine([each]);
    for (const each of [null, 1, "x", {}, { hostKey: {} }, { file: null }, { end: [] }]) {
      await refusesLine(each);
    }
  });

  it("is refused with documents that are too many", async () => {
    await refusesLine(Array.from({ length: 65 }, (_, n) => ["document", `d${n}`, 1]));
  });

  it("is refused with documents that are too large together", async () => {
    const large = "x".repeat(15 << 20);
    const lines = Array.from({ length: 5 }, (_, n) => [["document", `d${n}`, large]]);
    await assert.rejects(itemsOf(made(lines)), { code: "backup-damaged" });
  });

  it("is refused with a file twice, one of another place, or what is no file of settings", async () => {
    await assert.rejects(itemsOf(made([file(), file()])), { code: "backup-damaged" });
    for (const name of [
      "../../etc/passwd",
      "/etc/passwd",
      "",
      "a/b",
      "x\u001b[2J",
      "a".repeat(300),
    ]) {
      await refusesLine(file({ kind: "dns-key", name }), name);
    }
    for (const content of ["*", "x".repeat(2 << 20), "a\nb"]) await refusesLine(file({ content }));
  });

  it("is refused with a header that no terminal should be shown, or no clock can tell", async () => {
    for (const header of [
      { hostname: "\u001b]0;x\u0007" },
      { program: "1\n2" },
      { host: "x".repeat(300) },
      { generation: Number.MAX_SAFE_INTEGER },
      { created: "never" },
    ]) {
      await assert.rejects(itemsOf(made([], header)), { code: "backup-damaged" });
    }
    const future = made([], { version: 2, program: "\u001b[2J" } as never);
    await assert.rejects(itemsOf(future), (error: Error & { code: string }) => {
      assert.equal(error.code, "backup-too-new");
      assert.doesNotMatch(error.message, /\p{Cc}/u);
      return true;
    });
  });
});
