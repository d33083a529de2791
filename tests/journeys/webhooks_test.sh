#!/bin/bash
# Two other systems are told of a delivery and a pickup of the demo company. The one is away, answers 500 and hangs for a while, and the server is killed (SIGKILL) in between:
# it takes every event of each order in order, each at least once, under one id. The other never takes one of them: that becomes a dead letter, and is replayed.
# Every message is checked with the published verifier (npm: standardwebhooks), or where the npm registry cannot be reached by the words of the specification, and against CloudEvents 1.0.
#
#   tests/journeys/webhooks_test.sh
#
# ENTREPOT_BINARY is the program (else build/release/entrepot). The npm registry is asked once. The data folder is kept when something is wrong.
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd -P)
. "$root/tests/support/server_of_its_own.sh"
binary=${ENTREPOT_BINARY:-$root/build/release/entrepot} data='' work='' port='' url=''
patience=90 # seconds for what comes by itself: an endpoint that was away is tried again after up to 40 s
declare -A receivers=() ports=() endpoints=()

before_leaving() {
  local name
  for name in "${!receivers[@]}"; do stop_receiver "$name"; done
  [[ -z $work ]] || rm -rf -- "$work"
}

# Reads JSON: member PATH, e.g. member items.0.id; nothing if it is not there.
member() {
  python3 -c '
import json, sys
value = json.load(sys.stdin)
for part in sys.argv[1].split("."):
    value = value[int(part)] if part.isdigit() and isinstance(value, list) and int(part) < len(value) else value.get(part) if isinstance(value, dict) else None
print("" if value is None else value)' "$1"
}

key() { member "$1" <"$data/demo-keys.json"; }
get() { curl -fs --noproxy '*' -m 10 -H "Authorization: Bearer $(key "${2:-admin}")" "$url$1"; }
is() { [[ $1 == "$2" ]] || bad "$3 is '$1', not '$2'"; }

# post ROLE PATH BODY [HEADER]
post() {
  curl -fsS --noproxy '*' -m 40 -H "Authorization: Bearer $(key "$1")" -H "Idempotency-Key: webhooks-$(date +%s%N)" -H 'Content-Type: application/json' ${4:+-H "$4"} -d "$3" "$url$2" ||
    bad "POST $2 by $1 fails"
}

# until_is VALUE WHAT [ARGUMENTS]: waits until the function WHAT prints VALUE.
until_is() {
  local end=$((SECONDS + patience)) found='' wanted=$1
  shift
  until found=$("$@" 2>/dev/null) && [[ $found == "$wanted" ]]; do
    ((SECONDS < end)) || bad "$*: '$found' and not '$wanted' after $patience s"
    sleep 0.1
  done
}

# ---- receivers ---------------------------------------------------------------------------------------------------------------------------

book() { node "$root/tests/journeys/webhooks/book.mjs" "$work/$1" "${@:2}"; }
mode() { printf '%s\n' "$2" >"$work/$1/mode"; }
listens() { (exec 3<>"/dev/tcp/127.0.0.1/${ports[$1]}") 2>/dev/null && echo yes; }

start_receiver() {
  node "$root/tests/journeys/webhooks/receiver.mjs" "${ports[$1]}" "$work/$1" >>"$work/$1/log" 2>&1 &
  receivers[$1]=$!
  until_is yes listens "$1"
}

stop_receiver() {
  kill -KILL "${receivers[$1]}" 2>/dev/null || true
  wait "${receivers[$1]}" 2>/dev/null || true
}

# register NAME: an endpoint and its receiver.
register() {
  local made
  mkdir -m 0700 -- "$work/$1"
  mode "$1" ok
  ports[$1]=$(free_port)
  made=$(post admin /v1/webhook-endpoints "{\"url\": \"http://127.0.0.1:${ports[$1]}/hooks/$1\"}")
  endpoints[$1]=$(member id <<<"$made")
  member secret <<<"$made" >"$work/$1/secret"
  start_receiver "$1"
  # From here on it is told, and says so by its figures.
  until_is 0 waiting_metric "$1"
}

waiting_metric() { get /metrics | grep -F "entrepot_webhooks_waiting{endpoint=\"${endpoints[$1]}\"}" | grep -oE '[0-9]+$'; }
dead_letters() { get "/v1/webhook-endpoints/${endpoints[$1]}/deliveries?status=dead" operator | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["items"]))'; }

# The published verifier and what it needs, of the versions in package-lock.json: by npm, or without it (Debian's npm brings hundreds of packages) one archive after the other.
install_verifier() {
  cp -- "$root/tests/journeys/webhooks/package.json" "$root/tests/journeys/webhooks/package-lock.json" "$work/"
  if command -v npm >/dev/null; then
    (cd -- "$work" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error) >"$work/npm.log" 2>&1 && return
  elif fetch_archives; then
    return
  fi
  rm -rf -- "$work/node_modules"
  echo 'The npm registry cannot be reached: messages are checked by the words of the specification, not by the published verifier.'
}

# False if one cannot be fetched. What is fetched is what the lock says, or the test fails.
fetch_archives() {
  local path address hash
  while read -r path address hash; do
    mkdir -p -- "$work/$path"
    curl -fsS -m 60 -o "$work/archive" "$address" 2>"$work/npm.log" || return
    [[ sha512-$(openssl dgst -sha512 -binary "$work/archive" | base64 -w 0) == "$hash" ]] || bad "$address is not what package-lock.json says"
    tar -xzf "$work/archive" --strip-components 1 -C "$work/$path"
  done < <(python3 -c '
import json, sys
for path, package in json.load(open(sys.argv[1]))["packages"].items():
    if path:
        name = path.removeprefix("node_modules/")
        archive = name.split("/")[-1] + "-" + package["version"] + ".tgz"
        print(path, "https://registry.npmjs.org/" + name + "/-/" + archive, package["integrity"])' "$work/package-lock.json")
}

# ---- the server --------------------------------------------------------------------------------------------------------------------------

kill_server() { kill -KILL "$(cat -- "$data/server.pid")" || bad "there was no server to kill"; }

# Makes the three days pass that an endpoint is tried for. Only while the server is down.
let_days_pass() { psql -qAt -v ON_ERROR_STOP=1 "$(cat -- "$data/database")" -c "update webhook_delivery set first_try = first_try - interval '4 days', due = now()" || bad "the database cannot be asked"; }

# ---- orders ------------------------------------------------------------------------------------------------------------------------------

place_delivery() {
  post gateway /v1/orders '{"channel": "web", "customer": "C-GOLD", "lines": [{"sku": "MUG-1", "quantity": 2}], "delivery": {"option": "24h", "address":
    {"name": "Front desk", "street": "1 Example Street", "city": "Leeds", "postcode": "LS1 1AA", "country": "GB"}}}' 'Prefer: wait=10' | member id
}
place_pickup() {
  post gateway /v1/orders '{"channel": "web", "workflow": "bopis", "customer": "C-GOLD", "lines": [{"sku": "MUG-1", "quantity": 1}], "pickup": {"store": "LEEDS-1"}}' 'Prefer: wait=10' | member id
}
order_is() { get "/v1/orders/$1" | member "$2"; }

readonly delivered='order.submitted.v1 order.confirmed.v1 fulfilment.accepted.v1 fulfilment.shipped.v1 fulfilment.delivered.v1 payment.billed.v1 order.completed.v1'
readonly fetched='order.submitted.v1 order.confirmed.v1 pickup.accepted.v1 pickup.staged.v1 pickup.handed_over.v1 payment.billed.v1 order.completed.v1'

# Has somebody away for a while, answering 500, and silent, while the server is killed twice.
a_delivery() {
  local order place
  order=$(place_delivery)
  until_is accepted order_is "$order" fulfilments.0.status
  place=$(order_is "$order" fulfilments.0.id)
  until_is 'order.submitted.v1 order.confirmed.v1 fulfilment.accepted.v1' book erp taken "$order"
  stop_receiver erp
  post staff "/v1/fulfilments/$place/pick" '{"lines": []}' >/dev/null
  post staff "/v1/fulfilments/$place/pack" '{"parcels": [{"weight_grams": 900}]}' >/dev/null
  post staff "/v1/fulfilments/$place/ship" '{"tracking": "JOURNEY-1"}' >/dev/null
  kill_server
  start
  mode erp down
  start_receiver erp
  post staff "/v1/fulfilments/$place/deliver" '{}' >/dev/null
  until_is completed order_is "$order" status
  until grep -q '"answer":500' "$work/erp/book.ndjson"; do sleep 0.1; done # of whichever event is first: the checkpoint may have died with the server
  kill_server
  start
  mode erp ok
  until_is "$delivered" book erp taken "$order"
  until_is "$delivered" book wms taken "$order"
  printf 'delivered, with the receiver away and the server killed twice: %s\n' "$order"
}

a_pickup() {
  local order place
  mode erp hang
  order=$(place_pickup)
  until_is offered order_is "$order" pickups.0.status
  place=$(order_is "$order" pickups.0.id)
  post staff "/v1/pickups/$place/accept" '{}' >/dev/null
  post staff "/v1/pickups/$place/pick" '{"lines": []}' >/dev/null
  post staff "/v1/pickups/$place/stage" '{"bin": "A-1"}' >/dev/null
  until [[ $(book erp tries order.submitted.v1) -ge 2 ]]; do sleep 0.1; done
  kill_server
  stop_receiver erp
  start
  mode erp ok
  start_receiver erp
  post staff "/v1/pickups/$place/hand-over" '{"id_checked": true}' >/dev/null
  until_is "$fetched" book erp taken "$order"
  until_is "$fetched" book wms taken "$order"
  printf 'fetched, with the receiver silent and the server killed: %s\n' "$order"
}

# One event that is never taken: what follows of its order waits for it, until it is a dead letter; other orders go on.
a_dead_letter() {
  local order other
  mode wms 'refuse order.confirmed.v1'
  order=$(place_delivery)
  until_is 'order.submitted.v1' book wms taken "$order"
  until [[ $(book wms tries order.confirmed.v1) -ge 3 ]]; do sleep 0.1; done
  other=$(place_pickup)
  until_is 'order.submitted.v1' book wms taken "$other"
  is "$(dead_letters wms)" 0 "the number of dead letters"
  until [[ $(get "/v1/webhook-endpoints/${endpoints[wms]}/deliveries?status=waiting" operator | member items.0.tries) -ge 1 ]]; do sleep 0.1; done
  kill_server
  let_days_pass
  start
  until_is 2 dead_letters wms
  until_is 'order.submitted.v1 fulfilment.accepted.v1' book wms taken "$order"
  mode wms ok
  is "$(post operator "/v1/webhook-endpoints/${endpoints[wms]}/replay" '{}' | member replayed)" 2 "the number of replayed dead letters"
  until_is 'order.submitted.v1 fulfilment.accepted.v1 order.confirmed.v1' book wms taken "$order"
  until_is 0 dead_letters wms
  is "$(book wms ids order.confirmed.v1)" 4 "the number of different confirmations, however often they came"
  printf 'a dead letter was replayed under its own id: %s\n' "$order"
}

a_new_secret() {
  local order
  post admin "/v1/webhook-endpoints/${endpoints[erp]}/rotate-secret" '{}' | member secret >"$work/erp.new-secret"
  sleep 2 # a change is seen within a second
  order=$(place_delivery)
  until_is 'order.submitted.v1 order.confirmed.v1 fulfilment.accepted.v1' book erp taken "$order" # by the old secret
  is "$(book erp signatures)" 2 "the number of signatures"
  stop_receiver erp
  cp -- "$work/erp.new-secret" "$work/erp/secret"
  start_receiver erp
  order=$(place_delivery)
  until_is 'order.submitted.v1 order.confirmed.v1 fulfilment.accepted.v1' book erp taken "$order"
  printf 'both secrets sign while one is being changed\n'
}

nothing_leaks() {
  local file
  for file in "$work/erp/secret" "$work/erp.new-secret" "$work/wms/secret"; do
    ! grep -qF "$(cat -- "$file")" "$data/server.log" "$data/start.log" "$data.log" || bad "a webhook's secret stands in a log"
    ! get /v1/webhook-endpoints | grep -qF "$(cat -- "$file")" || bad "a webhook's secret is listed"
    ! get /metrics | grep -qF "$(cat -- "$file")" || bad "a webhook's secret is a metric"
  done
}

main() {
  port=$(free_port)
  url=http://127.0.0.1:$port
  data=$(mktemp -d /tmp/entrepot-webhooks.XXXXXX)
  work=$(mktemp -d /tmp/entrepot-receivers.XXXXXX)
  leave_in_order
  install_verifier
  start_fresh
  register erp
  register wms
  a_delivery
  a_pickup
  book erp in-order || bad "erp was not told in order"
  book wms in-order || bad "wms was not told in order"
  a_dead_letter
  a_new_secret
  book erp in-order || bad "erp was not told in order"
  nothing_leaks
  "$binary" audit --data "$data" --sandbox --json >"$data/audit.json" || bad "the audit finds contradictions; see $data/audit.json"
  is "$(figure contradictions "$data/audit.json")" 0 "the number of contradictions"
}

main "$@"
