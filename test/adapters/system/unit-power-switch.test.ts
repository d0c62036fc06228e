import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { NoPowerSwitch, UnitPowerSwitch } from "../../../src/adapters/system/unit-power-switch.ts";

describe("switching the machine off", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kms-box-power-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is a file that systemd takes away", async () => {
    const wish = join(folder, "power-off");
    let off = false;
    const asked = new UnitPowerSwitch(folder).off().then(() => {
      off = true;
    });
    while (!existsSync(wish)) await sleep(5);
    await sleep(100);
    assert.equal(off, false);
    await rm(wish);
    await asked;
    assert.equal(off, true);
  });

  it("is given up where nobody takes it away, and does not come true later", async () => {
    await assert.rejects(new UnitPowerSwitch(folder, 100).off(), {
      code: "power-off-failed",
      message: /start kms-box-power-off.path, or switch the machine off by "sudo poweroff"/,
    });
    assert.deepEqual(await readdir(folder), []);
  });

  it("says what to do where the file cannot be made, or there is no service manager", async () => {
    const message = /sudo poweroff/;
    const lost = new UnitPowerSwitch(join(folder, "none"));
    await assert.rejects(lost.off(), { code: "power-off-failed", message });
    await assert.rejects(new NoPowerSwitch().off(), { code: "power-off-failed", message });
  });
});
