import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BootedDebian } from "./booted.ts";
import { DebianTree } from "./chroot.ts";
import { buildPackages } from "./packages.ts";

/** Versions that the suite builds, by what is wrong with them. */
const VERSIONS = { "0.1.0": [], "0.1.1": [], "0.1.2": ["hang"], "0.1.3": ["migrate"] } as const;
type Version = keyof typeof VERSIONS;

const INSTALL = "DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends";
/** Nothing of an upgrade is left to be done. */
const JUDGED = `test ! -e /var/lib/kms-box-upgrade/pending
  test "$(systemctl is-active kms-box-upgrade-check.service)" != activating`;
const READY_MS = 30_000;
const CUTS = 10;
/** Four packages and a Debian, on a machine with other work. */
const SETUP_MS = 1_200_000;

describe("An upgrade", () => {
  let folder: string;
  let tree: DebianTree;
  let box: BootedDebian;
  /** Measured by the first one. */
  let upgradeMs = 8000;

  before(async function () {
    this.timeout(SETUP_MS);
    folder = await mkdtemp(join(tmpdir(), "kms-box-upgrade-"));
    tree = await DebianTree.create("amd64");
    for (const [version, faults] of Object.entries(VERSIONS)) {
      const fault = faults.flatMap((kind) => ["--fault", kind]);
      const args = ["--arch", "amd64", "--version", version, ...fault];
      const [built] = await buildPackages(folder, { args });
      await copyFile(built?.file ?? "", join(tree.root, "root", `${version}.deb`));
    }
    box = await BootedDebian.boot(tree);
    await install("0.1.0");
  });
  after(async () => {
    await box?.cut();
    await tree?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const install = (version: Version) =>
    box.sh(`${INSTALL} --allow-downgrades install /root/${version}.deb < /dev/null 2>&1`);

  interface Status {
    readonly version: string;
    readonly host: string;
    readonly failedUpgrade: { readonly outcome: string; readonly reason: string } | null;
  }

  async function status(): Promise<Status> {
    return JSON.parse(await box.until("kms-box status --json", READY_MS)) as Status;
  }

  const events = async () => await box.sh("kms-box events --json");
  const outcome = async () => (await box.sh("cat /var/lib/kms-box-upgrade/outcome.json")).trim();

  it("puts the new version in use and keeps the former, with the same key and state", async () => {
    const former = await status();
    const began = performance.now();
    await install("0.1.1");
    upgradeMs = performance.now() - began;
    const newer = await status();
    assert.deepEqual([former.version, newer.version], ["0.1.0", "0.1.1"]);
    assert.equal(newer.host, former.host);
    assert.match(await outcome(), /"outcome":"upgraded","from":"0\.1\.0","to":"0\.1\.1"/);
    assert.match(await events(), /"version-changed"/);
    await box.sh("test -x /usr/lib/kms-box/kept/0.1.0/dist/cli/kms-box.js");
  });

  it("goes back by installing the former version again", async () => {
    await install("0.1.0");
    assert.equal((await status()).version, "0.1.0");
    await assert.rejects(box.sh("test -e /usr/lib/kms-box/0.1.1"));
  });

  it("is taken back where the new version never gets ready, and the box tells of it", async () => {
    const { host } = await status();
    const said = await install("0.1.2");
    assert.match(said, /did not serve: the former one is in use again/);
    const now = await status();
    assert.deepEqual([now.version, now.host], ["0.1.0", host]);
    assert.equal(now.failedUpgrade?.outcome, "rolled-back");
    assert.match(
      await box.sh("kms-box status"),
      /rolled back from 0\.1\.2 to 0\.1\.0, because it did/,
    );
    assert.match(await events(), /"upgrade-rolled-back"/);
    await box.sh("systemctl is-active kms-box.service");
  });

  it("brings back the state that a bad version had made unreadable for the former", async () => {
    const { host } = await status();
    await install("0.1.3");
    const now = await status();
    assert.deepEqual([now.version, now.host], ["0.1.0", host]);
    assert.match(String(now.failedUpgrade?.reason), /broken on purpose, after a migration/);
    assert.doesNotMatch(await box.sh("head -n1 /var/lib/kms-box/*.jsonl"), /"schema":99/);
  });

  it("succeeds after a failed one, and nothing is told of that any longer", async () => {
    await install("0.1.1");
    const now = await status();
    assert.deepEqual([now.version, now.failedUpgrade], ["0.1.1", null]);
  });

  it(`ends in one of the two versions, cut at ${CUTS} moments, and repairs itself`, async function () {
    this.timeout(SETUP_MS);
    const { host } = await status();
    const seen = new Set<string>();
    for (let cut = 0; cut < CUTS; cut += 1) {
      const to: Version = (await status()).version === "0.1.1" ? "0.1.0" : "0.1.1";
      const installing = install(to).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, ((cut + 0.5) / CUTS) * upgradeMs));
      await box.cut();
      await installing;
      box = await BootedDebian.boot(tree);
      await status();
      await box.until(JUDGED, 3 * READY_MS);
      const now = await status();
      assert.ok(now.version === "0.1.0" || now.version === "0.1.1", now.version);
      assert.equal(now.host, host);
      seen.add(to === now.version ? "new" : "former");
      // Apt refuses where dpkg was cut while it unpacked.
      await box.sh(`dpkg --install /root/${to}.deb 2>&1`);
      assert.equal((await status()).version, to);
    }
    assert.deepEqual([...seen].sort(), ["former", "new"]);
  });
});
