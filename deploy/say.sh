# shellcheck shell=bash
# What the scripts say: progress on standard output, refusals and warnings on standard error.

say() { printf '%s\n' "$*"; }

warn() { printf '%s\n' "$*" >&2; }

# Ends the script with one clear sentence.
die() {
  warn "$*"
  exit 1
}

# Ends the script with a sentence and the last lines of a log that tell why: die_with_log LOG SENTENCE...
die_with_log() {
  local log=$1
  shift
  if [[ -s $log ]]; then
    warn "--- last lines of $log"
    tail -n 30 -- "$log" >&2
    warn "---"
  fi
  die "$@"
}
