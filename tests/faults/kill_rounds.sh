#!/bin/bash
# Kills the server, and now and then PostgreSQL, in the midst of orders, starts them again, and asks the audit whether every answer that a customer got still holds.
#
#   tests/faults/kill_rounds.sh [--rounds N] [--seed S] [--seconds S] [--clients N] [--postmaster-every N] [--fresh-every N] [--binary FILE] [--data DIR] [--port P]
#
#   --rounds N            how many (ROUNDS, else 100)
#   --seed S              of the moments at which is killed (SEED, else 1)
#   --seconds S           how long each round orders (5)
#   --clients N           who order at once (64)
#   --postmaster-every N  in every N-th round PostgreSQL's first process is killed, too (5; 0: never)
#   --fresh-every N       start with an empty data folder again after N rounds (10), so that the audit stays quick; until then each round is audited with all answers since
#   --binary FILE         the program that orders and audits ($ENTREPOT_BINARY, else build/release/entrepot); deploy/run starts the same unless --binary says otherwise
#   --data DIR            a folder of its own, made anew; kept when a round is bad (else a new one under /tmp)
#   --port P              of the server (else a free one)
#
# Exit 0: every round was good. Exit 1 at the first bad one, and DIR stays as it is for a look: DIR/answers.ndjson, DIR/audit.json, DIR/bench.json, DIR/*.log.
set -euo pipefail
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd -P)
. "$root/tests/support/server_of_its_own.sh"

rounds=${ROUNDS:-100} seed=${SEED:-1} seconds=5 clients=64 postmaster_every=5 fresh_every=10
binary=${ENTREPOT_BINARY:-$root/build/release/entrepot} data='' port=''
ordering='' # the process that orders

before_leaving() { [[ -z $ordering ]] || kill "$ordering" 2>/dev/null || true; }

usage() { sed -n '2,16s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

read_arguments() {
  while (($# > 0)); do
    case $1 in
      --rounds) rounds=${2:?} ;;
      --seed) seed=${2:?} ;;
      --seconds) seconds=${2:?} ;;
      --clients) clients=${2:?} ;;
      --postmaster-every) postmaster_every=${2:?} ;;
      --fresh-every) fresh_every=${2:?} ;;
      --binary) binary=${2:?} ;;
      --data) data=${2:?} ;;
      --port) port=${2:?} ;;
      -h | --help) usage && exit 0 ;;
      *) die "Unknown option $1; see tests/faults/kill_rounds.sh --help." ;;
    esac
    shift 2
  done
  local number
  for number in "$rounds" "$seed" "$seconds" "$clients" "$postmaster_every" "$fresh_every"; do
    [[ $number =~ ^[0-9]{1,9}$ ]] || die "\"$number\" is no number; see tests/faults/kill_rounds.sh --help."
  done
  ((rounds > 0 && seconds > 1 && clients > 0 && fresh_every > 0)) || die "There must be at least one round, one client and two seconds."
}

# ---- what runs ---------------------------------------------------------------------------------------------------------------------------

# The provider is slow, silent, loses answers and hears things twice, each now and then.
misbehave() {
  local url fault
  url=$(head -n 1 -- "$data/sandbox-url")
  for fault in slow:20:300 silent:211:500 lost_answer:101:0 duplicate:13:0; do
    IFS=: read -r name every delay <<<"$fault"
    curl -sf -X POST "$url/faults" -H 'Content-Type: application/json' -d "{\"fault\":\"$name\",\"every\":$every,\"delay_ms\":$delay}" >/dev/null ||
      bad "the sandbox takes no faults"
  done
}

# ---- a round -----------------------------------------------------------------------------------------------------------------------------

now_ms() { echo $(($(date +%s%N) / 1000000)); }

lines_of() { wc -l <"$1" 2>/dev/null || echo 0; }

order_in_background() {
  "$binary" bench orders --data "$data" --clients "$clients" --seconds "$seconds" --warm-up 0 --seed "$((seed + round))" --payment card --ride-out --answers "$data/answers.ndjson" --json \
    >"$data/bench.json" 2>"$data/bench.log" &
  ordering=$!
}

# Waits until the round's first answer is on file, so that it is orders that are interrupted and not the preparations.
wait_for_answers() {
  local before=$1 end=$((SECONDS + 60))
  until (($(lines_of "$data/answers.ndjson") > before)); do
    kill -0 "$ordering" 2>/dev/null || bad "the orders ended before the first answer: $(tail -n 3 -- "$data/bench.log" "$data/bench.json")"
    ((SECONDS < end)) || bad "no order was answered within 60 s"
    sleep 0.02
  done
}

kill_them() {
  local server postmaster
  server=$(cat -- "$data/server.pid")
  kill -KILL "$server" || bad "there was no server to kill: process $server"
  if [[ $victims == *postmaster* ]]; then
    postmaster=$(head -n 1 -- "$data/postgres/postmaster.pid")
    kill -KILL "$postmaster" || bad "there was no PostgreSQL to kill: process $postmaster"
  fi
}

# Whether the audit finds what customers were told. Its own exit code says the same, but a file without figures must not pass.
audit() {
  local name value
  "$binary" audit --data "$data" --answers "$data/answers.ndjson" --sandbox --json >"$data/audit.json" 2>"$data/audit.log" || audit_failed=1
  for name in missing different contradictions; do
    value=$(figure "$name" "$data/audit.json")
    verdict+="  $name ${value:-?}"
    [[ $value == 0 ]] || audit_failed=1
  done
}

play_round() {
  local pause back before victims=server verdict='' audit_failed=0 answered
  ((round % fresh_every != 1 && fresh_every != 1)) || { start_fresh && misbehave; }
  if ((postmaster_every > 0 && round % postmaster_every == 0)); then
    victims='server and postmaster'
  fi
  pause=$((100 + (RANDOM * 32768 + RANDOM) % (seconds * 1000 - 600)))
  touch -- "$data/answers.ndjson"
  before=$(lines_of "$data/answers.ndjson")
  order_in_background
  wait_for_answers "$before"
  sleep "$((pause / 1000)).$(printf '%03d' $((pause % 1000)))"
  kill_them
  back=$(now_ms)
  start # what was killed ($victims) again
  back=$(($(now_ms) - back))
  wait "$ordering" || true # its figures tell
  ordering=''
  [[ -n $(figure orders_per_s "$data/bench.json") ]] || bad "round $round: the orders ended without figures: $(tail -n 3 -- "$data/bench.log")"
  audit
  answered=$(($(lines_of "$data/answers.ndjson") - before))
  total_answered=$((total_answered + answered))
  total_retries=$((total_retries + $(figure retries "$data/bench.json")))
  longest_back=$((back > longest_back ? back : longest_back))
  printf 'round %3d  killed %-21s after %4d ms  back in %5d ms  answered %6d  retries %5d  errors %d%s\n' \
    "$round" "$victims" "$pause" "$back" "$answered" "$(figure retries "$data/bench.json")" "$(figure errors "$data/bench.json")" "$verdict"
  grep -oE '"error_samples":\["[^]]*\]' -- "$data/bench.json" || true # what they were
  ((audit_failed == 0)) || bad "round $round: what customers were told does not hold; see $data/audit.json and $data/audit.log"
}

main() {
  local round total_answered=0 total_retries=0 longest_back=0
  read_arguments "$@"
  [[ -x $root/deploy/run ]] || die "There is no $root/deploy/run."
  [[ -x $binary ]] || [[ $binary == "$root/build/release/entrepot" ]] || die "There is no program $binary."
  RANDOM=$seed
  port=${port:-$(free_port)}
  data=${data:-$(mktemp -d /tmp/entrepot-kill.XXXXXX)}
  [[ $data == /* ]] || data=$PWD/$data
  [[ ! -e $data || -z $(ls -A -- "$data" 2>/dev/null) ]] || die "The folder $data is not empty."
  mkdir -p -- "$(dirname -- "$data")"
  leave_in_order
  for ((round = 1; round <= rounds; round++)); do
    play_round
  done
  printf '%d rounds good (seed %d): %d answers, %d retries, all found and the same; the longest way back took %d ms\n' \
    "$rounds" "$seed" "$total_answered" "$total_retries" "$longest_back"
}

main "$@"
