#!/usr/bin/env bash
# Makes the root file system of a computer on which nobody has installed anything yet: Debian as it
# comes, with the packages that ours depends on in apt's cache, as there is no network, and without those
# that it only recommends; besides, the modules, and the agent with a Node of its own.
# usage: appliance.sh IMAGE-FOLDER WORK-FOLDER NODE AGENT-SCRIPT
set -euo pipefail
out=$1 tree=$2/appliance-tree node=$3 agent=$4
here=$(dirname "$(readlink -f "$0")")

mmdebstrap --quiet --variant=minbase --skip=cleanup/apt --include="systemd-sysv systemd-timesyncd
  udev kmod iproute2 dbus ca-certificates" \
  --aptopt='APT::Install-Recommends "false"' \
  --customize-hook='chroot "$1" apt-get --quiet --yes --download-only install nodejs' \
  trixie "$tree"

mkdir -p "$tree/usr/lib/modules" "$tree/srv/code" "$tree/srv/data"
cp -r "$out/modules"/* "$tree/usr/lib/modules/"
chroot "$tree" depmod "$(basename "$out/modules"/*)"
cp -r "$here/root/." "$tree/"
rm "$tree/etc/systemd/system/kms-box.service"
install -m 755 "$node" "$tree/usr/lib/hil/node"
install -m 644 "$agent" "$tree/usr/lib/hil/agent.mjs"
sed -i 's|^ExecStart=/usr/bin/node|ExecStart=/usr/lib/hil/node|' \
  "$tree/etc/systemd/system/hil-agent.service"
wants=$tree/etc/systemd/system/multi-user.target.wants
mkdir -p "$wants"
ln -sfn ../hil-agent.service "$wants/hil-agent.service"
ln -sfn /usr/lib/systemd/system/multi-user.target "$tree/etc/systemd/system/default.target"
# A console for each line of the emulator is no part of a box.
for unit in getty@.service serial-getty@.service systemd-firstboot.service; do
  ln -sfn /dev/null "$tree/etc/systemd/system/$unit"
done
echo kms > "$tree/etc/hostname"
# Not a first boot, in which systemd would turn on what no box has.
tr -d - < /proc/sys/kernel/random/uuid > "$tree/etc/machine-id"
rm -f "$tree/etc/resolv.conf"

truncate -s 3G "$out/appliance.part"
mke2fs -q -t ext4 -O ^metadata_csum_seed -L root -d "$tree" "$out/appliance.part"
mv "$out/appliance.part" "$out/appliance.ext4"
