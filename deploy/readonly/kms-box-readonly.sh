#!/bin/sh
# A root file system that is never written: Debian's overlayroot lays memory over it.
set -eu

state=/var/lib/kms-box
settings=/etc/overlayroot.local.conf
setting='overlayroot="tmpfs:recurse=0"'
lower=
bound=

help() {
  cat << 'END'
Usage: kms-box-readonly COMMAND

Keeps the root file system of this machine from ever being written: changes go into memory, and are gone
at the next start. The state of the box stays on flash, on a partition of its own.

Commands:
  status [--json]    whether it is so now, and after the next start
  on                 from the next start on; installs overlayroot of Debian where it is missing
  off                no longer, from the next start on
  run COMMAND [ARG]  runs a command on the root file system below, where its changes last, such as an
                     upgrade; restart the machine afterwards
  help               this text

Exit status: 0 done, 1 failed with nothing changed, 2 wrong usage; run: that of the command

Examples:
  kms-box-readonly on
  kms-box-readonly run apt-get install ./kms-box_0.2.0_arm64.deb
  kms-box-readonly status --json
END
}

fail() {
  printf 'Error: %s\n' "$1" >&2
  exit 1
}

wrong_usage() {
  printf 'Error: %s See: kms-box-readonly help\n' "$1" >&2
  exit 2
}

need_root() {
  [ "$(id -u)" = 0 ] || fail "Only root may do this: sudo kms-box-readonly $1."
}

is_on() {
  [ "$(findmnt -n -o FSTYPE --mountpoint /)" = overlay ]
}

# Where the root file system below is, as overlayroot has put it.
find_lower() {
  lower=$(findmnt -n -o OPTIONS --mountpoint / | tr , '\n' | sed -n 's/^lowerdir=//p')
  if [ -z "$lower" ] || ! mountpoint -q "$lower"; then
    fail "The root file system below was not found: this overlay is not of overlayroot."
  fi
}

# Whether the settings in that root file system turn it on.
is_set_in() {
  grep -qs '^overlayroot="\{0,1\}tmpfs' "$1$settings"
}

data_mount() {
  findmnt -n -o TARGET --target "$state" 2> /dev/null || echo /
}

status() {
  now=off
  next=off
  root=
  if is_on; then
    now=on
    find_lower
    root=$lower
  fi
  if is_set_in "$root"; then next=on; fi
  data=$(data_mount)
  if [ "${1-}" = --json ]; then
    printf '{"now":"%s","next":"%s","data":"%s"}\n' "$now" "$next" "$data"
    return
  fi
  echo "Read-only root now:         $now"
  echo "After the next start:       $next"
  if [ "$data" = / ]; then
    echo "State of the box:           on the root file system"
  else
    echo "State of the box:           on its own, at $data"
  fi
}

# What must be so for the machine to start, and the state to last.
check_on() {
  case " $(cat /proc/cmdline) " in
    *' overlayroot='*)
      fail "The kernel's command line sets overlayroot. Take it out there, as raspi-config does."
      ;;
  esac
  [ "$(data_mount)" != / ] || fail "$state is on the root file system, and would be lost at each \
start. Put it on a partition of its own first: see deploy/readonly/README.md."
  command -v update-initramfs > /dev/null ||
    fail "This system starts without initramfs-tools, which overlayroot needs."
  firmware=/boot/firmware/config.txt
  if [ -e "$firmware" ] && ! grep -Eq '^ *(auto_initramfs=1|initramfs )' "$firmware"; then
    fail "$firmware does not load an initramfs. Add the line auto_initramfs=1."
  fi
}

turn_on() {
  need_root on
  if is_on; then
    find_lower
    if is_set_in "$lower"; then
      echo "It is on already."
      return
    fi
    lower_writable
    set_in "$lower"
    lower_readonly
  else
    check_on
    if ! dpkg-query -W -f '${Status}' overlayroot 2> /dev/null | grep -q ' installed$'; then
      apt-get install -y overlayroot >&2 || fail "overlayroot could not be installed."
    fi
    set_in ""
  fi
  echo "Restart the machine: from then on its root file system is not written any more."
}

turn_off() {
  need_root off
  if is_on; then
    find_lower
    lower_writable
    rm -f "$lower$settings"
    lower_readonly
    echo "Restart the machine: from then on its root file system is written again."
  else
    rm -f "$settings"
    sync
    echo "It is off."
  fi
}

# A power cut leaves the former settings or these.
set_in() {
  printf '# Written by kms-box-readonly\n%s\n' "$setting" > "$1$settings.new"
  sync "$1$settings.new"
  mv "$1$settings.new" "$1$settings"
  sync
}

lower_writable() {
  trap 'leave; exit 1' HUP INT TERM
  mount -o remount,rw "$lower" || fail "$lower cannot be made writable."
}

lower_readonly() {
  sync
  mount -o remount,ro "$lower" ||
    echo "Warning: $lower stays writable until the next start." >&2
  trap - HUP INT TERM
}

leave() {
  for mount in $bound; do
    umount "$mount" || echo "Warning: $mount stays mounted until the next start." >&2
  done
  bound=
  lower_readonly
}

# The kernel's file systems, the boot partition for a new kernel, and the state for its migration.
bind() {
  for folder in /dev /dev/pts /proc /sys /run /tmp /boot/firmware /boot/efi "$(data_mount)"; do
    if [ "$folder" = / ] || ! mountpoint -q "$folder" || [ ! -d "$lower$folder" ]; then continue; fi
    mount --bind "$folder" "$lower$folder" || {
      leave
      fail "$folder cannot be mounted below $lower."
    }
    bound="$lower$folder $bound"
  done
}

run_below() {
  [ $# -gt 0 ] || wrong_usage "Name the command to run."
  need_root run
  if ! is_on; then exec "$@"; fi
  find_lower
  lower_writable
  bind
  result=0
  chroot "$lower" "$@" || result=$?
  leave
  echo "Restart the machine: what was changed below is seen from then on." >&2
  return "$result"
}

command=${1-}
[ $# -eq 0 ] || shift
case $command in
  status)
    case ${1-} in
      "" | --json) status "$@" ;;
      *) wrong_usage "status knows no $1." ;;
    esac
    ;;
  on | off)
    [ $# -eq 0 ] || wrong_usage "$command takes nothing."
    "turn_$command"
    ;;
  run) run_below "$@" ;;
  help | --help | -h) help ;;
  "") wrong_usage "Name a command." ;;
  *) wrong_usage "There is no command $command." ;;
esac
