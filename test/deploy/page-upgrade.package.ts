import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BootedDebian } from "./booted.ts";
import { DebianTree } from "./chroot.ts";
import { buildPackages } from "./packages.ts";

const VERSIONS = ["0.1.0", "0.1.1"];
const READY_MS = 30_000;
const SETUP_MS = 1_200_000;
const named = (version: string) => `/root/kms-box_${version}_amd64.deb`;

describe("An upgrade that the administrator sends", () => {
  let folder: string;
  let tree: DebianTree;
  let box: BootedDebian;

  before(async function () {
    this.timeout(SETUP_MS);
    folder = await mkdtemp(join(tmpdir(), "kms-box-page-upgrade-"));
    tree = await DebianTree.create("amd64");
    for (const version of VERSIONS) {
      const [built] = await buildPackages(folder, {
        args: ["--arch", "amd64", "--version", version],
      });
      await copyFile(built?.file ?? "", join(tree.root, named(version)));
    }
    box = await BootedDebian.boot(tree);
    await box.sh(`DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
      install ${named("0.1.0")} < /dev/null 2>&1`);
    for (const who of ["mine", "other"]) {
      await box.sh(`kms-vendor init --dir /root/${who}`);
      for (const version of VERSIONS) await box.sh(sign(version, who));
    }
  });
  after(async () => {
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

  it("is refused until root has put a key there", async () => {
    await assert.rejects(send("0.1.1", "mine"), /upgrade\.pub\.jwk/);
    assert.equal(await version(), "0.1.0");
    await box.sh("install -m 644 /root/mine/vendor.pub.jwk /etc/kms-box/upgrade.pub.jwk");
  });

  it("is refused by the box where another key signed it, or where it is no newer", async () => {
    await assert.rejects(send("0.1.1", "other"), /is trusted/);
    await assert.rejects(send("0.1.0", "mine"), /older: true/);
    assert.equal(await version(), "0.1.0");
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

  it("is installed and judged, with the box's key and state kept", async () => {
    assert.match(await send("0.1.1", "mine"), /KMS Box 0\.1\.1 is in use/);
    assert.equal(await version(), "0.1.1");
    assert.match(
      await box.sh("cat /var/lib/kms-box-upgrade/outcome.json"),
      /"upgraded","from":"0\.1\.0"/,
    );
    await box.sh("test ! -e /var/lib/kms-box-upgrade/page");
  });

  it("goes back where that is asked for", async () => {
    assert.match(await send("0.1.0", "mine", "--older"), /KMS Box 0\.1\.0 is in use/);
    assert.equal(await version(), "0.1.0");
  });
});
