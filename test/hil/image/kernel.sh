#!/usr/bin/env bash
# Takes Debian's stock kernel, builds the two simulators that it lacks, and packs the modules that
# the guest needs. usage: kernel.sh OUT-FOLDER WORK-FOLDER
set -euo pipefail
out=$1 tree=$2/kernel-tree
here=$(dirname "$(readlink -f "$0")")

# Extracted only: nothing of it runs but the compiler, so its maintainer scripts are spared.
mmdebstrap --quiet --variant=extract --include="linux-image-amd64 linux-headers-amd64 linux-source
  gcc make mawk xz-utils kmod busybox-static bash dash coreutils tar sed findutils grep cpio" \
  trixie "$tree"
for folder in bin sbin lib lib64; do ln -sfn "usr/$folder" "$tree/$folder"; done
ln -sf mawk "$tree/usr/bin/awk"
mkdir -p "$tree/build"

cp "$here/simulators.sh" "$here/modules.sh" "$here/initrd-init" "$tree/build/"
chroot "$tree" /bin/bash /build/simulators.sh
chroot "$tree" /bin/bash /build/modules.sh

cp "$tree/build/vmlinuz" "$tree/build/initrd.img" "$out/"
cp -r "$tree/build/modules" "$out/modules"
