import assert from "node:assert/strict";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PASSWORD } from "../browser/claim.ts";
import { BootedDebian } from "./booted.ts";
import { DebianTree } from "./chroot.ts";
import { buildPackages } from "./packages.ts";
import { SystemPage } from "./system-page.ts";

/** Versions that the suite builds, by what is wrong with them. */
const VERSIONS = { "0.1.0": [], "0.1.1": [], "0.1.2": ["migrate"] } as const;
const READY_MS = 30_000;
const SETUP_MS = 1_200_000;
const CUTS = 6;
/** Nothing of an upgrade is left to be done. */
const JUDGED = `test ! -e /var/lib/kms-box-upgrade/pending
  test ! -e /var/lib/kms-box-upgrade/page
  test "$(systemctl is-active kms-box-upgrade-check.service)" != activating`;
const named = (version: string) => `/root/kms-box_${version}_amd64.deb`;

describe("An upgrade that the administrator sends", () => {
  let folder: string;
  let tree: DebianTree;
  let box: BootedDebian;
  let system: SystemPage | undefined;
  /** Measured by the one that goes back. */
  let upgradeMs = 8000;

  before(async function () {
    this.timeout(SETUP_MS);
    folder = await mkdtemp(join(tmpdir(), "kms-box-page-upgrade-"));
    tree = await DebianTree.create("amd64");
    for (const [version, faults] of Object.entries(VERSIONS)) {
      const fault = faults.flatMap((kind) => ["--fault", kind]);
      const args = ["--arch", "amd64", "--version", version, ...fault];
      const [built] = await buildPackages(folder, { args });
      await copyFile(built?.file ?? "", join(tree.root, named(version)));
    }
    box = await BootedDebian.boot(tree);
    await box.sh(`DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
      install ${named("0.1.0")} < /dev/null 2>&1`);
    for (const who of ["mine", "other"]) {
      await box.sh(`kms-vendor init --dir /root/${who}`);
      for (const version of Object.keys(VERSIONS)) await box.sh(sign(version, who));
    }
    await box.sh(`echo "${PASSWORD}" | kms-box admin password`);
  });
  after(async () => {
    await system?.close();
    await box?.cut();
    await tree?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const sign = (version: string, who: string) =>
    `kms-vendor package sign ${named(version)} --key /root/${who}/vendor.jwk --out /root/${who}/${version}.jws`;
  const send = (version: string, who: string, more = "") =>
    box.sh(
      `kms-box upgrade install ${named(version)} --signature /root/${who}/${version}.jws ${more} 2>&1`,
    );
  const version = async () =>
    (JSON.parse(await box.until("kms-box status --json", READY_MS)) as { version: string }).version;
  /** What root's side says of a request that the service is made to write. */
  const forged = (signature: string, direction = "newer") =>
    box.sh(`id=00112233445566778899aabbccddeeff
      install -m 600 -o kms-box -g kms-box ${named("0.1.1")} /var/lib/kms-box/upload.$id.tmp
      { echo $id; echo ${direction}; cat ${signature}; } > /run/wish
      chown kms-box: /run/wish
      mv /run/wish /run/kms-box/upgrade
      until grep -q '"state":"\\(refused\\|failed\\|installed\\)"' /run/kms-box-upgrade/page.json; do sleep 0.2; done
      cat /run/kms-box-upgrade/page.json
      rm -f /run/kms-box-upgrade/page.json /var/lib/kms-box/upload.$id.tmp`);

  /** As this machine sees it. */
  const outside = (path: string) => join(tree.root, path);
  const signed = (version: string, who = "mine") => ({
    file: outside(named(version)),
    signature: outside(`/root/${who}/${version}.jws`),
  });
  const onPage = () => system ?? assert.fail("The page is not open.");
  const outcome = () => box.sh("cat /var/lib/kms-box-upgrade/outcome.json");
  const hostKey = async () =>
    (JSON.parse(await box.until("kms-box status --json", READY_MS)) as { host: string }).host;

  it("is refused until root has put a key there", async () => {
    system = await SystemPage.open(box, folder);
    await system.says(/put your vendor's public key at \/etc\/kms-box\/upgrade\.pub\.jwk/);
    assert.equal(await system.page.getByRole("button", { name: "Upgrade" }).count(), 0);
    await assert.rejects(send("0.1.1", "mine"), /upgrade\.pub\.jwk/);
    assert.equal(await version(), "0.1.0");
    await box.sh("install -m 644 /root/mine/vendor.pub.jwk /etc/kms-box/upgrade.pub.jwk");
  });

  it("is refused by the box where another key signed it, or where it is no newer", async () => {
    await assert.rejects(send("0.1.1", "other"), /is trusted/);
    await assert.rejects(send("0.1.0", "mine"), /older: true/);
    assert.equal(await version(), "0.1.0");
  });

  it("is refused on the page where it is not signed, forged, another vendor's or no newer", async () => {
    const forgedSignature = join(folder, "forged.jws");
    const [head = "", claims = ""] = (await readFile(signed("0.1.1").signature, "utf8")).split(".");
    const [, , other = ""] = (await readFile(signed("0.1.0").signature, "utf8")).split(".");
    await writeFile(forgedSignature, [head, claims, other].join("."));
    const changed = join(folder, "kms-box_0.1.1_amd64.deb");
    const bytes = await readFile(signed("0.1.1").file);
    bytes[bytes.length - 100] = (bytes.at(-100) ?? 0) ^ 1;
    await writeFile(changed, bytes);
    const { file, signature } = signed("0.1.1");
    const cases = [
      [{ file }, /A package that is not signed is not taken/],
      [{ file, signature: file }, /is no signature of a package/],
      [{ file, signature: forgedSignature }, /does not hold: it was changed/],
      [{ file: changed, signature }, /is for another file than this one/],
      [signed("0.1.1", "other"), /is trusted\. Ask your vendor/],
      [signed("0.1.0"), /0\.1\.0 is in use\. If that is meant, allow an older version/],
    ] as const;
    const alert = onPage().page.getByRole("alert");
    for (const [sending, words] of cases) {
      await onPage().send(sending);
      await alert.filter({ hasText: words }).waitFor();
    }
    assert.equal(await version(), "0.1.0");
    await box.sh("test ! -e /run/kms-box-upgrade/page.json");
  });

  it("is refused by root's side too, whatever the service may have been made to ask", async () => {
    assert.match(await forged("/root/other/0.1.1.jws"), /"refused".*is trusted/);
    assert.match(await forged("/root/mine/0.1.0.jws"), /"refused".*another file/);
    assert.equal(await version(), "0.1.0");
    await box.sh("test ! -e /var/lib/kms-box-upgrade/page");
  });

  it("does not let the service have root read a file for it", async () => {
    await box.sh("ln -s /etc/shadow /var/lib/kms-box/upload.ffffffffffffffffffffffffffffffff.tmp");
    await box.sh(`{ echo ffffffffffffffffffffffffffffffff; echo newer; echo a.b.c; } > /run/wish
      chown kms-box: /run/wish; mv /run/wish /run/kms-box/upgrade`);
    const told = await box.until(
      "grep refused /run/kms-box-upgrade/page.json; rm /run/kms-box-upgrade/page.json",
      READY_MS,
    );
    assert.match(told, /the package cannot be read/);
  });

  it("is installed and judged, with the box's key and state kept, and the page tells", async () => {
    const host = await hostKey();
    await onPage().send(signed("0.1.1"));
    await onPage().says(/The box has taken version 0\.1\.1/);
    await onPage().logInAgain();
    await onPage().runs("0.1.1");
    await onPage().says(/version 0\.1\.1 was put in use, after 0\.1\.0/);
    assert.deepEqual([await version(), await hostKey()], ["0.1.1", host]);
    assert.match(await outcome(), /"upgraded","from":"0\.1\.0"/);
    await box.until("test ! -e /var/lib/kms-box-upgrade/page", READY_MS);
  });

  it("is taken back where it does not serve, and the page tells why", async () => {
    const host = await hostKey();
    await onPage().send(signed("0.1.2"));
    await onPage().logInAgain();
    await onPage().says(
      /version 0\.1\.2 was taken back, and 0\.1\.1 put in use again.*broken on purpose, after a migration/,
    );
    await onPage().runs("0.1.1");
    assert.deepEqual([await version(), await hostKey()], ["0.1.1", host]);
    await box.until(JUDGED, READY_MS);
  });

  it("may be sent once more after that, and is judged anew", async () => {
    const before = await outcome();
    await assert.rejects(send("0.1.2", "mine"), /Version 0\.1\.2 was taken back: it did not serve/);
    assert.notEqual(await outcome(), before);
    assert.equal(await version(), "0.1.1");
  });

  it("goes back where that is asked for", async () => {
    const began = performance.now();
    assert.match(await send("0.1.0", "mine", "--older"), /KMS Box 0\.1\.0 is in use/);
    upgradeMs = performance.now() - began;
    assert.equal(await version(), "0.1.0");
    await onPage().close();
  });

  async function restart(): Promise<void> {
    await box.cut();
    box = await BootedDebian.boot(tree);
    await version();
    await box.until(JUDGED, 3 * READY_MS);
  }

  it("is told of on the page where the power was cut before it was installed", async () => {
    const sending = send("0.1.1", "mine").catch(() => undefined);
    await box.until("grep installing /run/kms-box-upgrade/page.json", READY_MS);
    await restart();
    await sending;
    system = await SystemPage.open(box, folder);
    await system.runs("0.1.0");
    await system.says(/version 0\.1\.1 was not (installed: the machine went down|put in use)/);
    await system.close();
    assert.match(await send("0.1.1", "mine"), /KMS Box 0\.1\.1 is in use/);
  });

  /** Waits for the moment of a cut: the first as soon as root's side has it, the last once it is in use. */
  async function momentOf(cut: number, to: string): Promise<void> {
    if (cut === 0) await box.until("test -e /var/lib/kms-box-upgrade/page", READY_MS);
    else if (cut < CUTS - 1) await sleep(((cut + Math.random()) / CUTS) * upgradeMs);
    else await box.until(`readlink /usr/lib/kms-box/current | grep -x ${to}`, READY_MS);
  }

  it(`ends in one of the two versions, cut at ${CUTS} moments, and may be sent again`, async function () {
    this.timeout(SETUP_MS);
    const host = await hostKey();
    for (let cut = 0; cut < CUTS; cut += 1) {
      const from = await version();
      const to = from === "0.1.1" ? "0.1.0" : "0.1.1";
      const sending = send(to, "mine", "--older").catch(() => undefined);
      await momentOf(cut, to);
      await restart();
      await sending;
      const now = await version();
      const said = await told();
      console.log(`      cut ${cut + 1}: ${from} to ${to} ended in ${now}; ${said}`);
      assert.ok(now === from || now === to, now);
      if (cut === 0) assert.match(said, /failed the machine went down meanwhile|unfinished/);
      if (cut === CUTS - 1)
        assert.match(said, new RegExp(`^upgraded ${to.replaceAll(".", "\\.")}`));
      assert.equal(await hostKey(), host);
      if (now === from) assert.match(await send(to, "mine", "--older"), /is in use/);
      assert.equal(await version(), to);
    }
  });

  async function told(): Promise<string> {
    const { last, handedOver } = JSON.parse(await box.sh("kms-box upgrade --json"));
    return `${last?.outcome} ${last?.to} ${last?.reason}; ${handedOver?.state} ${handedOver?.reason}`;
  }
});
