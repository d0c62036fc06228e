#!/bin/sh
# Installs a package that was approved. The judge of upgrades takes it back if it does not serve, also
# after a power cut. Started by kms-box-page-install.service.
set -eu
@PAGE@
version=$(cat "$taken/version")
tell installing "$version" ""
if DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends --allow-downgrades \
  -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
  install "$taken/kms-box.deb" < /dev/null > "$taken/said" 2>&1; then
  cat "$taken/said"
  tell installed "$version" ""
else
  cat "$taken/said"
  tell failed "$version" "$(grep -E '^E:|error' "$taken/said" | tail -n 2)"
fi
rm -rf "$taken"
