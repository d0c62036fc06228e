#!/bin/sh
# Installs a package that was approved. The judge of upgrades takes it back if it does not serve, also
# after a power cut. Started by kms-box-page-install.service.
set -eu
@PAGE@
version=$(cat "$taken/version")

# Apt does nothing while a package is half unpacked, by a power cut; dpkg unpacks it anew, and what it
# depends on is there. Apt also installs a version anew that was taken back.
install() {
  export DEBIAN_FRONTEND=noninteractive
  if [ "$(dpkg-query --show --showformat='${db:Status-Eflag}' kms-box)" = reinstreq ]; then
    dpkg --force-confdef --force-confold --install "$1"
  else
    apt-get -q -y --no-install-recommends --allow-downgrades --reinstall \
      -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
      install "$1"
  fi
}

tell installing "$version" ""
if install "$taken/kms-box.deb" < /dev/null > "$taken/said" 2>&1; then
  cat "$taken/said"
  tell installed "$version" ""
else
  cat "$taken/said"
  tell failed "$version" "$(grep -E '^E:|error' "$taken/said" | tail -n 2)"
fi
rm -rf "$taken"
