#!/bin/bash
# A delivery of the demo company from the packing table to the bill, with the carrier in it: packed, labelled, shipped without anybody typing a number, delivered by the
# carrier's signed message, billed. The carrier is too fast at first; server and sandbox are killed (SIGKILL) while its message waits.
#
#   tests/journeys/carrier_test.sh
#
# ENTREPOT_BINARY is the program (else build/release/entrepot). The data folder is kept when something is wrong.
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd -P)
. "$root/tests/support/server_of_its_own.sh"
binary=${ENTREPOT_BINARY:-$root/build/release/entrepot} data='' port='' url='' posts=0
patience=60 # seconds for what comes by itself

# Reads JSON: member PATH [FILE], e.g. member fulfilments.0.id; nothing if it is not there.
member() {
  python3 -c '
import json, sys
value = json.load(sys.stdin)
for part in sys.argv[1].split("."):
    value = value[int(part)] if part.isdigit() and isinstance(value, list) and int(part) < len(value) else value.get(part) if isinstance(value, dict) else None
print("" if value is None else value)' "$1"
}

key() { member "$1" <"$data/demo-keys.json"; }
sandbox() { cat -- "$data/sandbox-url"; }
get() { curl -fs --noproxy '*' -m 10 -H "Authorization: Bearer $(key admin)" "$url$1"; }
parcel() { curl -fs --noproxy '*' -m 10 "$(sandbox)/parcels/$tracking"; }
order_now() { get "/v1/orders/$order"; }
fulfilment_now() { get "/v1/fulfilments/$fulfilment"; }

# post ROLE PATH BODY [HEADER]
post() {
  posts=$((posts + 1))
  curl -fsS --noproxy '*' -m 40 -H "Authorization: Bearer $(key "$1")" -H "Idempotency-Key: journey-$posts" -H 'Content-Type: application/json' ${4:+-H "$4"} -d "$3" "$url$2" ||
    bad "POST $2 by $1 fails"
}
staff() { post staff "/v1/fulfilments/$fulfilment/$1" "${2:-{\}}" >/dev/null; }

# until_is WHAT PATH VALUE: waits until the member PATH of what the function WHAT shows is VALUE.
until_is() {
  local end=$((SECONDS + patience)) found=''
  until found=$("$1" 2>/dev/null | member "$2" 2>/dev/null) && [[ $found == "$3" ]]; do
    ((SECONDS < end)) || bad "$1: $2 is ${found:-nothing} and not $3 after $patience s"
    sleep 0.1
  done
}

kill_server() { kill -KILL "$(cat -- "$data/server.pid")" || bad "there was no server to kill"; }

is() { [[ $1 == "$2" ]] || bad "$3 is $1, not $2"; }

place_order() {
  post gateway /v1/orders '{"channel": "web", "customer": "C-GOLD", "lines": [{"sku": "MUG-1", "quantity": 2}], "delivery": {"option": "24h", "address":
    {"name": "Front desk", "street": "1 Example Street", "city": "Leeds", "postcode": "LS1 1AA", "country": "GB"}}}' 'Prefer: wait=10' | member id
}

# status_of_message SIGNATURE: what the server answers to a message so signed.
status_of_message() {
  curl -s --noproxy '*' -m 10 -o /dev/null -w '%{http_code}' -H 'webhook-id: evt_forged' -H "webhook-timestamp: $(date +%s)" -H "webhook-signature: $1" -H 'Content-Type: application/json' \
    -d "{\"type\": \"delivered\", \"reference\": \"$fulfilment\", \"tracking\": \"$tracking\", \"occurred_at\": \"$(date -u +%FT%TZ)\"}" "$url/v1/carrier-events"
}

main() {
  local order fulfilment tracking story figures
  port=$(free_port)
  url=http://127.0.0.1:$port
  data=$(mktemp -d /tmp/entrepot-carrier.XXXXXX)
  leave_in_order
  start_fresh
  is "$(stat -c %a -- "$data/carrier-secret")" 600 "the mode of the carrier's secret"

  order=$(place_order)
  [[ -n $order ]] || bad "no order was made"
  until_is order_now fulfilments.0.status accepted
  fulfilment=$(order_now | member fulfilments.0.id)
  staff start-pick
  staff pick '{"lines": []}'
  staff pack '{"parcels": [{"weight_grams": 900}]}'
  until_is fulfilment_now label.status ready
  is "$(fulfilment_now | member label.carrier)" Fedex "the label's carrier"
  tracking=$(fulfilment_now | member label.tracking)
  is "$(parcel | member reference)" "$fulfilment" "the label's reference"
  is "$(get /v1/locations/DC/fulfilments | member items.0.label.tracking)" "$tracking" "the number on the board"

  curl -fs --noproxy '*' -o /dev/null -X POST "$(sandbox)/parcels/$tracking/delivered" || bad "the carrier cannot be told"
  until_is parcel delivery.last_answer 409
  printf 'the carrier was faster than the staff, and is asked to tell it again\n'
  kill_server
  until_is parcel delivery.last_answer 0
  kill -KILL "$(cat -- "$data/sandbox.pid")" || bad "there was no sandbox to kill"
  start
  printf 'server and sandbox were killed and started again\n'
  is "$(status_of_message 'v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=')" 401 "the answer to a forged message"
  is "$(fulfilment_now | member status)" packed "the parcel's status"
  staff ship
  is "$(fulfilment_now | member tracking)" "$tracking" "the number that nobody typed"

  until_is parcel delivery.status acknowledged
  until_is order_now status completed
  is "$(fulfilment_now | member status)" delivered "the parcel's status"
  is "$(order_now | member instalments.0.status)" billed "the instalment's status"
  figures=$(get /metrics) # all of it: who stops reading early makes curl fail
  grep -qxF 'entrepot_partner_events_total{partner="carrier",outcome="taken"} 1' <<<"$figures" || bad "the carrier's message is not counted: $(grep partner_events <<<"$figures")"
  kill_server
  start
  is "$(order_now | member status)" completed "the order's status after another start"
  story=$("$binary" explain "$order" --data "$data")
  grep -qE '  carrier( |:).*Delivered' <<<"$story" || bad "the story does not say that the carrier delivered: $story"
  is "$(grep -c 'Delivered' <<<"$story")" 1 "the number of deliveries in the story"
  "$binary" audit --data "$data" --sandbox --json >"$data/audit.json" || bad "the audit finds contradictions; see $data/audit.json"
  is "$(figure contradictions "$data/audit.json")" 0 "the number of contradictions"
  ! grep -qF "$(cat -- "$data/carrier-secret")" "$data/server.log" "$data/sandbox.log" "$data/start.log" "$data.log" || bad "the carrier's secret stands in a log"
  printf 'packed, labelled, shipped, delivered by the carrier and billed: %s\n' "$order"
}

main "$@"
