import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { backupBytes } from "../support/backup-rig.ts";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";
import { ensurePackages, runTool } from "../support/debian-packages.ts";
import { put } from "../support/flash-rig.ts";
import { privateJwkOf } from "../support/keys.ts";

const PASSPHRASE = "correct horse battery staple";

/** age asks for a passphrase on a terminal only; this types it. */
async function decryptByAge(file: string, output: string): Promise<void> {
  const script = [
    "set timeout 60",
    `spawn -noecho age --decrypt --output ${output} ${file}`,
    `expect "assphrase*:" { send "${PASSPHRASE}\\r" } timeout { exit 9 }`,
    "expect eof {} timeout { exit 9 }",
    "lassign [wait] pid spawned error status",
    "exit $status",
  ];
  await runTool("expect", ["-c", script.join("\n")], { timeout: 120_000 });
}

describe("a backup and the age tool of Debian", function () {
  this.timeout(300_000);
  let folder: string;
  before(async () => {
    await ensurePackages({ age: "age", "age-keygen": "age", expect: "expect" });
    folder = await temporaryFolder();
  });
  after(() => rm(folder, { recursive: true }));

  const backup = (...args: string[]) =>
    runProgram("kms-box", ["backup", ...args, "--json"], { input: PASSPHRASE });

  it("is opened by age with its passphrase, as text that tells all of the box", async () => {
    const data = join(folder, "data");
    const box = await BoxProcess.start({ data, demo: true });
    const file = join(folder, "kms.age");
    assert.equal((await backup("create", file, "--data", data)).status, 0);
    await box.stop();
    const plain = join(folder, "plain");
    await decryptByAge(file, plain);
    const text = await readFile(plain, "utf8");
    assert.match(text, /^[0-9a-f]{8} \{"format":"kms-box backup","version":1,/);
    const key = JSON.parse(await readFile(join(data, "host.jwk"), "utf8"));
    assert.ok(text.includes(JSON.stringify({ hostKey: key })));
    assert.match(text, /\n[0-9a-f]{8} \[\["document","licences",\["ey.*\n/);
    assert.match(text, /\n[0-9a-f]{8} \{"end":\{.*\}\}\n$/);
  });

  it("is opened by age with the identity that it is encrypted to", async () => {
    const data = join(folder, "data-2");
    const box = await BoxProcess.start({ data });
    const identity = join(folder, "identity");
    await runTool("age-keygen", ["-o", identity]);
    const recipient = (await runTool("age-keygen", ["-y", identity])).trim();
    const file = join(folder, "to-key.age");
    assert.equal(
      (await backup("create", file, "--data", data, "--recipient", recipient)).status,
      0,
    );
    await box.stop();
    assert.match(await runTool("age", ["-d", "-i", identity, file]), /kms-box backup/);
    const inspected = await backup("inspect", file, "--identity", identity);
    assert.equal(inspected.json().clients, 0);
  });

  it("can be encrypted by age, and is restored", async () => {
    const plain = join(folder, "made");
    const bytes = await backupBytes({ changes: [put(1)], size: { records: 1, clients: 1 } });
    await writeFile(plain, bytes);
    const file = join(folder, "by-age.age");
    const identity = join(folder, "identity-3");
    await runTool("age-keygen", ["-o", identity]);
    const recipient = (await runTool("age-keygen", ["-y", identity])).trim();
    await runTool("age", ["-r", recipient, "-o", file, plain]);
    const data = join(folder, "data-3");
    const restored = await backup("restore", file, "--data", data, "--identity", identity);
    assert.equal(restored.status, 0, restored.stdout);
    const box = await BoxProcess.start({ data });
    const key = JSON.parse(await readFile(join(data, "host.jwk"), "utf8"));
    assert.deepEqual(key, privateJwkOf("host"));
    await box.stop();

    const armored = join(folder, "armored.age");
    await runTool("age", ["-a", "-r", recipient, "-o", armored, plain]);
    const refused = await backup("inspect", armored);
    assert.match(refused.stdout, /text form/);
  });
});
