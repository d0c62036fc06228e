import assert from "node:assert/strict";
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePackages, runTool } from "../support/debian-packages.ts";

const UNITS = fileURLToPath(new URL("../../systemd/", import.meta.url));
const UNIT = /\.(?:service|path|socket|timer)$/;
/** Of what a service of this project may be exposed to, from 0 to 10. */
const MOST_EXPOSED: Readonly<Record<string, number>> = {
  "kms-box.service": 1.6,
  "kms-client.service": 1.8,
  // It writes the machine's settings as root.
  "kms-box-setup.service": 2.5,
  "kms-box-usb-backup@.service": 2,
  // It finishes an installation that was cut short: whatever a package's scripts may do, it must be able to.
  "kms-box-upgrade-check.service": 9.6,
  // As root, but it only reads and approves.
  "kms-box-page-upgrade.service": 2,
  // As above, for a package that was approved.
  "kms-box-page-install.service": 9.6,
  "kms-box-journal.service": 1,
  "kms-box-power-off.service": 1,
  "kms-box-boot-picture.service": 1,
  "kms-box-shutdown-picture.service": 1,
};
/** Debian 13 has 257; what an older one does not know yet it passes over. */
const NEW_IN_254 = /Unknown key(?: name)? '(?:RestartSteps|RestartMaxDelaySec)'/;

describe("the units", function () {
  this.timeout(60_000);
  let folder: string;
  let version: number;

  before(async () => {
    await ensurePackages({ "systemd-analyze": "systemd" });
    const told = await runTool("systemd-analyze", ["--version"]);
    version = Number(/^systemd (\d+)/.exec(told)?.[1]);
    folder = await mkdtemp(join(tmpdir(), "kms-box-units-"));
    for (const name of (await readdir(UNITS)).filter((file) => UNIT.test(file))) {
      await copyFile(join(UNITS, name), join(folder, name));
    }
  });
  after(() => rm(folder, { recursive: true }));

  async function files(ending: string): Promise<string[]> {
    const names = (await readdir(folder)).filter((name) => name.endsWith(ending));
    return names.map((name) => join(folder, name));
  }

  /** What systemd finds wrong with units. */
  async function complaints(paths: readonly string[]): Promise<string[]> {
    const output = await runTool("sh", [
      "-c",
      'systemd-analyze verify --man=no --recursive-errors=no "$@" 2>&1 || true',
      "sh",
      ...paths,
    ]);
    return output.split("\n").filter((line) => line !== "");
  }

  it("are taken by systemd without a complaint", async () => {
    const all = [
      ...(await files(".service")),
      ...(await files(".path")),
      ...(await files(".socket")),
      ...(await files(".timer")),
    ];
    assert.ok(all.length >= 7, all.join(" "));
    for (const path of all) {
      // What they start is not installed here.
      const text = await readFile(path, "utf8");
      const programs = /\/usr\/(?:bin\/kms-(?:box|client)|lib\/kms-box\/[a-z-]+)\b/g;
      await writeFile(path, text.replaceAll(programs, "/usr/bin/true"));
    }
    const found = (await complaints(all)).filter(
      (line) => version >= 254 || !NEW_IN_254.test(line),
    );
    assert.deepEqual(found, []);
  });

  it("would be complained about if they were wrong", async () => {
    const path = join(folder, "wrong.service");
    await writeFile(path, "[Service]\nExecStart=/usr/bin/true\nProtectSystems=strict\n");
    assert.match((await complaints([path])).join("\n"), /Unknown key.*ProtectSystems/);
    await rm(path);
  });

  for (const [name, most] of Object.entries(MOST_EXPOSED)) {
    it(`${name} is exposed by ${most} at most`, async () => {
      const args = ["security", "--offline=true", "--no-pager", join(folder, name)];
      const report = await runTool("systemd-analyze", args);
      const level = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(report)?.[1]);
      console.log(`      ${basename(name)}: ${level} (systemd ${version})`);
      assert.ok(level > 0 && level <= most, report);
    });
  }

  it("are all held to a limit", async () => {
    const services = (await files(".service")).map((path) => basename(path));
    assert.deepEqual(services.sort(), Object.keys(MOST_EXPOSED).sort());
  });
});
