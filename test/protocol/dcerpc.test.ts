import assert from "node:assert/strict";
import { bindNak, isDcerpcBind } from "../../src/protocol/dcerpc.ts";

/** A bind's common header, with the call id 0x11223344. */
const header = (drep: string, callId: string) =>
  Buffer.from(`05000b03${drep}74000000${callId}`, "hex");
const LITTLE = header("10000000", "44332211");
const BIG = header("00000000", "11223344");

describe("a DCE/RPC bind", () => {
  it("is known by its first three bytes", () => {
    assert.equal(isDcerpcBind(LITTLE), true);
    assert.equal(isDcerpcBind(LITTLE.subarray(0, 3)), true);
    assert.equal(isDcerpcBind(LITTLE.subarray(0, 2)), false);
    assert.equal(isDcerpcBind(Buffer.from("05000c", "hex")), false);
    assert.equal(isDcerpcBind(Buffer.from("05010b", "hex")), false);
  });

  it("is answered with a bind_nak in the client's byte order, with its call id", () => {
    for (const [bind, little] of [
      [LITTLE, true],
      [BIG, false],
    ] as const) {
      const nak = Buffer.from(bindNak(bind));
      const u16 = (at: number) => (little ? nak.readUInt16LE(at) : nak.readUInt16BE(at));
      const u32 = (at: number) => (little ? nak.readUInt32LE(at) : nak.readUInt32BE(at));
      assert.deepEqual([...nak.subarray(0, 4)], [5, 0, 13, 3], "version, bind_nak, whole");
      assert.deepEqual(nak.subarray(4, 8), bind.subarray(4, 8), "data representation");
      assert.equal(u16(8), nak.length, "fragment length");
      assert.equal(u16(10), 0, "no authentication");
      assert.equal(u32(12), 0x11223344, "call id");
      assert.equal(u16(16), 0, "reason not specified");
      assert.deepEqual([...nak.subarray(18, 21)], [1, 5, 0], "one version: 5.0");
    }
  });
});
