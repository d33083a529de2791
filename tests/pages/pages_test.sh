#!/bin/bash
# The pages in Chromium, against the stand-in server: what they do when something is not as usual, then a whole day's work, in which the stand-in is killed and started again.
set -euo pipefail
here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
work=$(mktemp -d /tmp/entrepot-pages.XXXXXX)
export here work

finish() {
  local outcome=$?
  kill -KILL "$(cat "$work/pid" 2>/dev/null)" 2>/dev/null || true
  rm -rf -- "$work"
  exit "$outcome"
}
trap finish EXIT
trap 'exit 143' INT TERM HUP

export port=$((20000 + RANDOM % 10000))
# Starts the stand-in with what it kept; returns when it answers.
cat >"$work/start" <<'SCRIPT'
set -e
node "$here/stand_in.mjs" "$port" "$work/state.json" >"$work/log" 2>&1 &
echo $! >"$work/pid"
for _ in $(seq 200); do
  curl -fs --noproxy '*' -o /dev/null "http://127.0.0.1:$port/readyz" && exit 0
  sleep 0.05
done
exit 1
SCRIPT

node "$here/pages.mjs"
echo '{"gateway": "gateway", "staff": "staff", "staff-LEEDS-1": "staff-LEEDS-1"}' >"$work/keys.json"
sh "$work/start"
node "$here/journey.mjs" --url "http://127.0.0.1:$port" --keys "$work/keys.json" --restart "kill -9 \$(cat $work/pid); sh $work/start"
