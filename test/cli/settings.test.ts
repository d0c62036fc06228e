import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AdminClient } from "../../src/cli/box/admin-client.ts";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";

type Shown = { options: { name: string; value: unknown; inUse: unknown; source: string }[] };
type Refusal = { error: { code: string; message: string; faults?: unknown } };

describe("kms-box settings", function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const args = ["--no-web", "--no-dns"];
  const start = () => BoxProcess.start({ data: folder, args });
  const settings = (...words: string[]) =>
    runProgram("kms-box", ["settings", ...words, "--data", folder, "--json"]);
  const shown = async (name: string) => {
    const { options } = (await settings("show", name)).json<Shown>();
    return [options[0]?.value, options[0]?.inUse, options[0]?.source];
  };

  it("are in use once the box starts again, until they are taken back", async () => {
    const first = await start();
    const set = await settings("set", "display.contrast=9", "dns.host=true", "display.height=32");
    assert.equal(set.status, 0, set.stdout);
    assert.deepEqual(await shown("display.contrast"), [9, 207, "settings"]);
    assert.equal(await first.stop(), 0);
    const second = await start();
    assert.deepEqual(await shown("display.contrast"), [9, 9, "settings"]);
    // A text that looks like another value stays a text.
    assert.deepEqual(await shown("dns.host"), ["true", "true", "settings"]);
    assert.equal((await settings("unset", "display.contrast")).status, 0);
    assert.deepEqual(await shown("display.contrast"), [207, 9, "default"]);
    await second.stop();
  });

  it("are refused as a whole, with every reason", async () => {
    const box = await start();
    const answer = await settings("set", "display.contrast=9", "display.pageSeconds=1", "port=2");
    assert.equal(answer.status, 2);
    const { code, message } = answer.json<Refusal>().error;
    assert.equal(code, "settings-invalid");
    assert.match(
      message,
      /port: .*\n.*display.pageSeconds must be a whole number from 2 to 3600, but is 1/,
    );
    assert.ok(!existsSync(join(folder, "settings.json")));
    for (const words of [["set", "wings"], ["show", "wings"], ["set"]]) {
      assert.equal((await settings(...words)).status, 2, words.join(" "));
    }
    await box.stop();
  });

  it("change what is logged at once", async () => {
    const box = await start();
    const client = new AdminClient(folder);
    await client.changeSettings({ "log.level": "error" });
    const before = box.program.stdout.length;
    await client.restart();
    assert.equal(await box.program.ended(), 75);
    assert.doesNotMatch(box.program.stdout.slice(before), /restart-requested/);
  });

  it("do not keep the box from starting when they are damaged, and are kept aside", async () => {
    for (const damaged of ['{"display": {"contr', '{"wings": 2}', '{"data": "/elsewhere"}']) {
      await writeFile(join(folder, "settings.json"), damaged);
      const box = await start();
      assert.ok(!existsSync(join(folder, "settings.json")));
      assert.equal(await readFile(join(folder, "settings.json.unusable"), "utf8"), damaged);
      const { events } = await new AdminClient(folder).events({ name: "settings-unusable" });
      assert.match(events[0]?.message ?? "", /is left out: settings: .*settings.json.unusable/);
      const { lines } = await new AdminClient(folder).panel();
      assert.ok(lines.length > 0);
      await box.stop();
    }
  });

  it("are gone after a factory reset, at once", async () => {
    const box = await start();
    await settings("set", "display.contrast=9");
    await runProgram("kms-box", ["reset", "--factory", "--yes", "--data", folder]);
    assert.equal(await box.program.ended(), 75);
    const next = await start();
    assert.ok(!existsSync(join(folder, "settings.json")));
    assert.deepEqual(await shown("display.contrast"), [207, 207, "default"]);
    await next.stop();
  });

  it("are in a backup, and in use as soon as the box is restored", async () => {
    const box = await start();
    await settings("set", "display.contrast=9");
    const file = join(folder, "kms.age");
    const flags = ["--json"];
    const input = "correct horse battery staple";
    const made = await runProgram(
      "kms-box",
      ["backup", "create", file, "--data", folder, ...flags],
      { input },
    );
    assert.deepEqual([made.status, made.json().files], [0, 1], made.stdout);
    await box.stop();
    const data = join(folder, "new");
    const restored = await runProgram(
      "kms-box",
      ["backup", "restore", file, "--data", data, ...flags],
      { input },
    );
    assert.equal(restored.status, 0, restored.stdout);
    const next = await BoxProcess.start({ data, args });
    const { options } = await new AdminClient(data).settings();
    const contrast = options.find(({ name }) => name === "display.contrast");
    assert.deepEqual([contrast?.value, contrast?.inUse, contrast?.source], [9, 9, "settings"]);
    await next.stop();
  });

  it("are shown to a person with what waits for a restart", async () => {
    const box = await start();
    const told = await runProgram("kms-box", [
      ...["settings", "set", "display.contrast=9", "--data", folder],
    ]);
    assert.match(told.stdout, /display.contrast +9 \(207\) +settings\nIn use after a restart/);
    await box.stop();
  });
});
