#!/bin/bash
# /readyz says the truth about PostgreSQL within two seconds: killed, frozen, and back again; /healthz stays 200 meanwhile, since the server needs no restart.
#
#   tests/faults/readiness_test.sh
#
# ENTREPOT_BINARY is the program (else build/release/entrepot). The data folder is kept when something is wrong.
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd -P)
. "$root/tests/support/server_of_its_own.sh"
data='' url='' frozen=''

before_leaving() { [[ -z $frozen ]] || kill -CONT $frozen 2>/dev/null || true; }

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
  leave_in_order
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
