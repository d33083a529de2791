# For scripts that start a server of their own, kill things in it, and leave nothing behind unless something was wrong. Sourced with `root` set; uses $data, the folder,
# and $port. `before_leaving`, if the script has it, ends what else it has going.

bad() {
  printf 'BAD: %s\n' "$*" >&2
  exit 1
}

free_port() {
  local candidate
  for ((candidate = 20000 + RANDOM % 10000; candidate < 32768; candidate++)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null || break
  done
  echo "$candidate"
}

start() { "$root/deploy/run" --detach --data "$data" --port "$port" >>"$data.log" 2>&1 || bad "the server does not start; the log is $data.log"; }

stop_all() { [[ ! -d $data ]] || "$root/deploy/run" --stop --data "$data" >>"$data.log" 2>&1 || true; }

remove_data() {
  local database
  database=$(readlink -f -- "$data/postgres" 2>/dev/null || true) # it may lie elsewhere, linked
  rm -rf -- "$data" ${database:+"$database"}
}

# An empty data folder with everything started in it.
start_fresh() {
  stop_all
  remove_data
  mkdir -m 0755 -- "$data" # PostgreSQL runs as another user when this is root
  start
}

leave() {
  local outcome=$?
  trap - EXIT
  ! declare -F before_leaving >/dev/null || before_leaving
  stop_all
  if ((outcome == 0)); then
    remove_data
    rm -f -- "$data.log"
  else
    printf 'The data folder is kept: %s (log of starts and stops: %s.log)\n' "$data" "$data" >&2
  fi
  exit "$outcome"
}

# Calls leave however the script ends.
leave_in_order() {
  trap leave EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# The figure NAME of a flat JSON object in FILE; nothing if there is none: figure NAME FILE
figure() { grep -oE "\"$1\": *-?[0-9.]+" -- "$2" | head -n 1 | grep -oE -- '-?[0-9.]+$' || true; }
