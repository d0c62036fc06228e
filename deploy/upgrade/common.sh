root=/usr/lib/kms-box
state=/var/lib/kms-box
# What is kept for going back, and how the last upgrade ended. Only root writes here.
lasting=/var/lib/kms-box-upgrade

# The version in use; nothing if there is none.
in_use() {
  if [ -L "$root/current" ]; then basename "$(readlink "$root/current")"; fi
}

# The one step by which a version comes into use. Whenever the power is cut, it is the one or the other.
use() {
  ln -sfn "$1" "$root/.current-new"
  mv -fT "$root/.current-new" "$root/current"
  sync -f "$root"
}

# Writes a file as a whole. usage: note FILE TEXT
note() {
  printf '%s\n' "$2" > "$lasting/.note"
  sync "$lasting/.note"
  mv -fT "$lasting/.note" "$lasting/$1"
  sync -f "$lasting"
}

# Files of the state: records, licences, settings. Not the key pair, which is never written anew.
state_files() {
  find "$1" -maxdepth 1 -type f \( -name 'state.*' -o -name 'journal.*' \)
}

# The newest schema of the state's files; it stands in the first line of each.
schema_of() {
  state_files "$1" | while read -r file; do
    head -n 1 "$file" | grep -ao '"schema":[0-9]*' | cut -d: -f2
  done | sort -n | tail -n 1
}

# Whether a version's kept state is to come back: one that is newer cannot be read by it.
must_restore() {
  [ "$(cat "$lasting/restoring" 2> /dev/null)" != "$1" ] || return 0
  [ -d "$lasting/state-$1" ] || return 1
  now=$(schema_of "$state")
  then=$(schema_of "$lasting/state-$1")
  [ "${now:-0}" -gt "${then:-0}" ]
}

# Puts a version's kept state back. Cut in the middle, it is done again: until it is done, the mark
# keeps the service from starting.
restore_state() {
  note restoring "$1"
  state_files "$state" | while read -r file; do rm -f "$file"; done
  state_files "$lasting/state-$1" | while read -r file; do
    cp -a --remove-destination "$file" "$state/"
  done
  sync -f "$state"
  rm "$lasting/restoring"
  sync -f "$lasting"
}
