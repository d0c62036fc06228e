import assert from "node:assert/strict";
import { StorageUnreadableError } from "../../../src/ports/store.ts";
import { FaultyFs } from "../../support/faulty-fs.ts";
import { contentOf, noticeLog, openOn, put } from "../../support/flash-rig.ts";

const JOURNAL = "journal.00000001.jsonl";

/** A folder with one record for each number, committed one by one; 0 stands for a compaction. */
async function folderWith(numbers: readonly number[]): Promise<FaultyFs> {
  const fs = new FaultyFs();
  const store = await openOn(fs);
  for (const number of numbers) {
    if (number === 0) await store.compact();
    else await store.commit([put(number)]);
  }
  await store.close();
  return fs;
}

async function opened(
  fs: FaultyFs,
): Promise<{ size: number; kinds: string[]; notices: readonly object[] }> {
  const log = noticeLog();
  const store = await openOn(fs, { onNotice: log.onNotice });
  await store.close();
  return { size: store.ledger.size, kinds: log.kinds(), notices: log.notices };
}

function edit(fs: FaultyFs, name: string, change: (lines: string[]) => string[]): void {
  const lines = fs.contentOf(name).toString().split("\n");
  fs.setContent(name, change(lines).join("\n"));
}

/** Changes one character in the middle of a line, counted from 1. */
function damageLine(fs: FaultyFs, name: string, number: number): void {
  edit(fs, name, (lines) =>
    lines.map((line, i) => (i === number - 1 ? line.replace(/.(?=.{30}$)/, "~") : line)),
  );
}

describe("A damaged journal", () => {
  it("loses a torn tail, with notice, and is as good as new", async () => {
    const fs = await folderWith([1, 2]);
    const whole = fs.contentOf(JOURNAL).length;
    fs.setContent(JOURNAL, Buffer.concat([fs.contentOf(JOURNAL), Buffer.from("0123abcd [[")]));
    const { size, notices } = await opened(fs);
    assert.equal(size, 2);
    assert.deepEqual(notices, [{ kind: "torn-tail", file: `/state/${JOURNAL}`, bytes: 11 }]);
    assert.equal(fs.contentOf(JOURNAL).length, whole);
    assert.deepEqual((await opened(fs)).kinds, []);
  });

  it("loses the line that is damaged, and no other", async () => {
    const fs = await folderWith([1, 2, 3]);
    damageLine(fs, JOURNAL, 3);
    const { size, notices } = await opened(fs);
    assert.equal(size, 2);
    assert.equal(notices.length, 1);
    const [notice] = notices;
    assert.ok(notice !== undefined && "kind" in notice && "line" in notice);
    assert.deepEqual([notice.kind, notice.line], ["damaged-journal", 3]);
  });

  it("is told of ten times at most", async () => {
    const numbers = Array.from({ length: 30 }, (_, i) => i + 1);
    const fs = await folderWith(numbers);
    for (let line = 2; line < 30; line++) damageLine(fs, JOURNAL, line);
    const { size, kinds } = await opened(fs);
    assert.equal(size, 2);
    assert.equal(kinds.length, 10);
  });

  it("is read though its first line is damaged", async () => {
    const fs = await folderWith([1, 2]);
    damageLine(fs, JOURNAL, 1);
    assert.deepEqual((await opened(fs)).size, 2);
  });

  it("that was just being created is created anew", async () => {
    const fs = await folderWith([1]);
    fs.setContent("journal.00000002.jsonl", "0123abcd {");
    const first = await opened(fs);
    assert.deepEqual([first.size, first.kinds], [1, ["torn-tail"]]);
    assert.deepEqual((await opened(fs)).kinds, []);
  });

  it("that is destroyed from first to last is not taken for one just created", async () => {
    const fs = await folderWith([1, 2]);
    const rubbish = "x".repeat(5000);
    fs.setContent(JOURNAL, rubbish);
    await assert.rejects(opened(fs), StorageUnreadableError);
    assert.equal(fs.contentOf(JOURNAL).toString(), rubbish);
  });

  it("that ends too early is told of", async () => {
    const fs = await folderWith([1, 0, 2, 0, 3]);
    damageLine(fs, "state.b.jsonl", 1);
    edit(fs, "journal.00000002.jsonl", (lines) => lines.slice(0, 1).concat(""));
    const { size, kinds } = await opened(fs);
    assert.deepEqual([size, kinds], [2, ["damaged-slot", "damaged-journal"]]);
  });

  it("that is missing is told of", async () => {
    const fs = await folderWith([1, 0, 2]);
    fs.delete("journal.00000002.jsonl");
    const { size, kinds } = await opened(fs);
    assert.deepEqual([size, kinds], [1, ["damaged-journal"]]);
  });

  it("that the system cannot read stops the start, naming the file", async () => {
    const fs = await folderWith([1]);
    fs.fault = ({ kind, name }) => (kind === "read" && name === JOURNAL ? "EIO" : undefined);
    await assert.rejects(openOn(fs), (error) => {
      assert.ok(error instanceof StorageUnreadableError);
      assert.match(error.message, /journal\.00000001\.jsonl cannot be read/);
      return true;
    });
  });
});

describe("A damaged slot", () => {
  const damages: readonly [how: string, damage: (fs: FaultyFs, name: string) => void][] = [
    ["has a damaged first line", (fs, name) => damageLine(fs, name, 1)],
    ["has a damaged row", (fs, name) => damageLine(fs, name, 3)],
    [
      "has a damaged number in a row",
      (fs, name) => edit(fs, name, (l) => l.map((x) => x.replace("1,1,0", "1,2,0"))),
    ],
    ["lacks a row", (fs, name) => edit(fs, name, (l) => l.filter((_, i) => i !== 2))],
    ["lacks its end", (fs, name) => edit(fs, name, (l) => l.slice(0, -2).concat(""))],
    [
      "has something after its end",
      (fs, name) => edit(fs, name, (l) => [...l.slice(0, -1), l[1] ?? "", ""]),
    ],
    [
      "has a damaged end",
      (fs, name) => edit(fs, name, (l) => l.map((x) => x.replace('"crc"', '"cry"'))),
    ],
    ["is empty", (fs, name) => fs.setContent(name, "")],
    ["has no line ends", (fs, name) => fs.setContent(name, "x".repeat(9_000))],
  ];
  for (const [how, damage] of damages) {
    it(`that ${how} is replaced by the other one and its journals`, async () => {
      const fs = await folderWith([1, 2, 0, 3, 0, 4]);
      damage(fs, "state.b.jsonl");
      const { size, kinds } = await opened(fs);
      assert.deepEqual([size, kinds], [4, ["damaged-slot"]]);
    });
  }

  it("that the system cannot read is replaced by the other one", async () => {
    const fs = await folderWith([1, 0, 2, 0, 3]);
    fs.fault = ({ kind, name }) =>
      kind === "read" && name === "state.b.jsonl" ? "EIO" : undefined;
    assert.deepEqual((await opened(fs)).kinds, ["damaged-slot"]);
  });

  it("is the one that the next snapshot is written to", async () => {
    const fs = await folderWith([1, 0, 2, 0, 3]);
    damageLine(fs, "state.b.jsonl", 2);
    const store = await openOn(fs);
    await store.compact();
    await store.close();
    assert.deepEqual((await opened(fs)).kinds, []);
    damageLine(fs, "state.b.jsonl", 2);
    assert.equal((await opened(fs)).size, 3);
  });

  it("and the other one too: the journals tell the state if they reach back to the beginning", async () => {
    const fs = await folderWith([1, 0, 2]);
    damageLine(fs, "state.a.jsonl", 2);
    assert.deepEqual(await opened(fs).then(({ size, kinds }) => [size, kinds]), [
      2,
      ["damaged-slot"],
    ]);
  });

  it("and the other one too: if the journals do not, nothing is begun anew in silence", async () => {
    const fs = await folderWith([1, 0, 2, 0, 3, 0, 4]);
    damageLine(fs, "state.a.jsonl", 2);
    damageLine(fs, "state.b.jsonl", 2);
    await assert.rejects(openOn(fs), (error) => {
      assert.ok(error instanceof StorageUnreadableError);
      assert.match(error.message, /state\.a\.jsonl and state\.b\.jsonl.*restore it from a backup/s);
      return true;
    });
  });

  it("without any journal is not taken for a new folder", async () => {
    const fs = await folderWith([1, 0]);
    for (const name of fs.names) if (name.startsWith("journal")) fs.delete(name);
    damageLine(fs, "state.a.jsonl", 2);
    await assert.rejects(openOn(fs), StorageUnreadableError);
  });
});

describe("Whatever byte of the newest files is changed", () => {
  it("the store opens, and has lost at most the line with that byte", async function () {
    this.timeout(20_000);
    const whole = await folderWith([1, 0, 2, 0, 3, 4]);
    for (const name of ["state.b.jsonl", "journal.00000003.jsonl"]) {
      for (let at = 0; at < whole.contentOf(name).length; at += 3) {
        const fs = await folderWith([1, 0, 2, 0, 3, 4]);
        const bytes = Buffer.from(fs.contentOf(name));
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        fs.setContent(name, bytes);
        const log = noticeLog();
        const store = await openOn(fs, { onNotice: log.onNotice });
        assert.ok(store.ledger.size >= (name.startsWith("state") ? 4 : 3), `${name} byte ${at}`);
        assert.ok(log.notices.length > 0, `${name} byte ${at}`);
        const content = contentOf(store);
        await store.close();
        assert.deepEqual(contentOf(await openOn(fs)), content);
      }
    }
  });
});
