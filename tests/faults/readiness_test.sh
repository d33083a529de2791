#!/bin/bash
# /readyz says the truth about PostgreSQL within two seconds: killed, frozen, and back again; /healthz stays 200 meanwhile, since the server needs no restart.
#
#   tests/faults/readiness_test.sh
#
# ENTREPOT_BINARY is the program (else build/release/entrepot). The data folder is kept when something is wrong.
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd -P)
data='' url='' frozen=''

bad() {
  printf 'BAD: %s\n' "$*" >&2
  exit 1
}

leave() {
  local outcome=$?
  trap - EXIT
  [[ -z $frozen ]] || kill -CONT $frozen 2>/dev/null || true
  [[ ! -d $data ]] || "$root/deploy/run" --stop --data "$data" >>"$data.log" 2>&1 || true
  if ((outcome == 0)); then
    rm -rf -- "$data" "$(readlink -f -- "$data/postgres" 2>/dev/null || echo "$data")" "$data.log"
  else
    printf 'The data folder is kept: %s (log of starts and stops: %s.log)\n' "$data" "$data" >&2
  fi
  exit "$outcome"
}

free_port() {
  local candidate
  for ((candidate = 20000 + RANDOM % 10000; candidate < 32768; candidate++)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null || break
  done
  echo "$candidate"
}

start() { "$root/deploy/run" --detach --data "$data" --port "$port" >>"$data.log" 2>&1 || bad "the server does not start; the log is $data.log"; }
status_of() { curl -s -o /dev/null -m 1 -w '%{http_code}' "$url$1" || true; }
now_ms() { date +%s%3N; }

# expect_ready STATUS WITHIN_MS WHY
expect_ready() {
  local since
  since=$(now_ms)
  until [[ $(status_of /readyz) == "$1" ]]; do
    (($(now_ms) - since <= $2)) || bad "$3: /readyz does not answer $1 within $2 ms but $(status_of /readyz)"
    sleep 0.02
  done
  printf '%s: /readyz answers %s after %d ms\n' "$3" "$1" $(($(now_ms) - since))
}

main() {
  local server postmaster
  port=$(free_port)
  url=http://127.0.0.1:$port
  data=$(mktemp -d /tmp/entrepot-ready.XXXXXX)
  chmod 0755 "$data" # PostgreSQL runs as another user when this is root
  trap leave EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  start
  [[ $(status_of /readyz) == 200 ]] || bad "a server that has started is not ready"
  server=$(<"$data/server.pid")

  postmaster=$(head -n 1 -- "$data/postgres/postmaster.pid")
  frozen="$postmaster $(ps -o pid= --ppid "$postmaster" | tr '\n' ' ')"
  # shellcheck disable=SC2086 # several numbers
  kill -STOP $frozen
  expect_ready 503 4000 "PostgreSQL is frozen" # the next heartbeat is a second away, and is given 1.5 s
  # shellcheck disable=SC2086
  kill -CONT $frozen
  frozen=''
  expect_ready 200 10000 "PostgreSQL goes on"

  kill -KILL "$postmaster"
  expect_ready 503 2000 "PostgreSQL was killed"
  [[ $(status_of /healthz) == 200 ]] || bad "/healthz does not answer 200 without PostgreSQL: somebody would restart the server for nothing"
  start # what died is started again, the server is left alone
  expect_ready 200 10000 "PostgreSQL is back"
  [[ $(<"$data/server.pid") == "$server" ]] || bad "the server was started anew"
}

main "$@"
