import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import {
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { AdminClient } from "../../src/cli/box/admin-client.ts";
import { runDemo } from "../../src/cli/box/demo/run-demo.ts";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";

const QUIET = { pauseMs: 0, product: undefined, processes: false, fresh: false, quiet: true };
const PASSPHRASE = "correct horse battery staple";
type Refusal = { error: { code: string; message: string } };

describe("kms-box backup", function () {
  this.timeout(60_000);
  let folder: string;
  let passphraseFile: string;

  before(async () => {
    folder = await temporaryFolder();
    passphraseFile = join(folder, "passphrase");
    await writeFile(passphraseFile, `${PASSPHRASE}\n`, { mode: 0o600 });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const backup = (...args: string[]) => runProgram("kms-box", ["backup", ...args, "--json"]);
  const opened = (...args: string[]) => backup(...args, "--passphrase-file", passphraseFile);
  const codeOf = (answer: { json<T>(): T }) => answer.json<Refusal>().error.code;
  const messageOf = (answer: { json<T>(): T }) => answer.json<Refusal>().error.message;

  /** A state folder of a stopped box with clients. */
  async function stoppedBox(name: string, clients = 3): Promise<string> {
    const data = join(folder, name);
    const box = await BoxProcess.start({ data, demo: true });
    await runDemo(data, { ...QUIET, clients });
    assert.equal(await box.stop(), 0);
    return data;
  }

  describe("of a box that is at work", () => {
    let old: string;
    let file: string;
    let configFile: string;
    let host: string;

    before(async () => {
      old = join(folder, "old");
      file = join(folder, "kms.age");
      configFile = join(folder, "threshold.json");
      await writeFile(configFile, JSON.stringify({ policy: { activationThreshold: 1 } }));
      const args = ["--config", configFile];
      const box = await BoxProcess.start({ data: old, demo: true, args });
      ({ host } = await new AdminClient(old).status());
      const asking = runDemo(old, { ...QUIET, clients: 40 });
      const made = await opened("create", file, "--data", old);
      assert.equal(made.status, 0, made.stdout + made.stderr);
      await asking;
      const again = await opened("create", file, "--data", old, "--force");
      assert.equal(again.status, 0);
      const { events } = await new AdminClient(old).events({ name: "backup-made" });
      assert.equal(events.length, 2);
      assert.equal(await box.stop(), 0);
    });

    const kmsClient = (state: string, address: string, extra: string[] = []) =>
      runProgram("kms-client", [
        "activate",
        ...["--product", "demo-office", "--state", state, "--host", address, "--json", ...extra],
      ]);

    it("is whole, and says what is in it", async () => {
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      const answer = await opened("inspect", file);
      assert.equal(answer.status, 0);
      const told = answer.json();
      assert.deepEqual(
        [told.host, told.clients, told.generation, told.version, told.settings],
        [host, 40, 1, 1, []],
      );
      const text = await runProgram("kms-box", ["backup", "inspect", file], { input: PASSPHRASE });
      assert.match(
        text.stdout,
        /Clients +40, with 40 records\nLicence .*\n.*\n\nThe backup is whole/,
      );
    });

    it("makes a new box the same one, which its clients prefer to the old", async () => {
      const data = join(folder, "new");
      const recorded = await opened("restore", file, "--data", data);
      assert.equal(recorded.status, 0, recorded.stdout);
      assert.deepEqual([recorded.json().host, recorded.json().clients], [host, 40]);
      assert.deepEqual(await readdir(data), ["restore"]);
      assert.equal((await stat(join(data, "restore"))).mode & 0o777, 0o600);

      const args = ["--config", configFile];
      const box = await BoxProcess.start({ data, args });
      const client = new AdminClient(data);
      const status = await client.status();
      assert.deepEqual([status.host, status.clients, status.lastStart], [host, 40, "restore"]);
      const { events } = await client.events({ name: "restore-finished" });
      assert.equal(events[0]?.details.generation, recorded.json().generation);
      assert.ok(!existsSync(join(data, "restore")));
      const introduction = await fetch(`http://${box.address}/v1/host`);
      const { generation } = (await introduction.json()) as { generation: number };
      assert.equal(generation, recorded.json().generation);
      assert.ok(Math.abs(generation - Date.now() / 1000) < 60);

      const state = join(folder, "client");
      const key = ["--vendor-key", join(old, "demo-vendor", "vendor.pub.jwk")];
      const activated = await kmsClient(state, box.address, key);
      assert.equal(activated.status, 0, activated.stdout);
      await box.stop();

      const before = await BoxProcess.start({ data: old, args });
      assert.equal((await kmsClient(join(folder, "stranger"), before.address, key)).status, 0);
      const refused = await kmsClient(state, before.address);
      assert.notEqual(refused.status, 0);
      assert.match(refused.stdout, /replaced by one restored from its backup/);
      assert.notEqual((await kmsClient(join(folder, "stranger"), before.address)).status, 0);
      const { health } = await new AdminClient(old).status();
      assert.deepEqual(
        health.reasons.map(({ code }) => code),
        ["host-replaced"],
      );
      await before.stop();
      const after = await BoxProcess.start({ data: old, args });
      assert.equal((await fetch(`http://${after.address}/v1/health`)).status, 503);
      await after.stop();
    });
  });

  it("is made of a stopped box too, by its passphrase from standard input", async () => {
    const data = await stoppedBox("stopped");
    const before = await readdir(data);
    const file = join(folder, "stopped.age");
    const args = ["backup", "create", file, "--data", data];
    const made = await runProgram("kms-box", args, { input: `${PASSPHRASE}\r\n` });
    assert.match(made.stdout, /3 clients.*0 files of settings.*\n.*kms-box backup inspect/);
    assert.deepEqual(await readdir(data), before);
    assert.equal((await opened("inspect", file)).json().clients, 3);
  });

  it("takes the settings with it, and puts them back", async () => {
    const data = await stoppedBox("with-settings");
    const etc = join(folder, "etc");
    await mkdir(join(etc, "config.d"), { recursive: true });
    await mkdir(join(etc, "keys"));
    const files: [string, string, number][] = [
      ["config.json", JSON.stringify({ data }), 0o644],
      ["config.d/50-setup.json", '{"port":0}', 0o644],
      ["keys/office.key", "secret", 0o640],
    ];
    for (const [name, content, mode] of files) {
      await writeFile(join(etc, name), content);
      await chmod(join(etc, name), mode);
    }
    const config = ["--config", join(etc, "config.json")];
    const file = join(folder, "settings.age");
    const made = await opened("create", file, ...config);
    assert.deepEqual([made.json().files, made.json().leftOut], [3, []]);
    assert.deepEqual((await opened("inspect", file)).json().settings, [
      "configuration",
      "config.d/50-setup.json",
      "keys/office.key",
    ]);

    const target = join(folder, "etc-new");
    await mkdir(target);
    await writeFile(join(target, "config.json"), "{}");
    const to = ["--config", join(target, "config.json"), "--data", join(folder, "settled")];
    const differing = await opened("restore", file, ...to);
    assert.equal(codeOf(differing), "settings-refused");
    assert.match(messageOf(differing), /config\.json.*--replace.*--no-settings/s);
    assert.deepEqual(await readdir(join(folder, "settled")), []);
    const nowhere = await opened("restore", file, "--data", join(folder, "settled"));
    assert.match(messageOf(nowhere), /--config FILE.*--no-settings/);

    const done = await opened("restore", file, ...to, "--replace");
    assert.equal(done.status, 0, done.stdout);
    for (const [name, content, mode] of files) {
      assert.equal(await readFile(join(target, name), "utf8"), content);
      assert.equal((await stat(join(target, name))).mode & 0o777, mode);
    }
    const without = join(folder, "unsettled");
    const kept = await opened("restore", file, "--data", without, "--no-settings");
    assert.deepEqual(kept.json().settings, []);
  });

  it("is not restored onto a box that runs, or has clients unless it is to be replaced", async () => {
    const data = await stoppedBox("in-use");
    const file = join(folder, "in-use.age");
    await opened("create", file, "--data", data);
    const refused = await opened("restore", file, "--data", data);
    assert.equal(refused.status, 1);
    assert.equal(codeOf(refused), "box-in-use");
    assert.match(messageOf(refused), /3 clients and a licence.*--replace/);

    const box = await BoxProcess.start({ data });
    const running = await opened("restore", file, "--data", data, "--replace");
    assert.equal(codeOf(running), "box-in-use");
    assert.match(messageOf(running), /is in use by process \d+.*systemctl stop/);
    await box.stop();

    assert.equal((await opened("restore", file, "--data", data, "--replace")).status, 0);
    const due = await opened("create", join(folder, "due.age"), "--data", data);
    assert.equal(codeOf(due), "box-not-ready");
    const again = await BoxProcess.start({ data });
    assert.equal((await new AdminClient(data).status()).lastStart, "restore");
    await again.stop();
  });

  it("is restored onto a box that was started and has done nothing yet", async () => {
    const data = await stoppedBox("source");
    const file = join(folder, "source.age");
    await opened("create", file, "--data", data);
    const fresh = join(folder, "fresh");
    await (await BoxProcess.start({ data: fresh })).stop();
    assert.equal((await opened("restore", file, "--data", fresh)).status, 0);
  });

  it("changes nothing with a wrong passphrase, a cut file or another one", async () => {
    const data = await stoppedBox("source-2");
    const file = join(folder, "source-2.age");
    await opened("create", file, "--data", data);
    const target = join(folder, "target");
    const restore = (path: string, input: string) =>
      runProgram("kms-box", ["backup", "restore", path, "--data", target, "--json"], { input });
    assert.equal(codeOf(await restore(file, "wrong")), "wrong-passphrase");
    assert.equal(codeOf(await restore(passphraseFile, PASSPHRASE)), "backup-damaged");
    assert.equal(codeOf(await restore(join(folder, "none"), PASSPHRASE)), "file-not-accessible");
    const cut = join(folder, "cut.age");
    await cp(file, cut);
    await truncate(cut, (await stat(cut)).size - 1);
    assert.equal(codeOf(await restore(cut, PASSPHRASE)), "backup-damaged");
    assert.deepEqual(await readdir(target), []);
    assert.equal(codeOf(await opened("inspect", cut)), "backup-damaged");
  });

  it("says what is wrong before it writes anything", async () => {
    const data = await stoppedBox("strict");
    const file = join(folder, "strict.age");
    const create = (...args: string[]) => backup("create", file, "--data", data, ...args);
    const weak = join(folder, "weak");
    await writeFile(weak, "short\n", { mode: 0o600 });
    assert.match(messageOf(await create("--passphrase-file", weak)), /fewer than 12 characters/);
    await chmod(weak, 0o644);
    assert.match(messageOf(await create("--passphrase-file", weak)), /Others may read.*chmod 600/);
    assert.match(messageOf(await create()), /no passphrase in the first line of standard input/);
    const both = ["--passphrase-file", passphraseFile, "--recipient", "age1"];
    assert.equal((await create(...both)).status, 2);
    assert.match(messageOf(await create("--recipient", "age1")), /no public key of age/);
    assert.ok(!existsSync(file));
    await writeFile(file, "mine");
    assert.equal(codeOf(await create("--passphrase-file", passphraseFile)), "file-exists");
    assert.equal(await readFile(file, "utf8"), "mine");
    const nowhere = await opened("create", join(folder, "no", "x.age"), "--data", data);
    assert.equal(codeOf(nowhere), "file-not-accessible");
    const none = await opened("create", join(folder, "x.age"), "--data", join(folder, "nothing"));
    assert.equal(codeOf(none), "no-box");
  });
});
