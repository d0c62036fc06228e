import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRaspberryPi } from "../../../src/adapters/panel/board.ts";

describe("whether the machine is a Raspberry Pi", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-board-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const asked = () => isRaspberryPi(join(folder, "model"), join(folder, "gpio"));

  it("is told by its model", async () => {
    await writeFile(join(folder, "model"), "Raspberry Pi Zero 2 W Rev 1.0\0");
    assert.equal(await asked(), true);
  });

  it("is told by the chip of its header as well", async () => {
    const chip = join(folder, "gpio", "gpiochip512");
    await mkdir(chip, { recursive: true });
    await writeFile(join(chip, "label"), "pinctrl-bcm2835\n");
    await writeFile(join(chip, "base"), "512\n");
    await writeFile(join(chip, "ngpio"), "54\n");
    assert.equal(await asked(), true);
  });

  it("is not so for a PC, nor for another board", async () => {
    assert.equal(await asked(), false);
    await writeFile(join(folder, "model"), "Some Other Board\0");
    assert.equal(await asked(), false);
  });
});
