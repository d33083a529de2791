#!/bin/bash
# Every failure of the catalogue (F1 to F19, F32 to F36) once, end to end: a server and a database of its own, and a sandbox that misbehaves. What takes minutes or days
# is seen by a server that is killed and started with a clock that is ahead (faketime). At the end the books agree.
#
#   tests/journeys/failures_test.sh [ROW...]     e.g. f14 f33; without a row all of them
#
# ENTREPOT_BINARY is the program (else build/release/entrepot). The data folder is kept when something is wrong.
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd -P)
. "$root/tests/support/server_of_its_own.sh"
binary=${ENTREPOT_BINARY:-$root/build/release/entrepot} data='' port=''

main() {
  port=$(free_port)
  data=$(mktemp -d /tmp/entrepot-failures.XXXXXX)
  leave_in_order
  start_fresh
  ENTREPOT_FAKETIME=$(find /usr/lib -name libfaketimeMT.so.1 2>/dev/null | head -n 1)
  [[ -n $ENTREPOT_FAKETIME ]] || bad "faketime is not installed"
  export ENTREPOT_FAKETIME ENTREPOT_PROGRAM=$binary ENTREPOT_AHEAD=$root/tests/journeys/failures/ahead.sh
  python3 "$root/tests/journeys/failures/failures.py" "$root" "$data" "$port" "$@" || bad "a failure was not handled as promised"
  "$binary" audit --data "$data" --sandbox --json >"$data/audit.json" || bad "the audit finds contradictions; see $data/audit.json"
  [[ $(figure contradictions "$data/audit.json") == 0 ]] || bad "the audit finds contradictions; see $data/audit.json"
}

main "$@"
