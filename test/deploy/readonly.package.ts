import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { ensurePackages, runTool } from "../support/debian-packages.ts";
import { DebianTree } from "./chroot.ts";

const SCRIPT = "deploy/readonly/kms-box-readonly.sh";
const LOWER = "/media/root-ro";

/**
 * What overlayroot's initramfs makes of a root file system: below, never written, and memory over it.
 * The one below is of its own, since making it read-only must not touch this machine's.
 */
const OVERLAY = `
mount -t tmpfs tmpfs /media
mkdir ${LOWER} /media/root-rw /media/merged
mount -t tmpfs below ${LOWER}
cp -a "$TREE"/. ${LOWER}
mkdir -p ${LOWER}${LOWER} ${LOWER}/var/lib/kms-box
echo 'overlayroot="tmpfs:recurse=0"' > ${LOWER}/etc/overlayroot.local.conf
mount -o remount,ro ${LOWER}
mount -t tmpfs tmpfs-root /media/root-rw
mkdir /media/root-rw/upper /media/root-rw/work
mount -t overlay -o lowerdir=${LOWER},upperdir=/media/root-rw/upper,workdir=/media/root-rw/work \\
  overlayroot /media/merged
mount --move ${LOWER} /media/merged${LOWER}
mount -t tmpfs data /media/merged/var/lib/kms-box
mount -t proc proc /media/merged/proc
echo kept > /media/merged/var/lib/kms-box/state
exec chroot /media/merged /bin/sh -euc "$1"`;

describe("a root file system that is read-only", function () {
  this.timeout(300_000);
  let tree: DebianTree;

  before(async () => {
    await ensurePackages({ mmdebstrap: "mmdebstrap", shellcheck: "shellcheck" });
    tree = await DebianTree.create("amd64");
    await copyFile(SCRIPT, join(tree.root, "usr/sbin/kms-box-readonly"));
  });
  after(() => tree.remove());

  /** Runs a script where the overlay is on; returns what it wrote. */
  const overlaid = async (script: string) => {
    const spaces = ["--mount", "--pid", "--fork", "--kill-child"];
    const env = { TREE: tree.root };
    const command = [...spaces, "/bin/bash", "-euc", OVERLAY, "bash", script];
    return (await runTool("unshare", command, { env })).trim();
  };

  it("is told by its script to shellcheck's satisfaction", async () => {
    assert.equal(await runTool("shellcheck", [SCRIPT]), "");
  });

  it("loses what is changed, and keeps what is changed below", async () => {
    const told = await overlaid(`
      echo lost > /etc/above
      kms-box-readonly run sh -c 'echo kept > /etc/below; cat /var/lib/kms-box/state' 2> /run/told
      cat ${LOWER}/etc/below /run/told
      ls ${LOWER}/etc/above 2> /dev/null || echo not below`);
    assert.deepEqual(told.split("\n"), [
      "kept",
      "kept",
      "Restart the machine: what was changed below is seen from then on.",
      "not below",
    ]);
  });

  it("is never written again once a command below has ended, whatever its end", async () => {
    const told = await overlaid(`
      before=$(grep -c . /proc/mounts)
      kms-box-readonly run sh -c 'exit 7' 2> /dev/null || echo "status $?"
      kms-box-readonly run /no/such/program 2> /dev/null || echo "status $?"
      [ "$before" = "$(grep -c . /proc/mounts)" ] && echo same mounts
      touch ${LOWER}/etc/more 2> /dev/null || echo read-only`);
    assert.deepEqual(told.split("\n"), ["status 7", "status 127", "same mounts", "read-only"]);
  });

  it("is turned off and on for the next start", async () => {
    const states = await overlaid(`
      kms-box-readonly status --json
      kms-box-readonly off > /dev/null
      kms-box-readonly status --json
      kms-box-readonly on > /dev/null
      kms-box-readonly status --json
      touch ${LOWER}/etc/more 2> /dev/null || kms-box-readonly status`);
    const data = "/var/lib/kms-box";
    assert.deepEqual(
      states
        .split("\n")
        .slice(0, 3)
        .map((line) => JSON.parse(line)),
      [
        { now: "on", next: "on", data },
        { now: "on", next: "off", data },
        { now: "on", next: "on", data },
      ],
    );
    assert.match(
      states,
      /Read-only root now: +on\nAfter the next start: +on\nState .* at \/var\/lib/,
    );
  });

  it("is refused where the state would be lost, or the machine not start", async () => {
    const lost = await tree.sh("kms-box-readonly on 2>&1 || echo status $?");
    assert.match(lost, /^Error: \/var\/lib\/kms-box is on the root file system, .*\nstatus 1\n$/);
    const data = "mkdir -p /var/lib/kms-box; mount -t tmpfs data /var/lib/kms-box";
    const on = `${data}; kms-box-readonly on 2>&1 || echo status $?`;
    assert.match(await tree.sh(on), /without initramfs-tools.*\nstatus 1\n$/);
    const firmware = `
      mkdir -p /boot/firmware; echo arm_64bit=1 > /boot/firmware/config.txt
      printf '#!/bin/sh\\n' > /usr/sbin/update-initramfs; chmod +x /usr/sbin/update-initramfs`;
    assert.match(
      await tree.sh(`${firmware}; ${on}`),
      /Add the line auto_initramfs=1\.\nstatus 1\n$/,
    );
    assert.match(
      await tree.sh("kms-box-readonly status --json"),
      /"now":"off","next":"off","data":"\/"/,
    );
  });

  it("is refused to whoever is not root, and tells wrong usage", async () => {
    const user = "setpriv --reuid=65534 --clear-groups";
    assert.match(
      await tree.sh(`${user} kms-box-readonly off 2>&1 || echo status $?`),
      /status 1\n$/,
    );
    for (const args of ["", "up", "on now", "status --xml", "run"]) {
      const told = await tree.sh(`kms-box-readonly ${args} 2>&1 || echo status $?`);
      assert.match(told, /^Error: .*\nstatus 2\n$/, args);
    }
    assert.match(await tree.sh("kms-box-readonly --help"), /^Usage: kms-box-readonly COMMAND\n/);
  });
});
