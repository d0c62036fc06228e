#!/usr/bin/env bash
# Makes the guest's root file system: Debian's own systemd and Node, the modules, and the agent.
# usage: root.sh OUT-FOLDER WORK-FOLDER AGENT-SCRIPT
set -euo pipefail
out=$1 tree=$2/root-tree modules=$1/modules agent=$3
here=$(dirname "$(readlink -f "$0")")

mmdebstrap --quiet --variant=essential --include="systemd-sysv nodejs kmod udev iproute2 dbus" \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
  trixie "$tree"
mkdir -p "$tree/usr/lib/modules"
cp -r "$modules"/* "$tree/usr/lib/modules/"
chroot "$tree" depmod "$(basename "$modules"/*)"
cp -r "$here/root/." "$tree/"
install -m 644 "$agent" "$tree/usr/lib/hil/agent.mjs"

# Work of a first or of any boot that proves nothing here and that an emulated processor does slowly.
for unit in getty@.service serial-getty@.service console-getty.service systemd-firstboot.service \
  systemd-hwdb-update.service systemd-journal-catalog-update.service ldconfig.service \
  systemd-update-utmp.service systemd-random-seed.service systemd-machine-id-commit.service \
  systemd-pstore.service systemd-binfmt.service e2scrub_reap.service e2scrub_all.timer \
  fstrim.timer dpkg-db-backup.timer systemd-tmpfiles-clean.timer systemd-journal-flush.service \
  modprobe@.service systemd-modules-load.service kmod-static-nodes.service dev-hugepages.mount \
  dev-mqueue.mount systemd-update-done.service sys-kernel-debug.mount sys-fs-fuse-connections.mount \
  systemd-udev-settle.service systemd-pcrphase.service proc-sys-fs-binfmt_misc.automount; do
  ln -sfn /dev/null "$tree/etc/systemd/system/$unit"
done
wants=$tree/etc/systemd/system/multi-user.target.wants
mkdir -p "$wants" "$tree/srv/code" "$tree/srv/data"
for unit in hil-agent kms-box; do ln -sfn "../$unit.service" "$wants/$unit.service"; done
ln -sfn /usr/lib/systemd/system/multi-user.target "$tree/etc/systemd/system/default.target"
echo hil > "$tree/etc/hostname"
tr -d - < /proc/sys/kernel/random/uuid > "$tree/etc/machine-id"
rm -rf "$tree"/var/cache/apt/* "$tree"/var/lib/apt/lists/* "$tree"/usr/share/i18n

truncate -s 1G "$out/root.ext4"
mke2fs -q -t ext4 -O ^metadata_csum_seed -L root -d "$tree" "$out/root.ext4"
