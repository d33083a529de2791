# shellcheck shell=bash
# The demo's keys and the demo company. Both belong to one database; with another one behind the same folder they are made anew.
# Wants: root, the project's folder; binary, the program; data, the folder DIR; database, its URL.
: "${root:?}" "${binary:?}" "${data:?}" "${database?}"

# The stores of the demo company, one a line.
demo_stores() {
  sed -n 's/^[^#]*code *= *"\([^"]*\)".*type *= *"store".*/\1/p' "$root/deploy/demo/company.toml"
}

# What tells this database from any other one.
database_identity() {
  psql -X -At -d "$database" -c "select system_identifier || '/' || (select oid from pg_database where datname = current_database()) from pg_control_system()" 2>>"$data/start.log" ||
    die_with_log "$data/start.log" "The database does not answer."
}

# Makes one key and returns it: make_key ID ARGUMENT...
make_key() {
  local id=$1 answer key
  shift
  # The id is taken if DIR/demo-keys.json was lost: then the new key gets another one.
  answer=$("$binary" keys create --database "$database" --id "$id" "$@" --json 2>>"$data/start.log") ||
    answer=$("$binary" keys create --database "$database" --id "$id-$(date +%s)" "$@" --json 2>>"$data/start.log") || return 1
  key=$(tr -d '\n' <<<"$answer" | sed -n 's/.*"key" *: *"\([^"]*\)".*/\1/p')
  [[ -n $key ]] && echo "$key"
}

# Writes DIR/demo-keys.json: a key for every role, one for the staff of every store, and one for the page /shop, which is in DIR/shop-key, too.
make_demo_keys() {
  local identity=$1 role store key lines=()
  if [[ -s $data/demo-keys.json && $(cat "$data/demo-keys.database" 2>/dev/null) == "$identity" ]]; then
    return 0
  fi
  for role in gateway staff finance operator auditor admin; do
    key=$(make_key "demo-$role" --role "$role") || die_with_log "$data/start.log" "The key for role $role could not be made."
    lines+=("  \"$role\": \"$key\"")
  done
  while read -r store; do
    key=$(make_key "demo-staff-$store" --role staff --store "$store") || die_with_log "$data/start.log" "The key for the staff of $store could not be made."
    lines+=("  \"staff-$store\": \"$key\"")
  done < <(demo_stores)
  key=$(make_key demo-shop --role gateway --channel web --channel call-centre --channel mobile-till) || die_with_log "$data/start.log" "The key for the shop page could not be made."
  lines+=("  \"shop\": \"$key\"")
  (
    umask 077
    echo "$key" >"$data/shop-key"
    printf '{\n%s\n}\n' "$(printf '%s,\n' "${lines[@]}" | sed '$ s/,$//')" >"$data/demo-keys.json.new"
  )
  mv -- "$data/demo-keys.json.new" "$data/demo-keys.json"
  echo "$identity" >"$data/demo-keys.database"
}

# Loads the demo company unless this database has it.
load_demo() {
  local identity=$1
  if [[ $(cat "$data/demo-loaded" 2>/dev/null) == "$identity" ]] || ! has_command demo; then
    return 0
  fi
  say "Loading the demo company"
  "$binary" demo load --data "$data" >>"$data/start.log" 2>&1 || die_with_log "$data/start.log" "The demo company could not be loaded."
  echo "$identity" >"$data/demo-loaded"
}
