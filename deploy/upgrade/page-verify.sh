#!/bin/sh
# Takes a package that the service was sent, and approves it if it is the vendor's and fits. Nothing that
# the service says is believed. Started by kms-box-page-upgrade.service.
set -eu
@PAGE@
wish=/run/kms-box/upgrade
key=/etc/kms-box/upgrade.pub.jwk
largest_bytes=67108864

refuse() {
  rm -rf "$taken"
  tell refused "${version:-}" "$1"
  exit 0
}

# As the service's user: by a link it must not make root read what it may not. Nor may it keep root waiting.
as_box() {
  timeout 60 setpriv --reuid=kms-box --regid=kms-box --clear-groups --no-new-privs "$@"
}

# One member of the answer of kms-vendor, which has checked its form.
claimed() {
  sed -n "s/^ *\"$1\": \"\([0-9a-z.-]*\)\",\{0,1\}$/\1/p" "$taken/claims"
}

rm -rf "$taken"
mkdir -m 700 "$taken"
as_box head -c 8192 "$wish" > "$taken/wish" || true
rm -rf "$wish"
tell verifying "" ""

upload=$(sed -n 1p "$taken/wish" | grep -xE '[0-9a-f]{32}') || refuse "the request cannot be read"
direction=$(sed -n 2p "$taken/wish")
sed -n 3p "$taken/wish" > "$taken/signature"
as_box head -c "$((largest_bytes + 1))" "/var/lib/kms-box/upload.$upload.tmp" > "$taken/package.tmp" ||
  refuse "the package cannot be read"
[ -n "$(find "$key" -maxdepth 0 -type f -user root ! -perm /022 2> /dev/null)" ] ||
  refuse "$key is not there, or others than root may write it"
kms-vendor package verify "$taken/package.tmp" --signature "$taken/signature" --key "$key" --json \
  > "$taken/claims" 2> "$taken/why" || refuse "$(cat "$taken/claims" "$taken/why")"
version=$(claimed version)
architecture=$(claimed architecture)

# What was signed is what dpkg will see.
inside=$(dpkg-deb --show --showformat='${Package} ${Version} ${Architecture}' "$taken/package.tmp" 2>&1) ||
  refuse "it is no package"
[ "$inside" = "kms-box $version $architecture" ] || refuse "it is signed as another package than it is"
[ "$architecture" = "$(dpkg --print-architecture)" ] || refuse "it is for $architecture"
# Not the installed one: that may have been taken back, and may be tried once more.
in_use=$(basename "$(readlink /usr/lib/kms-box/current)")
if [ "$direction" != older ] && ! dpkg --compare-versions "$version" gt "$in_use"; then
  refuse "it is not newer than $in_use"
fi
printf '%s\n' "$version" > "$taken/version"
mv -fT "$taken/package.tmp" "$taken/kms-box.deb"
sync -f "$taken"
