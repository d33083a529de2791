#!/bin/bash
# First orders with one new e-mail, many at once, over HTTP: they are one customer's, also if the server is killed while the customer is being made.
#
#   tests/faults/first_orders_test.sh [--rounds N] [--seed S]
#
#   --rounds N  how often the server is killed (3)
#   --seed S    of the moments at which it is (SEED, else 1)
#
# ENTREPOT_BINARY is the program (else build/release/entrepot). The data folder is kept when something is wrong.
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd -P)
. "$root/tests/support/server_of_its_own.sh"
rounds=3 seed=${SEED:-1} people=6 orders=64 # people order at once, each of them orders / people times
binary=${ENTREPOT_BINARY:-$root/build/release/entrepot} data='' url='' key=''

# What the journal says: ask SQL
ask() { psql -X -A -t -d "$(cat -- "$data/database")" -c "$1"; }
count_of() { ask "select count(*) from event where type = '$1'"; }

# Writes the orders of a round for curl: all of them together, an Idempotency-Key each, the answers into files: write_orders ROUND
write_orders() {
  local n email
  for ((n = 0; n < orders; n++)); do
    email="r$1-p$((n % people))@example.com"
    ((n == 0)) || echo next
    printf 'url = "%s/v1/orders"\noutput = "%s/answers/%s.%d"\nmax-time = 20\nsilent\n' "$url" "$data" "$email" "$n"
    printf 'header = "Authorization: Bearer %s"\nheader = "Idempotency-Key: %s-%d"\nheader = "Content-Type: application/json"\n' "$key" "$1" "$n"
    printf 'data = "{\\"channel\\":\\"web\\",\\"contact\\":{\\"name\\":\\"P\\",\\"email\\":\\"%s\\",\\"phone\\":\\"07400 1%02d%03d\\"},' "$email" "$1" "$((n % people))"
    printf '\\"lines\\":[{\\"sku\\":\\"MUG-3\\",\\"quantity\\":1}],\\"payment\\":{\\"method\\":\\"card\\",\\"token\\":\\"tok_visa\\"},'
    printf '\\"delivery\\":{\\"option\\":\\"std\\",\\"address\\":{\\"name\\":\\"P\\",\\"street\\":\\"1 High Street\\",\\"city\\":\\"Leeds\\",\\"country\\":\\"GB\\"}}}"\n'
  done >"$data/orders.curl"
}

send_orders() { curl --parallel --parallel-immediate --parallel-max "$orders" -K "$data/orders.curl" >>"$data/curl.log" 2>&1 || true; }

# Every answer names a customer, and all answers with one e-mail the same: expect_one_customer_each ROUND
expect_one_customer_each() {
  local n email customers
  for ((n = 0; n < people; n++)); do
    email="r$1-p$n@example.com"
    customers=$(grep -ohE '"customer":("C[0-9a-z]{13}"|null)' -- "$data/answers/$email".* | sort | uniq -c) || bad "round $1: no order of $email was answered"
    [[ $(wc -l <<<"$customers") == 1 && $customers != *null* ]] || bad "round $1: the orders of $email are of these customers: $customers"
    (($(awk '{ print $1 }' <<<"$customers") == (orders - n + people - 1) / people)) || bad "round $1: orders of $email are missing: $customers"
  done
}

play_round() {
  local ordering pause half='none'
  rm -rf -- "$data/answers" && mkdir -p -- "$data/answers"
  write_orders "$1"
  if (($1 > 0)); then
    send_orders &
    ordering=$!
    pause=$((10 + RANDOM % 90))
    sleep "0.$(printf '%03d' "$pause")"
    kill -KILL "$(cat -- "$data/server.pid")" || bad "there was no server to kill"
    wait "$ordering" || true
    start
    half="$(count_of CustomerRegistered) registered, $(count_of IdentityClaimed) keys claimed"
  fi
  send_orders
  expect_one_customer_each "$1"
  (($(count_of CustomerRegistered) == before + people * ($1 + 1))) || bad "round $1: $(count_of CustomerRegistered) customers, not $((before + people * ($1 + 1)))"
  printf 'round %d: %d orders, %d people, one customer each; killed after %s ms: %s\n' "$1" "$orders" "$people" "${pause:--}" "$half"
}

main() {
  local round before
  while (($# > 0)); do
    case $1 in
      --rounds) rounds=${2:?} ;;
      --seed) seed=${2:?} ;;
      -h | --help) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" && exit 0 ;;
      *) bad "Unknown option $1; see tests/faults/first_orders_test.sh --help." ;;
    esac
    shift 2
  done
  RANDOM=$seed
  port=$(free_port)
  url=http://127.0.0.1:$port
  data=$(mktemp -d /tmp/entrepot-first.XXXXXX)
  chmod 0755 "$data" # PostgreSQL runs as another user when this is root
  leave_in_order
  start
  key=$(sed -n 's/.*"gateway": "\(.*\)".*/\1/p' "$data/demo-keys.json")
  before=$(count_of CustomerRegistered)
  for ((round = 0; round <= rounds; round++)); do
    play_round "$round"
  done
  "$binary" audit --data "$data" >"$data/audit.log" 2>&1 || bad "the audit finds contradictions: $(tail -n 5 -- "$data/audit.log")"
}

main "$@"
