import assert from "node:assert/strict";
import { DisplayModel, drawPicture, type Noise } from "./display-model.ts";

const UPRIGHT = [0x20, 0x02, 0xa1, 0xc8, 0xda, 0x12, 0x8d, 0x14, 0xaf];

function display({ commands = UPRIGHT, noise }: { commands?: number[]; noise?: Noise } = {}) {
  const model = new DisplayModel(noise);
  model.write(0x00, commands);
  return model;
}

function litPixels(model: DisplayModel): string[] {
  return model.picture().flatMap((row, y) => row.flatMap((lit, x) => (lit ? [`${x},${y}`] : [])));
}

describe("The model of the display", () => {
  it("puts a byte as 8 pixels below one another, the lowest bit on top", () => {
    const model = display();
    model.write(0x00, [0xb2, 0x05, 0x11]);
    model.write(0x40, [0b1000_0001]);
    assert.deepEqual(litPixels(model), ["21,16", "21,23"]);
  });

  it("goes one column on with each byte, and from the last to the first of the page", () => {
    const model = display();
    model.write(0x00, [0xb0, 0x0f, 0x17]);
    model.write(0x40, [1, 1]);
    assert.deepEqual(litPixels(model), ["0,0", "127,0"]);
  });

  it("takes a command and its argument from two writes", () => {
    const model = display();
    model.write(0x00, [0x81]);
    model.write(0x00, [0xaf]);
    assert.equal(model.contrast, 0xaf);
  });

  it("is turned by half without segment remap and reversed scan", () => {
    const model = display({ commands: [...UPRIGHT, 0xa0, 0xc0] });
    model.write(0x40, [1]);
    assert.deepEqual(litPixels(model), ["127,63"]);
  });

  it("is dark until it and its charge pump are on", () => {
    for (const commands of [[0xaf], [0x8d, 0x14], [0x8d, 0x14, 0xaf, 0xae]]) {
      assert.deepEqual(litPixels(display({ commands, noise: () => 0xff })), []);
    }
  });

  it("shows what its memory held when it was switched on, until that is written over", () => {
    const model = display({ noise: (index) => (index === 128 ? 1 : 0) });
    assert.deepEqual(litPixels(model), ["0,8"]);
  });

  it("shows 32 rows, inverted, and from another start line", () => {
    const model = display({ commands: [...UPRIGHT, 0xa8, 0x1f, 0xda, 0x02, 0x41, 0xa7] });
    model.write(0x40, [0b10]);
    assert.equal(model.picture().length, 32);
    assert.equal(litPixels(model).length, 32 * 128 - 1);
    assert.equal(model.picture()[0]?.[0], false);
  });

  it("complains of what it does not know", () => {
    const model = display({ commands: [...UPRIGHT, 0x20, 0x00] });
    model.write(0x40, [1]);
    model.write(0x00, [0xff]);
    model.write(0x80, [0xae]);
    assert.deepEqual(model.complaints, [
      "data outside page addressing mode",
      "command 0xff",
      "control byte 0x80",
    ]);
  });

  it("is drawn with two rows to a line", () => {
    assert.equal(
      drawPicture([
        [true, false, true],
        [false, true, true],
      ]),
      "▀▄█",
    );
  });
});
