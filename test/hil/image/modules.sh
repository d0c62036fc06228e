#!/usr/bin/env bash
# In the kernel tree: picks the modules that the guest needs, unpacked because an emulated processor
# unpacks slowly, and makes the initrd that mounts the root file system.
set -euo pipefail
version=$(basename /usr/lib/modules/*)
cp "/boot/vmlinuz-$version" /build/vmlinuz
depmod "$version"

# The files of the named modules and of all that they need, in the order of loading.
files() {
  for module in "$@"; do modprobe -S "$version" --show-depends "$module"; done |
    sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++'
}

# Puts one module below a folder, unpacked.
place() {
  local target=$2/${1#/lib/modules/"$version"/}
  mkdir -p "$(dirname "$target")"
  case $1 in
    *.xz) xz -dc "$1" > "${target%.xz}" ;;
    *) cp "$1" "$target" ;;
  esac
}

guest=/build/modules/$version
mkdir -p "$guest"
cp "/usr/lib/modules/$version"/modules.{builtin,builtin.modinfo,order} "$guest/"
for file in $(files virtio_blk ext4 virtio_net virtio_rng i2c-piix4 i2c-dev i2c-stub gpio-sim \
  vfat nls_cp437 nls_ascii nls_iso8859-1 loop overlay); do
  place "$file" "$guest"
done

initrd=/build/initrd
mkdir -p "$initrd"/{bin,dev,root,modules}
cp /usr/bin/busybox "$initrd/bin/"
ln -s busybox "$initrd/bin/sh"
install -m 755 /build/initrd-init "$initrd/init"
number=100
for file in $(files virtio_blk ext4); do
  number=$((number + 1))
  xz -dc "$file" > "$initrd/modules/$number-$(basename "$file" .xz)"
done
cd "$initrd"
find . | cpio --quiet -o -H newc > /build/initrd.img
