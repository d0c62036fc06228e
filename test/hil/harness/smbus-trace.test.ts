import assert from "node:assert/strict";
import { type BusWrite, type LineEvent, TraceReader } from "./smbus-trace.ts";

const HEAD = "            node-245     [001] .....    12.345678: ";

function read(...pieces: string[]): { writes: BusWrite[]; lines: LineEvent[] } {
  const writes: BusWrite[] = [];
  const lines: LineEvent[] = [];
  const reader = new TraceReader({
    onWrite: (write) => writes.push(write),
    onLine: (event) => lines.push(event),
  });
  for (const piece of pieces) reader.push(piece);
  return { writes, lines };
}

describe("The trace of the bus and the lines", () => {
  const begun = `${HEAD}smbus_write: i2c-1 a=03c f=0000 c=40 I2C_BLOCK_DATA l=4 [03-a5-00-ff]\n`;
  const taken = `${HEAD}smbus_result: i2c-1 a=03c f=0000 c=40 I2C_BLOCK_DATA wr res=0\n`;
  const refused = `${HEAD}smbus_result: i2c-1 a=03c f=0000 c=40 I2C_BLOCK_DATA wr res=-121\n`;

  it("leaves out the byte that counts the others", () => {
    assert.deepEqual(read(begun + taken).writes, [
      { atMs: 12345.678, bus: 1, address: 0x3c, command: 0x40, bytes: [0xa5, 0, 0xff], result: 0 },
    ]);
  });

  it("tells of a write once its result is known, and with it", () => {
    assert.deepEqual(read(begun).writes, []);
    assert.equal(read(begun + refused).writes[0]?.result, -121);
  });

  it("may come in pieces", () => {
    const text = begun + taken;
    for (let cut = 1; cut < text.length; cut++) {
      assert.equal(read(text.slice(0, cut), text.slice(cut)).writes.length, 1);
    }
  });

  it("tells of levels that are set, not of those that are read", () => {
    const text = `${HEAD}gpio_value: 534 set 1\n${HEAD}gpio_value: 529 get 0\n`;
    assert.deepEqual(read(text).lines, [{ atMs: 12345.678, line: 534, level: 1 }]);
  });

  it("does not pass over a gap", () => {
    assert.throws(() => read("CPU:1 [LOST 12 EVENTS]\n"), /gap/);
  });
});
