import assert from "node:assert/strict";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkTsigKeyFile, parseTsigKey } from "../../src/adapters/dns/tsig-key-file.ts";
import { BoxProcess, runProgram, temporaryFolder } from "../support/box-process.ts";

const SECRET = Buffer.alloc(32, 7).toString("base64");
const OTHER = Buffer.alloc(32, 8).toString("base64");
const keyFile = (secret = SECRET, algorithm = "hmac-sha256") =>
  `// made by tsig-keygen\nkey "kms" {\n\talgorithm ${algorithm};\n\tsecret "${secret}";\n};\n`;
type Refusal = { error: { code: string; message: string } };

describe("kms-box dns key", function () {
  this.timeout(60_000);
  let folder: string;
  let box: BoxProcess;
  const args = ["--no-web", "--no-panel"];
  const ask = (words: string[], input?: string) =>
    runProgram(
      "kms-box",
      ["dns", "key", ...words, "--data", folder, "--json"],
      input === undefined ? {} : { input },
    );
  const path = () => join(folder, "dns-key.office.example.key");

  before(async () => {
    folder = await temporaryFolder();
    const config = join(folder, "config.json");
    const domains = [
      { domain: "office.example", server: "127.0.0.1:9" },
      { domain: "ad.example", server: "127.0.0.1:9", keytab: "/etc/kms-box/ad.keytab" },
    ];
    await writeFile(config, JSON.stringify({ dns: { mdns: false, domains } }));
    box = await BoxProcess.start({ data: folder, args: [...args, "--config", config] });
  });
  after(async () => {
    await box.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("keeps a key for the box alone, which the next start signs with", async () => {
    const answer = await ask(["set", "Office.Example."], keyFile());
    assert.deepEqual(
      [answer.status, answer.json()],
      [0, { domain: "office.example", restartNeeded: true }],
    );
    assert.equal((await stat(path())).mode & 0o777, 0o600);
    assert.equal(await checkTsigKeyFile(path()), "kms");
    assert.equal(parseTsigKey(await readFile(path(), "utf8"))?.secret, SECRET);
    const shown = await runProgram("kms-box", ["settings", "show", "--data", folder, "--json"]);
    assert.ok(shown.stdout.includes(path()));
    for (const told of [shown.stdout, answer.stdout, box.program.stdout]) {
      assert.ok(!told.includes(SECRET));
    }
  });

  it("takes another in its place, from a file", async () => {
    const file = join(folder, "new.key");
    await writeFile(file, keyFile(OTHER, "HMAC-SHA512"));
    assert.equal((await ask(["set", "office.example", file])).status, 0);
    assert.deepEqual(parseTsigKey(await readFile(path(), "utf8")), {
      name: "kms",
      algorithm: "hmac-sha512",
      secret: OTHER,
    });
  });

  it("refuses what it cannot sign with", async () => {
    for (const text of ["", "key", keyFile(SECRET, "hmac-md5")]) {
      assert.equal((await ask(["set", "office.example"], text)).status, 2, text);
    }
    const short = await ask(["set", "office.example"], keyFile("c2hvcnQ="));
    assert.equal(short.status, 1);
    for (const domain of ["other.example", "ad.example", "../../etc/passwd"]) {
      const answer = await ask(["set", domain], keyFile());
      assert.deepEqual(
        [answer.status, answer.json<Refusal>().error.code],
        [1, "dns-key-refused"],
        domain,
      );
    }
  });

  it("is forgotten when that is asked for, and only once", async () => {
    await ask(["set", "office.example"], keyFile());
    const gone = await ask(["remove", "office.example"]);
    assert.deepEqual([gone.status, gone.json().restartNeeded], [0, false]);
    await assert.rejects(stat(path()), { code: "ENOENT" });
    const again = await ask(["remove", "office.example"]);
    assert.equal(again.json<Refusal>().error.code, "dns-key-refused");
  });
});
