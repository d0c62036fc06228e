# How far it is, for the box to tell. usage: tell STATE VERSION REASON
tell() {
  said=$(printf '%s' "$3" | tr -d '\\"' | tr '\n' ' ' | tr -cd '[:print:]' | cut -c 1-300)
  at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  printf '{"state":"%s","version":"%s","reason":"%s","at":"%s"}\n' "$1" "$2" "$said" "$at" > "$told.tmp"
  chmod 644 "$told.tmp"
  mv -fT "$told.tmp" "$told"
  echo "$1${2:+ $2}${said:+: $said}"
}

told=/run/kms-box-upgrade/page.json
# Out of the service's reach.
taken=/var/lib/kms-box-upgrade/page
