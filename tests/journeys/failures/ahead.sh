#!/bin/bash
# The program, with a server whose clock is ENTREPOT_AHEAD_BY seconds ahead of everybody else's.
if [[ ${1:-} == serve && ${ENTREPOT_AHEAD_BY:-0} -gt 0 ]]; then
  export LD_PRELOAD=$ENTREPOT_FAKETIME FAKETIME=+${ENTREPOT_AHEAD_BY}s FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_DISABLE_SHM=1
fi
exec "$ENTREPOT_PROGRAM" "$@"
