#!/bin/bash
# A customer pays by card, and the provider's answer is lost on the way: the provider tells the shop by itself what became of it, and the order is confirmed while the customer
# still waits, long before anybody would have enquired. The money is taken once.
#
#   tests/journeys/lost_answer_test.sh
#
# ENTREPOT_BINARY is the program (else build/release/entrepot). The data folder is kept when something is wrong.
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd -P)
. "$root/tests/support/server_of_its_own.sh"
binary=${ENTREPOT_BINARY:-$root/build/release/entrepot} data=''

# The messages of the payment provider that ended so: events OUTCOME
events() { curl -sf -m 5 "http://127.0.0.1:$port/metrics" | sed -n "s/^entrepot_partner_events_total{.*partner=\"payment\".*outcome=\"$1\".*} //p"; }

main() {
  local key order
  port=$(free_port)
  data=$(mktemp -d /tmp/entrepot-lost.XXXXXX)
  chmod 0755 "$data" # PostgreSQL runs as another user when this is root
  leave_in_order
  start
  key=$(sed -n 's/.*"gateway": "\(.*\)".*/\1/p' "$data/demo-keys.json")
  [[ $(stat -c %a -- "$data/payment-secret") == 600 ]] || bad "others can read the provider's secret"
  curl -sf -m 5 -X POST "$(<"$data/sandbox-url")/faults" -H 'Content-Type: application/json' -d '{"fault": "lost_answer", "every": 1}' || bad "the sandbox takes no faults"

  order=$(curl -sS -m 20 "http://127.0.0.1:$port/v1/orders" -H "Authorization: Bearer $key" -H 'Idempotency-Key: lost-1' -H 'Prefer: wait=10' -H 'Content-Type: application/json' -d '{
    "channel": "web", "contact": {"name": "P", "email": "p@example.com", "phone": "07400 100001"}, "lines": [{"sku": "MUG-1", "quantity": 1}], "payment": {"method": "card", "token": "tok_visa"},
    "delivery": {"option": "std", "address": {"name": "P", "street": "1 High Street", "city": "Leeds", "postcode": "LS1 1AA", "country": "GB"}}}')
  grep -q '"status": *"confirmed"' <<<"$order" || bad "the order is not confirmed: $order"
  [[ $(events taken) == 1 ]] || bad "it was not the provider's message that confirmed it: $(curl -s "http://127.0.0.1:$port/metrics" | grep partner_events)"
  ! grep -qF -e "$(<"$data/payment-secret")" "$data/server.log" "$data/sandbox.log" "$data/start.log" "$data.log" || bad "the provider's secret stands in a log"
  "$binary" audit --data "$data" --sandbox >"$data/audit.log" 2>&1 || bad "the audit finds contradictions: $(tail -n 5 -- "$data/audit.log")"
  printf 'confirmed by what the provider told unasked; books and journal agree\n'
}

main "$@"
