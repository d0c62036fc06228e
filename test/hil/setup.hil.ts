import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { temporaryFolder } from "../support/box-process.ts";
import { ensurePackages, runTool } from "../support/debian-packages.ts";
import { KEY_PATH, SECRET, wholeSetup } from "../support/setup-tree.ts";
import { Rig } from "./rig.ts";

const MINUTE_MS = 60_000;
const CUTS = 5;
/** Shares of its time between which it is cut: before the first of them Node only starts. */
const EARLIEST_CUT = 0.5;
const LATEST_CUT = 1.1;

const IMAGE = "/srv/data/boot.img";
const BOOT = "/run/boot";
const TREE = "/srv/data/tree";
const SETUP = `node /srv/code/dist/cli/kms-box.js setup --json --root ${TREE} --boot ${BOOT}`;
const SYSTEM = {
  "etc/group": "kms-box:x:991:\n",
  "etc/passwd": "alice:x:1000:1000::/home/alice:/bin/sh\n",
  "etc/hosts": "127.0.0.1\tlocalhost\n",
};

describe("kms-box.json on a real FAT partition", function () {
  this.timeout(5 * MINUTE_MS);
  let rig: Rig;
  let image: string;
  /** How long setup takes in the guest. */
  let takesMs: number;

  before(async function () {
    this.timeout(15 * MINUTE_MS);
    await ensurePackages({ "mkfs.vfat": "dosfstools" });
    image = await emptyPartition();
    rig = await Rig.create("setup");
    await rig.boot({ box: false });
  });

  afterEach(async function () {
    if (this.currentTest?.isFailed()) await rig.keepEvidence();
  });

  after(() => rig?.dispose());

  const guest = () => rig.guest;
  const mount = () =>
    guest().run(`modprobe -a vfat loop && mkdir -p ${BOOT} && mount -o loop ${IMAGE} ${BOOT}`);
  const unmount = () => guest().run(`umount ${BOOT}`);
  /** How often the secret stands in the partition, also where no file reaches. */
  const secrets = async () => {
    const { stdout } = await guest().attempt(`grep -c -a -F '${SECRET}' ${IMAGE}`);
    return Number(stdout.trim());
  };

  /** A box as it was flashed, with a setup file that a PC wrote. */
  async function prepare(): Promise<void> {
    await guest().run(`rm -rf ${TREE} && mkdir -p ${TREE}/etc`);
    for (const [path, text] of Object.entries(SYSTEM)) await guest().write(`${TREE}/${path}`, text);
    await guest().run(`base64 -d | gunzip > ${IMAGE}`, { input: image });
    await mount();
    await guest().write(`${BOOT}/kms-box.json`, JSON.stringify(wholeSetup()));
    await unmount();
    assert.equal(await secrets(), 1);
    await guest().run("sync");
  }

  async function assertApplied(): Promise<void> {
    assert.equal(await guest().read(`${TREE}/etc/hostname`), "kms\n");
    assert.ok((await guest().read(`${TREE}${KEY_PATH}`)).includes(SECRET));
    const file = JSON.parse(await guest().read(`${BOOT}/kms-box.json`));
    assert.equal(file.hostName, "kms");
    assert.match(file._taken, /office\.example/);
    assert.deepEqual((await guest().run(`ls -A ${BOOT}`)).trim().split("\n"), ["kms-box.json"]);
  }

  it("is applied, and its secret is nowhere on the partition any more", async () => {
    await prepare();
    await mount();
    const beganMs = performance.now();
    assert.equal(JSON.parse(await guest().run(SETUP)).state, "applied");
    takesMs = performance.now() - beganMs;
    await assertApplied();
    assert.equal(JSON.parse(await guest().run(SETUP)).state, "unchanged");
    await unmount();
    assert.equal(await secrets(), 0);
  });

  it("is applied by its unit in its confinement, and once only", async () => {
    await prepare();
    const unit = await readFile(join(import.meta.dirname, "../../systemd/kms-box-setup.service"));
    await guest().write("/etc/systemd/system/kms-box-setup.service", unit.toString());
    const program = '#!/bin/sh\nexec node /srv/code/dist/cli/kms-box.js "$@"\n';
    await guest().write("/usr/bin/kms-box", program);
    await guest().run("chmod +x /usr/bin/kms-box && echo kms-box:x:991: >> /etc/group");
    await guest().run("echo alice:x:1000:1000::/home/alice:/bin/sh >> /etc/passwd");
    await guest().run(`modprobe -a vfat loop && mkdir -p /boot/firmware`);
    await guest().run(`mount -o loop ${IMAGE} /boot/firmware && systemctl daemon-reload`);
    const start = "systemctl start kms-box-setup";
    const { status, stderr } = await guest().attempt(start, { timeoutMs: MINUTE_MS });
    const journal = await guest().run("journalctl --no-pager -o cat -u kms-box-setup");
    assert.equal(status, 0, stderr + journal);
    assert.match(journal, /Applied \/boot\/firmware\/kms-box\.json\./);
    assert.ok(!journal.includes("This failed") && !journal.includes(SECRET), journal);
    assert.equal(await guest().read("/proc/sys/kernel/hostname"), "kms\n");
    assert.equal(await guest().run(`stat -c '%a %u %g' ${KEY_PATH}`), "640 0 991\n");
    await guest().run(start);
    assert.match(
      await guest().run("journalctl --no-pager -o cat -u kms-box-setup"),
      /was applied before and is unchanged/,
    );
    await guest().write("/boot/firmware/kms-box.json", "{");
    assert.equal((await guest().attempt(start)).status, 1);
    assert.match(await guest().read("/run/kms-box-setup/fault"), /kms-box-errors\.txt/);
    await guest().run("rm /boot/firmware/kms-box.json");
    await guest().run(start);
    assert.equal(
      (await guest().attempt("ls -A /boot/firmware /run/kms-box-setup")).stdout.match(
        /fault|errors/,
      ),
      null,
    );
    await guest().run("umount /boot/firmware");
  });

  it("has its errors beside it in the line ends of Windows", async () => {
    await prepare();
    await mount();
    await guest().write(`${BOOT}/kms-box.json`, '{"hostName": "a b"}');
    assert.equal((await guest().attempt(SETUP)).status, 2);
    await unmount();
    await mount();
    const text = await guest().read(`${BOOT}/kms-box-errors.txt`);
    assert.match(text, /^KMS Box could not use kms-box\.json\..*\r\n/);
    await guest().write(`${BOOT}/KMS-BOX.JSON`, "{}");
    await guest().run(SETUP);
    assert.equal((await guest().attempt(`ls ${BOOT}/kms-box-errors.txt`)).status, 2);
    await unmount();
  });

  it(`is completed after a power cut at any moment, ${CUTS} times over`, async function () {
    this.timeout(15 * MINUTE_MS);
    for (let cut = 0; cut < CUTS; cut++) {
      await prepare();
      await mount();
      guest().start(SETUP, { onStdout: () => undefined });
      const share = EARLIEST_CUT + ((LATEST_CUT - EARLIEST_CUT) * (cut + Math.random())) / CUTS;
      await sleep(share * takesMs);
      await rig.cutPower();
      await rig.checkDataDisk();
      await rig.boot({ box: false });
      await mount();
      const { state, changed } = JSON.parse(await guest().run(SETUP));
      const after = `${Math.round(share * takesMs)} of ${Math.round(takesMs)} ms`;
      console.log(`    cut after ${after}: ${state} by the next start, ${changed.length} files`);
      await assertApplied();
      await unmount();
    }
  });
});

/** A FAT partition as a card has it, packed for the way into the guest. */
async function emptyPartition(): Promise<string> {
  const folder = await temporaryFolder();
  try {
    const file = join(folder, "boot.img");
    await runTool("mkfs.vfat", ["-F", "32", "-n", "bootfs", "-C", file, String(40 * 1024)]);
    const packed = await promisify(gzip)(await readFile(file));
    return packed.toString("base64");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
