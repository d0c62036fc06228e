import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlashSettings, settingsFaults } from "../../../src/adapters/flash/settings-file.ts";
import { FaultyFs, SURVIVALS } from "../../support/faulty-fs.ts";

const OLD = '{"old":1}';
const NEW = { display: { contrast: 7 } };
const WRITTEN = `${JSON.stringify(NEW, null, 2)}\n`;

describe("the file of settings", () => {
  const medium = () => {
    const fs = new FaultyFs();
    fs.setContent("settings.json", OLD);
    return fs;
  };

  it("is the old or the new after a power cut at any moment, whole", async () => {
    const all = medium();
    await new FlashSettings("/state", all).write(NEW);
    const calls = all.calls;
    const seen = new Set<string>();
    for (const survival of SURVIVALS) {
      for (let call = 1; call <= calls; call++) {
        const fs = medium();
        fs.crashAt = call;
        await Promise.race([new FlashSettings("/state", fs).write(NEW), fs.crashed]);
        const content = fs.afterPowerCut(survival).contentOf("settings.json").toString();
        assert.ok(content === OLD || content === WRITTEN, `${survival} ${call}: ${content}`);
        seen.add(content);
      }
    }
    assert.equal(seen.size, 2);
    assert.equal(all.afterPowerCut("lost").contentOf("settings.json").toString(), WRITTEN);
  });

  it("stays the old one where the medium takes no more, and says so", async () => {
    const fs = medium();
    fs.space = 5;
    await assert.rejects(new FlashSettings("/state", fs).write(NEW), {
      code: "settings-not-kept",
      message: /the disk is full.*Nothing was changed/,
    });
    assert.equal(fs.contentOf("settings.json").toString(), OLD);
    assert.deepEqual(fs.names, ["settings.json"]);
  });

  it("says where it cannot be known which counts", async () => {
    const fs = medium();
    fs.fault = ({ kind }) => (kind === "syncFolder" ? "EIO" : undefined);
    await assert.rejects(new FlashSettings("/state", fs).write(NEW), {
      message: /They may count at the next start all the same/,
    });
  });

  describe("in a real folder", () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "kms-box-settings-file-"));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    it("is its owner's alone", async () => {
      await new FlashSettings(folder).write(NEW);
      assert.equal((await stat(join(folder, "settings.json"))).mode & 0o777, 0o600);
      assert.equal(await readFile(join(folder, "settings.json"), "utf8"), WRITTEN);
    });

    it("is told of on the panel once it was set aside, until others are set", async () => {
      const settings = new FlashSettings(folder);
      await writeFile(join(folder, "settings.json"), "damaged");
      assert.deepEqual(settingsFaults(folder), []);
      await settings.setAside();
      assert.deepEqual(await readdir(folder), ["settings.json.unusable"]);
      assert.deepEqual(
        settingsFaults(folder).map(({ code }) => code),
        ["settings-unusable"],
      );
      await settings.write(NEW);
      assert.deepEqual(settingsFaults(folder), []);
    });
  });
});
