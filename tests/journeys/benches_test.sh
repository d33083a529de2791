#!/bin/bash
# `entrepot bench` against a server as deploy/run starts it: each prints one object with the figures that other scripts read, its orders go all the way that
# an order placed by hand goes, and the last units are sold exactly once. What the figures are is no matter here.
#
#   tests/journeys/benches_test.sh
#
# ENTREPOT_BINARY is the program (else build/release/entrepot). The data folder is kept when something is wrong.
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd -P)
. "$root/tests/support/server_of_its_own.sh"
binary=${ENTREPOT_BINARY:-$root/build/release/entrepot} data='' key=''

# Runs a bench into $data/NAME.json, which must be one line with these figures in it: measure NAME FIGURE... -- ARGUMENT...
measure() {
  local name=$1 wanted=()
  shift
  while [[ $1 != -- ]]; do
    wanted+=("$1")
    shift
  done
  shift
  "$binary" bench "$@" --data "$data" --json >"$data/$name.json" 2>"$data/$name.err" || bad "bench $*: $(tail -n 3 -- "$data/$name.err" "$data/$name.json")"
  [[ $(wc -l <"$data/$name.json") == 1 ]] || bad "bench $*: not one object but $(cat -- "$data/$name.json")"
  for one in "${wanted[@]}"; do
    [[ -n $(figure "$one" "$data/$name.json") ]] || bad "bench $*: no figure $one in $(cat -- "$data/$name.json")"
  done
  cat -- "$data/$name.json"
}

# expect NAME FIGURE VALUE
expect() { [[ $(figure "$2" "$data/$1.json") == "$3" ]] || bad "$1: $2 is $(figure "$2" "$data/$1.json"), not $3"; }

# How many events of each type there are.
counted() { psql -X -A -t -d "$(<"$data/database")" -c "select type, count(*) from event group by type order by type"; }

# The types that are counted more often after an order placed by hand in the bench's shop, once the location has taken it: types_by_hand
types_by_hand() {
  local before now since=$SECONDS
  before=$(counted)
  curl -sS -m 10 -o "$data/by_hand.json" "http://127.0.0.1:$port/v1/orders" -H "Authorization: Bearer $key" -H 'Idempotency-Key: by-hand' -H 'Prefer: wait=5' \
    -H 'Content-Type: application/json' -d '{"channel": "bench", "customer": "C-BENCH", "lines": [{"sku": "BENCH-0001", "quantity": 1}, {"sku": "BENCH-0002", "quantity": 1}],
    "delivery": {"option": "std", "address": {"name": "P", "street": "1 High Street", "city": "Leeds", "postcode": "LS1 1AA", "country": "GB"}}}'
  grep -q '"status": *"confirmed"' -- "$data/by_hand.json" || bad "an order placed by hand is not confirmed: $(<"$data/by_hand.json")"
  until now=$(counted) && grep -q StockAllocated <(diff <(echo "$before") <(echo "$now")); do
    ((SECONDS - since < 10)) || bad "the location does not take an order placed by hand"
    sleep 0.05
  done
  { diff <(echo "$before") <(echo "$now") || true; } | sed -n 's/^> \([A-Za-z]*\)|.*/\1/p' | sort | tr '\n' ' '
}

main() {
  local bench by_hand
  port=$(free_port)
  data=$(mktemp -d /tmp/entrepot-benches.XXXXXX)
  chmod 0755 "$data" # PostgreSQL runs as another user when this is root
  leave_in_order
  start
  key=$(sed -n 's/.*"admin": "\(.*\)".*/\1/p' "$data/demo-keys.json")
  measure orders orders_per_s p50_ms p99_ms errors cpu_ms_per_order rows_per_order commits_deep p99_read_model_lag_ms -- orders --clients 8 --seconds 1
  expect orders errors 0
  measure hot-sku orders_per_s p50_ms p99_ms errors cpu_ms_per_order stock sold sold_answered refused -- hot-sku --clients 16 --seconds 1 --stock 20
  expect hot-sku errors 0
  expect hot-sku sold 20
  expect hot-sku sold_answered 20
  measure journal events_per_s p50_ms p99_ms errors -- journal --clients 8 --seconds 1
  expect journal errors 0
  bench=$(grep -oE '"event_types": *\[[^]]*\]' -- "$data/orders.json" | cut -d: -f2 | tr -d '[]"' | tr , '\n' | sort | tr '\n' ' ')
  by_hand=$(types_by_hand)
  [[ -n $bench && $by_hand == "$bench" ]] || bad "an order of the bench causes '$bench', one placed by hand '$by_hand'"
  echo "an order causes, in the bench and by hand: $bench"
  "$binary" audit --data "$data" --sandbox >"$data/audit.log" 2>&1 || bad "the audit finds contradictions: $(tail -n 5 -- "$data/audit.log")"
}

main "$@"
