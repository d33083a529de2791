#!/bin/bash
# Imports the excerpt into a server of its own: what the client tells is what a control sum finds; a second import adds nothing; and an import whose client and server
# are killed on the way ends with the same figures and a sound journal.
#
#   tests/imports/import_test.sh [--rounds N] [--seed S]
#
#   --rounds N  how often the client is killed (4), in every second round the server, too; at last the server alone, which the client outlives
#   --seed S    of the moments at which they are (SEED, else 1)
#
# ENTREPOT_BINARY is the program (else build/release/entrepot). The data folder is kept when something is wrong.
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd -P)
. "$root/tests/support/server_of_its_own.sh"
rounds=4 seed=${SEED:-1}
binary=${ENTREPOT_BINARY:-$root/build/release/entrepot} file=$root/tests/imports/online_retail_excerpt.csv data='' port='' importing=''

before_leaving() { [[ -z $importing ]] || kill "$importing" 2>/dev/null || true; }

import_to() { "$binary" import orders --format online-retail "$file" --opening-stock auto --data "$data" --patience 120 --report "$data/report.csv" --json >"$1" 2>"$data/import.log"; }

# Imports to the end and holds the figures against the control sum: import_whole NAME
import_whole() {
  import_to "$data/$1.json" || bad "$1: the import fails: $(tail -n 3 -- "$data/import.log")"
  expect_control_sum "$1"
}

expect_control_sum() {
  local told="$data/$1.json" expected found
  expected=$("$root/tests/imports/control_total" "$file" "$data/report.csv")
  found="accepted_total $(figure accepted_total "$told") returned_total $(figure returned_total "$told") rows $(figure read "$told") accepted $(figure accepted "$told") refused $(figure refused "$told")"
  [[ $found == "$expected" ]] || bad "$1: the client says $found, the control sum $expected"
}

audit() {
  "$binary" audit --data "$data" --json >"$data/audit-$1.json" 2>"$data/audit.log" || bad "$1: the audit finds contradictions; see $data/audit-$1.json"
  [[ $(figure contradictions "$data/audit-$1.json") == 0 ]] || bad "$1: the audit tells nothing; see $data/audit-$1.json"
}

# The same NAME in both files: expect_same NAME FILE FILE
expect_same() {
  local one other
  one=$(figure "$1" "$2") other=$(figure "$1" "$3")
  [[ -n $one && $one == "$other" ]] || bad "$1 is ${one:-?} in $2 and ${other:-?} in $3"
}

expect_second_adds_nothing() {
  local name
  audit first
  import_whole second
  audit second
  expect_same events "$data/audit-first.json" "$data/audit-second.json"
  for name in accepted refused accepted_total returned_total orders returns; do
    expect_same "$name" "$data/first.json" "$data/second.json"
  done
  (($(figure replayed "$data/first.json") == 0)) || bad "something was there before the first import"
  (($(figure replayed "$data/second.json") == $(figure orders "$data/second.json") + $(figure returns "$data/second.json"))) || bad "the second import did something"
}

import_in_background() {
  import_to "$1" &
  importing=$!
  pause=$((20 + RANDOM % 400))
  sleep "0.$(printf '%03d' "$pause")"
}

# Kills the client, in every second round the server before it.
kill_in_between() {
  local pause
  import_in_background "$data/killed.json"
  if (($1 % 2 == 0)); then
    kill -KILL "$(cat -- "$data/server.pid")" || bad "there was no server to kill"
  fi
  kill -KILL "$importing" 2>/dev/null || true # it may have been quicker
  wait "$importing" 2>/dev/null || true
  importing=''
  (($1 % 2 != 0)) || start
  printf 'round %d: killed after %d ms\n' "$1" "$pause"
}

# The server dies under the client and comes back; the client finishes by itself.
outlive_the_server() {
  local pause
  import_in_background "$data/$1.json"
  kill -KILL "$(cat -- "$data/server.pid")" || bad "there was no server to kill"
  start
  wait "$importing" || bad "$1: the client did not outlive the server: $(tail -n 3 -- "$data/import.log")"
  importing=''
  expect_control_sum "$1"
}

main() {
  local round name
  while (($# > 0)); do
    case $1 in
      --rounds) rounds=${2:?} ;;
      --seed) seed=${2:?} ;;
      -h | --help) sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" && exit 0 ;;
      *) bad "Unknown option $1; see tests/imports/import_test.sh --help." ;;
    esac
    shift 2
  done
  RANDOM=$seed
  port=$(free_port)
  data=$(mktemp -d /tmp/entrepot-import.XXXXXX)
  leave_in_order

  start_fresh
  import_whole first
  expect_second_adds_nothing
  local undisturbed orders
  undisturbed=$(cat -- "$data/first.json") orders=$(figure orders "$data/audit-second.json")

  start_fresh
  for ((round = 1; round <= rounds; round++)); do
    kill_in_between "$round"
  done
  outlive_the_server last
  audit last
  printf '%s\n' "$undisturbed" >"$data/undisturbed.json"
  for name in accepted refused accepted_total returned_total orders returns; do
    expect_same "$name" "$data/undisturbed.json" "$data/last.json"
  done
  [[ $(figure orders "$data/audit-last.json") == "$orders" ]] || bad "there are $(figure orders "$data/audit-last.json") orders, not $orders"
  printf 'imported, imported again, and %d times killed and once more: %s orders, %s returns, the same figures each time\n' "$rounds" "$(figure orders "$data/last.json")" "$(figure returns "$data/last.json")"
}

main "$@"
