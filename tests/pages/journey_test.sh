#!/bin/bash
# The journey through the pages against the real thing: a private PostgreSQL, the sandbox, the server and the demo company, started by deploy/run in a folder of their own;
# the server is killed (SIGKILL) and started again in the middle.
#
#   tests/pages/journey_test.sh [--data DIR] [--port P] [--pictures FOLDER]
#
# ENTREPOT_BINARY is the program (else build/release/entrepot). When it fails, DIR stays for a look, with what the pages showed last: DIR/journey-failed-*.png.
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd -P)
data='' port=$((20000 + RANDOM % 10000)) pictures=''

while (($# > 0)); do
  case $1 in
    --data) data=${2:?} ;;
    --port) port=${2:?} ;;
    --pictures) pictures=${2:?} ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" && exit 2 ;;
  esac
  shift 2
done
data=${data:-$(mktemp -d /tmp/entrepot-journey.XXXXXX)}
mkdir -p -- "$data"
chmod 0755 "$data" # PostgreSQL runs as another user when this is root
data=$(cd -- "$data" && pwd -P)
start="'$root/deploy/run' --detach --data '$data' --port $port >>'$data.log' 2>&1"

finish() {
  local outcome=$? database
  trap - EXIT
  "$root/deploy/run" --stop --data "$data" >>"$data.log" 2>&1 || true
  if ((outcome == 0)); then
    database=$(readlink -f -- "$data/postgres" 2>/dev/null || true) # it may lie elsewhere, linked
    rm -rf -- "$data" "$data.log" ${database:+"$database"}
  else
    printf 'The data folder is kept: %s (log of starts and stops: %s.log)\n' "$data" "$data" >&2
  fi
  exit "$outcome"
}
trap finish EXIT
trap 'exit 143' INT TERM HUP

sh -c "$start"
node "$root/tests/pages/journey.mjs" --url "http://127.0.0.1:$port" --keys "$data/demo-keys.json" --pictures "${pictures:-$data}" --restart "kill -KILL \$(cat '$data/server.pid') && $start"
