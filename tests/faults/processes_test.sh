#!/bin/bash
# A process that waits for a person, and `entrepot processes`: list shows it, show tells why, retry lets it go on. The customer of an order has cancelled, and the provider refused five times to
# give the money back, which would take more than a day, so these refusals are written into the journal; the first retry finds a provider that has lost its books, the second one that has them back.
#
#   tests/faults/processes_test.sh
#
# ENTREPOT_BINARY is the program (else build/release/entrepot). The data folder is kept when something is wrong.
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd -P)
. "$root/tests/support/server_of_its_own.sh"
binary=${ENTREPOT_BINARY:-$root/build/release/entrepot} data='' url='' said='' complained='' outcome=''

ask() { psql -X -A -t -q -v ON_ERROR_STOP=1 -d "$(cat -- "$data/database")" -c "$1"; }
key_of() { sed -n "s/.*\"$1\": \"\(.*\)\".*/\1/p" "$data/demo-keys.json"; }

# Waits until the journal answers SQL with something: wait_for WHAT SQL
wait_for() {
  local until=$((SECONDS + 20))
  until [[ -n $(ask "$2") ]]; do
    ((SECONDS < until)) || bad "there is no $1"
    sleep 0.1
  done
}

# send KEY PATH BODY: the answer of a POST
send() {
  curl -s -m 20 -H "Authorization: Bearer $(key_of gateway)" -H "Idempotency-Key: $1" -H 'Content-Type: application/json' -d "$3" "$url$2"
}

# processes ARGUMENTS: sets `said` (standard output), `complained` (standard error) and `outcome` (the exit code)
processes() {
  outcome=0
  said=$("$binary" processes "$@" 2>"$data/processes.err") || outcome=$?
  complained=$(<"$data/processes.err")
}
# expect CODE WHAT: the last call ended so, and said, or complained if it failed, WHAT (a pattern of bash)
expect() {
  local text=$said
  (($1 == 0)) || text=$complained
  # shellcheck disable=SC2053 # a pattern
  [[ $outcome == "$1" && $text == $2 ]] || bad "${FUNCNAME[1]}: exit code $outcome, not $1, or not $2: $said$complained"
  (($1 == 0)) || [[ -z $said ]] || bad "what went wrong was told on standard output: $said"
}

# Adds an event to the order's payment plan while no server runs: append TYPE DATA
append() {
  ask "with last as (select shard, stream, seq from event where stream = $plan order by seq desc limit 1)
       insert into event (shard, version, seq, pos, stream, at, command, type, metadata, data)
       select shard, 1, seq + 1, (select max(pos) + 1 from event e where e.shard = last.shard), stream, now(), gen_random_uuid(), '$1', '{}', '$2' from last"
}
refuse_five_refunds() {
  local n
  for n in 1 2 3 4 5; do
    append RefundAsked "{\"instalment\":1,\"key\":\"$order/1/r$n\",\"amount\":\"650 GBP\"}"
    append RefundFailed "{\"instalment\":1,\"key\":\"$order/1/r$n\",\"code\":\"card-closed\"}"
  done
}
# The sandbox plays the provider: its books are gone, and come back.
lose_books() {
  kill -KILL "$(<"$data/sandbox.pid")" || bad "there was no sandbox to kill"
  mv -- "$books" "$books.lost"
}
find_books() {
  kill -KILL "$(<"$data/sandbox.pid")" || bad "there was no sandbox to kill"
  mv -- "$books.lost" "$books"
}
# Between two runs of the server: between_runs COMMAND...
between_runs() {
  kill -KILL "$(<"$data/server.pid")" || bad "there was no server to kill"
  "$@"
  start
}

order_by_card() {
  send order-1 /v1/orders '{"channel":"web","contact":{"name":"P","email":"p@example.com","phone":"07400 100001"},"lines":[{"sku":"MUG-3","quantity":1}],
    "payment":{"method":"card","token":"tok_visa"},
    "delivery":{"option":"std","address":{"name":"P","street":"1 High Street","city":"Leeds","country":"GB"}}}' >"$data/order.json"
  order=$(grep -oE '"id": *"ord_[0-9a-z]+"' "$data/order.json" | head -n 1 | grep -oE 'ord_[0-9a-z]+') || bad "no order was made: $(<"$data/order.json")"
  wait_for "payment of $order" "select 1 from event where type = 'InstalmentCaptured' and data->>'key' like '$order/%'"
  plan=$(ask "select stream from event where type = 'InstalmentCaptured' and data->>'key' like '$order/%'")
  wait_for "work for $order" "select 1 from event f join event p using (shard) where p.stream = $plan and f.type = 'FulfilmentAccepted' and f.stream between p.stream and p.stream + 255"
}

# Waits until the list names the order, which the projector writes behind the journal: parked_within SECONDS
parked_within() {
  local until=$((SECONDS + $1))
  until processes list --data "$data" && [[ $said == *"$order"* ]]; do
    ((SECONDS < until)) || bad "the order is not parked: $said$complained; $("$binary" processes show "$order" --data "$data")"
    sleep 0.1
  done
}
gone_within() {
  local until=$((SECONDS + $1))
  until processes list --data "$data" && [[ $said == 'No process waits for a person.' ]]; do
    ((SECONDS < until)) || bad "the list still says $said$complained"
    sleep 0.1
  done
}

expect_nothing_parked() {
  processes list --data "$data" && expect 0 'No process waits for a person.'
  processes list --json --data "$data" && expect 0 '{"items":\[\]}'
  processes retry "$order" --data "$data" && expect 3 "The process of $order is not parked*processes show $order*"
  processes show "$order" --data "$data" && expect 0 "*Order $order: confirmed.*Awaited: *"
}

expect_parked() {
  parked_within 20
  expect 0 "$order  parked since 20??-*Z at \"money for cancelled units goes back\": 6.50 GBP of the customer's money cannot be given back to the card (refund-failed)"
  processes list --json --data "$data" && expect 0 "{\"items\":\[{*\"code\":\"refund-failed\"*\"id\":\"$order\"*}\]}"
  processes show "$order" --data "$data"
  expect 0 "1.  20*Order submitted in web*Order $order: cancelled.*Parked since 20*\"money for cancelled units goes back\"*(refund-failed)*processes retry $order\` lets it go on.*"
  processes show "$order" --json --data "$data" && expect 0 '{"events":\[{*"process":{*"parked":{"code":"refund-failed"*'
}

expect_keys_and_addresses_are_heeded() {
  processes list --url "$url" --key "$(key_of auditor)" && expect 0 "$order  parked since *"
  processes retry "$order" --url "$url/" --key "$(key_of auditor)" && expect 1 '*403 role-not-allowed*'
  processes list --url "$url" --key nobodys && expect 1 '*401*'
  processes list --url "$url" && expect 1 '*which*key*--key*'
  processes list --key x && expect 1 '*which server*--url*'
  processes list --url somewhere --key x && expect 1 '*no address of a server*'
  processes list --url http://127.0.0.1:1 --key x && expect 1 '?*'
}

expect_strangers_are_unknown() {
  local stranger verb
  for stranger in ord_nonsense ord_1cj37r03x0000 '../orders' "$order/retry"; do
    for verb in show retry; do
      processes "$verb" "$stranger" --data "$data" && expect 2 "There is no order $stranger."
    done
  done
}

main() {
  local order='' plan='' books=''
  port=$(free_port)
  url=http://127.0.0.1:$port
  data=$(mktemp -d /tmp/entrepot-processes.XXXXXX)
  chmod 0755 "$data" # PostgreSQL runs as another user when this is root
  leave_in_order
  start
  books=$data/sandbox-ledger.ndjson
  order_by_card
  expect_nothing_parked
  between_runs refuse_five_refunds
  send cancellation-1 "/v1/orders/$order/cancellations" '{"reason":"changed my mind"}' >"$data/cancellation.json"
  expect_parked
  expect_keys_and_addresses_are_heeded
  expect_strangers_are_unknown

  between_runs lose_books
  parked_within 20
  processes retry "$order" --data "$data" && expect 0 "The process of $order goes on: what was refused is asked anew."
  wait_for "sixth refusal" "select 1 from event where stream = $plan and type = 'RefundFailed' having count(*) = 6"
  parked_within 20
  between_runs find_books
  processes retry "$order" --json --url "$url" --key "$(key_of operator)" && expect 0 "{*\"id\":\"$order\"*"
  gone_within 20
  processes show "$order" --data "$data" && expect 0 "*6.50 GBP given back*Order $order: cancelled.*Nothing is awaited any more."
  [[ $said != *'Parked since'* ]] || bad "the order is still parked: $said"
  processes retry "$order" --data "$data" && expect 3 '*is not parked*'
  "$binary" audit --data "$data" >"$data/audit.log" 2>&1 || bad "the audit finds contradictions: $(tail -n 5 -- "$data/audit.log")"
  printf 'parked, listed, shown, retried in vain, mended, retried: %s is settled\n' "$order"
}

main "$@"
