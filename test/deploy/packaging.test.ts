import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArchitectures } from "../../deploy/packaging/architectures.ts";
import { debianChangelog } from "../../deploy/packaging/control.ts";
import { copyrightFile } from "../../deploy/packaging/copyright.ts";
import { readSystemFiles } from "../../deploy/packaging/system-files.ts";

describe("A list of architectures", () => {
  it("is read in any order, each once", () => {
    assert.deepEqual(parseArchitectures("armhf, amd64,amd64"), ["amd64", "armhf"]);
  });

  it("names what it does not know, and what it does", () => {
    assert.throws(() => parseArchitectures("arm64,riscv64"), /"riscv64".*amd64, arm64, armhf/);
    assert.throws(() => parseArchitectures(""), /name one or more/);
  });
});

describe("Debian's changelog", () => {
  it("has the newest section in its own form", () => {
    const log =
      "# Changelog\n\n## Unreleased\n\n### Added\n\n- One `x`\n  goes on.\n- Two.\n\n## 0.0.1\n\n- Old.\n";
    assert.equal(
      debianChangelog(log, "1.0.0", 86_400),
      `kms-box (1.0.0) stable; urgency=medium

  * One x goes on.
  * Two.

 -- KMS Box maintainers <kms-box@packages.invalid>  Fri, 02 Jan 1970 00:00:00 +0000
`,
    );
  });
});

describe("The files for the system", () => {
  let project: string;
  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), "kms-box-system-"));
  });
  afterEach(() => rm(project, { recursive: true }));

  async function put(path: string, text = ""): Promise<void> {
    const file = join(project, "systemd", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  it("go each to its place", async () => {
    await put("kms-box.service", "[Install]\n");
    await put("kms-box.service.d/50-x.conf");
    await put("drop-ins/journald.conf");
    await put("60-pins.rules", 'SUBSYSTEM=="gpio"');
    await put("50-stop.rules", "polkit.addRule(() => {});");
    await put("README.md");
    const { files } = await readSystemFiles(project);
    assert.deepEqual(files.map(({ to }) => to).sort(), [
      "usr/lib/systemd/journald.conf.d/50-kms-box.conf",
      "usr/lib/systemd/system/kms-box.service",
      "usr/lib/systemd/system/kms-box.service.d/50-x.conf",
      "usr/lib/udev/rules.d/60-pins.rules",
      "usr/share/polkit-1/rules.d/50-stop.rules",
    ]);
  });

  it("are enabled where they say when they start, but not the client of a box", async () => {
    await put("kms-box.service", "[Unit]\n[Service]\nStateDirectory=a b\n[Install]\n");
    await put("kms-box-off.service", "[Unit]\n");
    await put("kms-client.timer", "[Install]\n");
    await put("kms-box-stick@.service", "[Service]\nStateDirectory=c\n");
    const { units, enabled, stateFolders } = await readSystemFiles(project);
    assert.deepEqual(units, ["kms-box-off.service", "kms-box.service", "kms-client.timer"]);
    assert.deepEqual(enabled, ["kms-box.service"]);
    assert.deepEqual(stateFolders, ["a", "b", "c"]);
  });

  it("are not left out silently", async () => {
    await put("kms-box.nspawn");
    await assert.rejects(readSystemFiles(project), /systemd\/kms-box\.nspawn: say in/);
  });
});

describe("The copyright of a package", () => {
  it("names the terms that every Debian has, keeps who wrote it, and leaves other terms whole", async () => {
    const modules = await mkdtemp(join(tmpdir(), "kms-box-modules-"));
    const apache = await readFile("/usr/share/common-licenses/Apache-2.0", "utf8").catch(
      () => "Apache License\n  Version 2.0\n  1. Definitions.\n END OF TERMS AND CONDITIONS\n",
    );
    const text = await copyrightFile({
      licence: "MIT",
      modules,
      notices: [`${apache}\n   Copyright 2015 An Author`, "Permission is hereby granted"],
    });
    await rm(modules, { recursive: true });
    assert.match(text, /Its text is in \/usr\/share\/common-licenses\/Apache-2\.0/);
    assert.doesNotMatch(text, /1\. Definitions/);
    assert.match(text, /Copyright 2015 An Author/);
    assert.match(text, /Permission is hereby granted/);
  });
});
