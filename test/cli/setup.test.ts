import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { checkTsigKeyFile } from "../../src/adapters/dns/tsig-key-file.ts";
import { readSetupFaults } from "../../src/adapters/setup/setup-fault-file.ts";
import { runSetup, SetupFailedError } from "../../src/compose-setup.ts";
import { loadConfig } from "../../src/config/load.ts";
import { SetupInvalidError } from "../../src/config/setup/read-setup.ts";
import { runProgram } from "../support/box-process.ts";
import { licenceOf, testHost } from "../support/host.ts";
import { privateJwkOf, signerOf } from "../support/keys.ts";
import {
  KEY_PATH,
  OTHER_SECRET,
  SECRET,
  SetupTree,
  sshKey,
  wholeSetup,
} from "../support/setup-tree.ts";

describe("setting up a box from its boot partition", () => {
  let tree: SetupTree;
  beforeEach(() => {
    tree = new SetupTree();
  });
  afterEach(() => tree.remove());

  const run = () => runSetup({ root: tree.root });
  const temporaryOf = (path: string) =>
    join(tree.root, dirname(path), `.${basename(path)}.kms-box-setup.tmp`);
  /** What was refused, while nothing but the errors and the fault has changed. */
  async function refused(): Promise<readonly string[]> {
    const before = tree.snapshot();
    let faults: readonly string[] = [];
    await assert.rejects(run(), (error: unknown) => {
      assert.ok(error instanceof SetupInvalidError || error instanceof SetupFailedError);
      faults = error instanceof SetupInvalidError ? error.faults : [error.message];
      return true;
    });
    const {
      "boot/firmware/kms-box-errors.txt": _errors,
      "run/kms-box-setup/fault": _fault,
      ...after
    } = tree.snapshot();
    delete before["boot/firmware/kms-box-errors.txt"];
    delete before["run/kms-box-setup/fault"];
    assert.deepEqual(after, before);
    return faults;
  }

  it("does nothing quietly where there is no file, or no boot partition", async () => {
    const before = tree.snapshot();
    assert.equal((await run()).state, "absent");
    assert.deepEqual(tree.snapshot(), before);
    rmSync(join(tree.root, "boot"), { recursive: true });
    assert.equal((await run()).state, "absent");
  });

  it("writes everything that the file says, and takes the secret out of it", async () => {
    tree.putSetup(wholeSetup());
    const result = await run();
    assert.deepEqual([result.state, result.taken, result.untold], ["applied", true, []]);
    assert.equal(tree.read("/etc/hostname"), "kms\n");
    assert.match(tree.read("/etc/hosts") ?? "", /localhost\n127\.0\.1\.1\tkms\n/);
    assert.equal(tree.read("/etc/kms-box/ssh/alice"), `${sshKey()}\n`);
    assert.equal(await checkTsigKeyFile(join(tree.root, KEY_PATH)), "kms-updater");
    for (const path of result.changed) assert.ok(existsSync(join(tree.root, path)), path);
    assert.ok(
      result.changed.includes("/etc/NetworkManager/system-connections/kms-box.nmconnection"),
    );
    const secretive = Object.entries(tree.snapshot()).filter(([, text]) => text.includes(SECRET));
    assert.deepEqual(
      secretive.map(([path]) => `/${path}`),
      [KEY_PATH],
    );
    assert.equal(tree.readSetup().hostName, "kms");
    assert.ok(!Object.keys(tree.snapshot()).some((path) => path.endsWith(".tmp")));
  });

  it("gives the files to those who are to read them", async () => {
    tree.putSetup(wholeSetup());
    await run();
    const modeOf = (path: string) => (statSync(join(tree.root, path)).mode & 0o777).toString(8);
    assert.equal(modeOf(KEY_PATH), "640");
    assert.equal(modeOf("/etc/kms-box/keys"), "750");
    assert.equal(modeOf("/etc/NetworkManager/system-connections/kms-box.nmconnection"), "600");
    assert.equal(modeOf("/etc/kms-box/config.d/50-setup.json"), "644");
    assert.equal(modeOf("/etc/kms-box/ssh/alice"), "644");
    if (process.getuid?.() === 0) assert.equal(statSync(join(tree.root, KEY_PATH)).gid, 991);
  });

  it("is what the box then reads as its configuration", async () => {
    tree.putSetup(wholeSetup());
    await run();
    const config = loadConfig({ config: join(tree.root, "/etc/kms-box/config.json") }, {});
    assert.equal(config.data, "/var/lib/kms-box");
    assert.equal(config.display.controller, "sh1106");
    assert.equal(config.dns.domains[0]?.tsigKeyFile, KEY_PATH);
  });

  it("is done once for a file, and again when that changes", async () => {
    tree.putSetup(wholeSetup());
    await run();
    const before = tree.snapshot();
    assert.equal((await run()).state, "unchanged");
    assert.deepEqual(tree.snapshot(), before);

    tree.putSetup({ ...tree.readSetup(), hostName: "kms-2" });
    const { state, changed, taken } = await run();
    assert.deepEqual([state, taken], ["applied", false]);
    assert.deepEqual(changed, ["/etc/hosts", "/etc/hostname"]);
    assert.match(tree.read(KEY_PATH) ?? "", new RegExp(SECRET.slice(0, 8)));
  });

  it("takes a new secret for the former one", async () => {
    tree.putSetup(wholeSetup());
    await run();
    tree.putSetup(JSON.stringify(wholeSetup()).replace(SECRET, OTHER_SECRET));
    await run();
    const key = tree.read(KEY_PATH) ?? "";
    assert.ok(key.includes(OTHER_SECRET) && !key.includes(SECRET));
    assert.ok(!JSON.stringify(tree.readSetup()).includes('secret":'));
  });

  it("undoes what is null in the file", async () => {
    tree.putSetup(wholeSetup());
    await run();
    tree.putSetup({ network: null, ntpServers: null, dnsDomains: null, administrator: null });
    const { removed } = await run();
    for (const path of removed) assert.equal(tree.read(path), undefined);
    assert.equal(removed.length, 5);
    assert.equal(tree.read(KEY_PATH), undefined);
    assert.deepEqual(tree.settings, { display: { controller: "sh1106" }, dns: {} });
  });

  it("finds the partition where older systems mount it", async () => {
    tree.put("/boot/kms-box.json", '{"hostName": "kms"}');
    assert.equal((await run()).file, join(tree.root, "boot/kms-box.json"));
  });

  describe("from a file that is wrong", () => {
    it("changes nothing, says why beside it, and shows it on the panel", async () => {
      tree.putSetup({ ...wholeSetup(), hostName: "k m s", prot: 1 });
      const faults = await refused();
      assert.equal(faults.length, 2);
      const text = tree.errors ?? "";
      assert.match(text, /^KMS Box could not use kms-box\.json\. Nothing was changed\.\r\n/);
      assert.match(text, /\r\n1\. unknown option prot\r\n2\. hostName: "k m s" is no name/);
      assert.ok(!/[^\r]\n/.test(text));
      for (const line of text.split("\r\n")) assert.ok(line.length <= 76, line);
      assert.deepEqual(readSetupFaults(join(tree.root, "/run/kms-box-setup/fault")), [
        {
          level: "attention",
          code: "setup-failed",
          title: "SETUP FILE",
          nextStep: "read kms-box-errors.txt on the SD card",
        },
      ]);
    });

    it("is silent again once it is right, or gone", async () => {
      for (const then of [() => tree.putSetup({}), () => rmSync(join(tree.boot, "kms-box.json"))]) {
        tree.putSetup("{");
        await refused();
        assert.ok(tree.errors && tree.fault);
        then();
        await run();
        assert.deepEqual([tree.errors, tree.fault], [undefined, undefined]);
        assert.deepEqual(readSetupFaults(join(tree.root, "/run/kms-box-setup/fault")), []);
      }
    });

    it("says that it is named as Windows likes it", async () => {
      tree.put("/boot/firmware/kms-box.json.txt", "{}");
      assert.match((await refused())[0] ?? "", /named "kms-box\.json\.txt": rename it/);
    });

    it("reads no more of it than it may hold", async () => {
      tree.putSetup(`{"_comment": "${"x".repeat(300_000)}"}`);
      assert.match((await refused())[0] ?? "", /larger than 262144 bytes/);
    });

    it("refuses what does not fit the rest of the configuration, and only that", async () => {
      tree.put(
        "/etc/kms-box/config.json",
        '{"data": "x", "prot": 1, "policy": {"renewalIntervalMinutes": 100}}',
      );
      tree.putSetup({ settings: { policy: { retryIntervalMinutes: 43_200 } } });
      const faults = await refused();
      assert.equal(faults.length, 1, faults.join("\n"));
      assert.match(faults[0] ?? "", /policy/);
    });

    it("refuses keys for an account that there is not", async () => {
      tree.putSetup({ administrator: { user: "bob", sshKeys: [sshKey()] } });
      assert.match((await refused())[0] ?? "", /no account bob here/);
    });

    it("misses the secret that another box has taken", async () => {
      tree.putSetup(JSON.stringify(wholeSetup()).replace(`,"secret":"${SECRET}"`, ""));
      assert.match((await refused())[0] ?? "", /tsigKey\.secret: it is missing/);
    });
  });

  describe("with a licence", () => {
    const host = testHost({ licensed: false });
    const token = async () => licenceOf(signerOf("vendor"), await host);

    it("keeps it for the box, beside the file or in it", async () => {
      tree.put("/boot/firmware/licence.jwt", `\ufeff${await token()}\r\n`);
      for (const licence of [{ file: "licence.jwt" }, { token: await token(), addVendor: true }]) {
        tree.putSetup({ licence });
        await run();
        assert.equal(tree.read("/etc/kms-box/licence.jwt"), `${await token()}\n`);
        const { addVendor = false } = licence as { addVendor?: boolean };
        assert.deepEqual(tree.settings, {
          licence: { file: "/etc/kms-box/licence.jwt", addVendor },
        });
      }
    });

    it("is done again when only the licence's file has changed", async () => {
      tree.put("/boot/firmware/licence.jwt", await token());
      tree.putSetup({ licence: { file: "licence.jwt" } });
      await run();
      assert.equal((await run()).state, "unchanged");
      const newer = await licenceOf(signerOf("vendor"), await host, {
        jti: "another-licence-of-it-",
      });
      tree.put("/boot/firmware/licence.jwt", newer);
      assert.deepEqual((await run()).changed, ["/etc/kms-box/licence.jwt"]);
    });

    it("refuses one that is not there, or damaged, among all else", async () => {
      tree.putSetup({ hostName: "a b", licence: { file: "licence.jwt" } });
      assert.match((await refused())[1] ?? "", /^licence\.file: there is no file licence\.jwt/);
      tree.put("/boot/firmware/licence.jwt", `${(await token()).slice(0, -4)}AAAA`);
      assert.match((await refused())[1] ?? "", /^licence\.file: the licence is damaged: the sig/);
    });

    it("refuses one for another box, once this one has its key", async () => {
      tree.putSetup({ licence: { token: await token() } });
      tree.put("/var/lib/kms-box/host.jwk", JSON.stringify(privateJwkOf("another host")));
      assert.match((await refused())[0] ?? "", /for another host .*this one is/);
      tree.put("/var/lib/kms-box/host.jwk", JSON.stringify(privateJwkOf("host")));
      assert.equal((await run()).state, "applied");
    });
  });

  it("completes what a power cut left half done, at whatever file it came", async () => {
    tree.putSetup(wholeSetup());
    const fresh = tree.snapshot();
    await run();
    const done = tree.snapshot();
    const changed = Object.keys(done).filter((path) => done[path] !== fresh[path]);
    assert.ok(changed.length > 8);
    const inOrder = changed.filter((path) => !path.startsWith("boot") && !path.startsWith("var"));
    for (let cut = 0; cut <= inOrder.length; cut += 1) {
      for (const path of changed) {
        const before = fresh[path];
        if (before === undefined) rmSync(join(tree.root, path), { force: true });
        else tree.put(path, Buffer.from(before, "latin1"));
      }
      for (const path of inOrder.slice(0, cut)) {
        tree.put(path, Buffer.from(done[path] ?? "", "latin1"));
        writeFileSync(temporaryOf(path), "half of it");
      }
      writeFileSync(join(tree.boot, "kms-box.json.tmp"), "half of it");
      assert.equal((await run()).state, "applied");
      assert.deepEqual(tree.snapshot(), done, `cut after ${cut}`);
    }
  });

  it("is done again after a cut between taking the secret and the end", async () => {
    tree.putSetup(wholeSetup());
    await run();
    const done = tree.snapshot();
    rmSync(join(tree.root, "/var/lib/kms-box-setup/applied"));
    assert.deepEqual(await run().then(({ state, changed }) => [state, changed]), ["applied", []]);
    assert.deepEqual(tree.snapshot(), done);
  });

  it("changes nothing where a file cannot be written, and says which", async () => {
    // A folder in the place of a file stops root as well.
    tree.put("/etc/kms-box/ssh", "not a folder");
    tree.putSetup(wholeSetup());
    assert.match((await refused())[0] ?? "", /cannot be read or written: .*EEXIST|ENOTDIR/);
    assert.match(tree.errors ?? "", /the file is not at fault/);
  });

  it("changes nothing where the secret cannot be taken out, and leaves that to the panel", async () => {
    tree.putSetup(wholeSetup());
    // Folders in the place of what is written first, as on a partition that takes no more files.
    for (const name of ["kms-box.json", "kms-box-errors.txt"]) {
      tree.put(`/boot/firmware/${name}.tmp/x`, "");
    }
    assert.match((await refused())[0] ?? "", /kms-box\.json\.tmp cannot be read or written/);
    assert.deepEqual([tree.errors, tree.fault], [undefined, "run kms-box setup\n"]);
  });

  describe("by its command", () => {
    const setup = (...args: string[]) => runProgram("kms-box", ["setup", ...args]);

    it("tells what it did, for people and as JSON", async () => {
      tree.putSetup(wholeSetup());
      const told = await setup("--root", tree.root);
      assert.equal(told.status, 0, told.stderr);
      assert.match(told.stdout, /^Applied .*kms-box\.json\.\n {2}wrote {4}\/etc\/hosts\n/);
      assert.match(told.stdout, /Its secrets were taken/);
      assert.ok(!told.stdout.includes(SECRET));
      const again = await setup("--root", tree.root, "--boot", tree.boot, "--json");
      assert.deepEqual(JSON.parse(again.stdout), {
        state: "unchanged",
        file: join(tree.boot, "kms-box.json"),
        changed: [],
        removed: [],
        taken: false,
        untold: [],
      });
    });

    it("ends with 2 for a file that is wrong, and with 1 for a system that cannot be set up", async () => {
      tree.putSetup({ hostName: "a b" });
      const wrong = await setup("--root", tree.root);
      assert.deepEqual([wrong.status, wrong.stdout], [2, ""]);
      assert.match(wrong.stderr, /^Error: kms-box\.json cannot be used:\n {2}- hostName: /);
      tree.put("/etc/kms-box/ssh", "not a folder");
      tree.putSetup(wholeSetup());
      const failed = await setup("--root", tree.root, "--json");
      assert.equal(failed.status, 1);
      assert.equal(JSON.parse(failed.stdout).error.code, "setup-failed");
    });

    it("checks a file on any machine, and changes nothing", async () => {
      tree.putSetup(wholeSetup());
      const before = tree.snapshot();
      const file = join(tree.boot, "kms-box.json");
      const right = await setup("--check", file);
      assert.equal(right.status, 0, right.stderr);
      assert.match(right.stdout, /^kms-box\.json is right/);
      assert.deepEqual(JSON.parse((await setup("--check", file, "--json")).stdout), {
        state: "valid",
        file,
      });
      assert.deepEqual(tree.snapshot(), before);
      tree.putSetup("{'a'}");
      const wrong = await setup("--check", file);
      assert.equal(wrong.status, 2);
      assert.match(wrong.stderr, /line 1, column 2: the name of a member/);
      assert.equal((await setup("--check", join(tree.root, "none"))).status, 1);
    });

    it("tells how it is called", async () => {
      const { stdout } = await setup("--help");
      for (const part of ["--check", "--boot", "--root", "--json", "Exit status", "Examples"]) {
        assert.ok(stdout.includes(part), part);
      }
    });
  });

  it("keeps a mark that tells nothing of the secret", async () => {
    tree.putSetup(wholeSetup());
    await run();
    const final = tree.read("/boot/firmware/kms-box.json") ?? "";
    const digest = createHash("sha256").update(final).update("\0").digest("hex");
    assert.equal(tree.read("/var/lib/kms-box-setup/applied"), `${digest}\n`);
  });
});
