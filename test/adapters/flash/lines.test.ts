import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeLine, type Line, readLines } from "../../../src/adapters/flash/lines.ts";
import { FaultyFs } from "../../support/faulty-fs.ts";

async function linesIn(
  content: string | Uint8Array,
  batchBytes?: number,
  end?: number,
): Promise<Line[]> {
  const fs = new FaultyFs();
  fs.setContent("file", content);
  const file = await fs.open("/state/file", "read");
  const lines: Line[] = [];
  await readLines(file, (batch) => lines.push(...batch.lines(true)), end, batchBytes);
  return lines;
}

describe("Lines with checksums", () => {
  it("come back as they were written, in batches of any size", async () => {
    const texts = fc.array(fc.json(), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 100 }), async (jsons, batchBytes) => {
        const lines = await linesIn(jsons.map(encodeLine).join(""), batchBytes);
        assert.deepEqual(
          lines.map(({ json }) => json),
          jsons,
        );
        assert.deepEqual(
          lines.map(({ number }) => number),
          jsons.map((_, i) => i + 1),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("tell where they begin and end, in bytes", async () => {
    const [first, second] = [encodeLine('"ä"'), encodeLine("2")];
    const lines = await linesIn(first + second, 5);
    const length = Buffer.byteLength(first);
    assert.deepEqual(
      lines.map(({ start, end }) => [start, end]),
      [
        [0, length],
        [length, length + second.length],
      ],
    );
  });

  it("are read up to a given byte", async () => {
    const first = encodeLine("1");
    const read = await linesIn(first + encodeLine("2"), undefined, first.length);
    assert.deepEqual(
      read.map(({ json }) => json),
      ["1"],
    );
  });

  for (const [what, text] of [
    ["a wrong checksum", "00000000 1\n"],
    ["an upper-case checksum", `${encodeLine("1").slice(0, 8).toUpperCase()} 1\n`],
    ["no blank after the checksum", `${encodeLine("1").slice(0, 8)}_1\n`],
    ["nothing in it", "\n"],
    ["no line feed", encodeLine("1").trimEnd()],
  ] as const) {
    it(`are damaged if there is ${what}`, async () => {
      const lines = await linesIn(encodeLine("0") + text);
      assert.deepEqual(
        lines.map(({ json }) => json),
        ["0", undefined],
      );
    });
  }

  it("that have no end are cut in pieces instead of filling the memory", async () => {
    const endless = Buffer.alloc(20 << 20, "x");
    const lines = await linesIn(
      Buffer.concat([endless, Buffer.from(`\n${encodeLine("1")}`)]),
      1 << 20,
    );
    assert.equal(lines.at(-1)?.json, "1");
    assert.ok(lines.slice(0, -1).every(({ json }) => json === undefined));
    assert.ok(lines.length >= 3);
  });

  it("are read to where a file ends that has become shorter meanwhile", async () => {
    const fs = new FaultyFs();
    fs.setContent("file", encodeLine("1"));
    const file = await fs.open("/state/file", "read");
    const lines: Line[] = [];
    const longer = { ...file, size: async () => 1_000 };
    await readLines(longer, (batch) => lines.push(...batch.lines(true)));
    assert.deepEqual(
      lines.map(({ json }) => json),
      ["1"],
    );
  });
});
