#!/bin/bash
# The short form of kill_rounds.sh for every day: three rounds, one of them with PostgreSQL. Takes the same options.
set -euo pipefail
exec "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/kill_rounds.sh" --rounds 3 --postmaster-every 2 --seconds 3 "$@"
