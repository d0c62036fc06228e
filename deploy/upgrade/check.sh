#!/bin/sh
# Judges an upgrade, at once and after a power cut at the next boot: the new version must serve and
# answer, else the former one comes back. Started by kms-box-upgrade-check.service.
set -eu
@COMMON@
@PAGE@
patience_seconds=60

# How it ended, for the box to tell. usage: conclude OUTCOME OLD NEW REASON
conclude() {
  reason=$(printf '%s' "$4" | tr -d '\\"' | tr -c '[:print:]' ' ' | cut -c 1-200)
  at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  note outcome.json "{\"outcome\":\"$1\",\"from\":\"$2\",\"to\":\"$3\",\"reason\":\"$reason\",\"at\":\"$at\"}"
  rm -f "$lasting/pending"
  sync -f "$lasting"
  echo "$1, $3 after $2${reason:+: $reason}"
}

# Whether the power was cut while this package, or another with it, was installed.
is_interrupted() {
  [ -z "$(ls -A /var/lib/dpkg/updates)" ] || return 0
  [ -e "$lasting/pending" ] && [ "$(in_use)" != "$(cut -d ' ' -f 2 "$lasting/pending")" ]
}

finish_installation() {
  KMS_BOX_FINISHING=1 DEBIAN_FRONTEND=noninteractive \
    dpkg --force-confdef --force-confold --configure -a < /dev/null || true
}

# Whether the service is ready, and the version that answers through its socket is the one meant.
answers() {
  systemctl is-active --quiet kms-box.service || return 1
  timeout 10 kms-box status --json 2> /dev/null | grep -q "^  \"version\": \"$1\""
}

await_answer() {
  waited=0
  until answers "$1"; do
    [ "$waited" -lt "$patience_seconds" ] || return 1
    sleep 1
    waited=$((waited + 1))
  done
}

why_not() {
  said=$(journalctl --quiet --boot --unit kms-box.service --lines 20 --output cat 2> /dev/null |
    grep -iE '^Error|"level":(50|60)' | tail -n 1 | sed 's/.*"msg":"\(.*\)".*/\1/' || true)
  echo "it did not serve and answer within $patience_seconds s${said:+; it said: $said}"
}

# usage: go_back OLD NEW REASON
go_back() {
  note taking-back "$3"
  systemctl stop kms-box.service || true
  if must_restore "$1"; then restore_state "$1"; fi
  use "kept/$1"
  conclude rolled-back "$1" "$2" "$3"
  rm -f "$lasting/taking-back"
  systemctl reset-failed kms-box.service || true
  systemctl --no-block start kms-box.service
}

# One that was sent, and whose installation nobody goes on with since the power was cut.
forget_sent() {
  [ -e "$taken" ] || return 0
  for unit in kms-box-page-upgrade.service kms-box-page-install.service; do
    case $(systemctl is-active "$unit") in active | activating) return 0 ;; esac
  done
  version=$(cat "$taken/version" 2> /dev/null || true)
  rm -rf "$taken"
  # What was begun is judged below.
  [ ! -e "$lasting/pending" ] || return 0
  mkdir -p "$(dirname "$told")"
  tell failed "$version" "the machine went down meanwhile; send it again"
}

forget_sent
begin=start
if [ ! -e "$lasting/taking-back" ] && is_interrupted; then
  finish_installation
  # Meanwhile the former version serves.
  begin=restart
fi
[ -e "$lasting/pending" ] || exit 0
read -r old new < "$lasting/pending"

# Begun before the power was cut.
if [ -e "$lasting/taking-back" ]; then
  go_back "$old" "$new" "$(cat "$lasting/taking-back")"
  exit 0
fi
if [ "$(in_use)" != "$new" ]; then
  if [ -e "$lasting/restoring" ]; then restore_state "$old"; fi
  conclude unfinished "$old" "$new" "its installation was interrupted; send it again, or install it by dpkg -i"
  systemctl --no-block start kms-box.service
  exit 0
fi
if ! systemctl is-enabled --quiet kms-box.service; then
  conclude unchecked "$old" "$new" "the service is not enabled"
  exit 0
fi
systemctl --no-block "$begin" kms-box.service
if await_answer "$new"; then
  conclude upgraded "$old" "$new" ""
else
  go_back "$old" "$new" "$(why_not)"
fi
