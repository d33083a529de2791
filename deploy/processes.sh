# shellcheck shell=bash
# The processes of Entrepot in a folder DIR: `server` and `sandbox`, each with DIR/NAME.pid and DIR/NAME.log.
# Wants: binary, the program; data, the folder DIR.
: "${binary:?}" "${data:?}"

# Returns are explicit throughout: in a trap, a bare `return` hands back the status of what was interrupted.

# What the program is told to be: command_of NAME
command_of() { [[ $1 == server ]] && echo serve || echo "$1"; }

# Whether the program has such a command.
has_command() { grep -qE "^ +$1( |\$)" <<<"$("$binary" --help 2>/dev/null)"; } # not a pipe: who stops reading early makes the other side fail

# Whether a process is NAME of this folder and nothing that has its number by chance: is_process PID NAME
is_process() {
  local words
  runs "$1" || return 1
  mapfile -d '' -t words <"/proc/$1/cmdline" 2>/dev/null || return 1
  [[ " ${words[*]##*/} " == *" entrepot $(command_of "$2") "* ]] || return 1
  [[ /proc/$1/cwd -ef $data || " ${words[*]} " == *" --data $data "* ]]
}

# The number of the process NAME if it runs: that in its file, else whichever is found.
process_of() {
  local pid
  pid=$(cat "$data/$1.pid" 2>/dev/null || true)
  if [[ $pid =~ ^[0-9]+$ ]] && is_process "$pid" "$1"; then
    echo "$pid"
    return 0
  fi
  while IFS=/ read -r _ _ pid _; do
    if is_process "$pid" "$1"; then
      echo "$pid"
      return 0
    fi
  done < <(grep -laF entrepot /proc/[0-9]*/cmdline 2>/dev/null)
  return 1
}

# Starts a process, detached from this terminal: start_process NAME ARGUMENT... Ends the script if it does not come to life.
start_process() {
  local name=$1 log=$data/$1.log pid
  shift
  [[ $(stat -c %s -- "$log" 2>/dev/null || echo 0) -lt 67108864 ]] || mv -f -- "$log" "$log.1"
  (cd -- "$data" && exec setsid "$binary" "$(command_of "$name")" --data "$data" "$@") </dev/null >>"$log" 2>&1 8>&- 9>&- &
  pid=$!
  echo "$pid" >"$data/$name.pid"
  until is_process "$pid" "$name"; do # from here on it can be found, and so be stopped
    runs "$pid" || die_with_log "$log" "The $name ended at once; its log is $log."
    sleep 0.02
  done
}

# Stops a process: asked first, and after 30 s by force. Nothing to do if it does not run.
stop_process() {
  local name=$1 pid
  while pid=$(process_of "$name"); do
    kill -TERM "$pid" 2>/dev/null || die "Process $pid ($name) cannot be stopped by $(id -un)."
    kill -CONT "$pid" 2>/dev/null || true
    if ! gone_within 30 "$pid"; then
      warn "The $name (process $pid) did not end within 30 s; it is ended by force."
      kill -KILL "$pid" 2>/dev/null || true
      gone_within 10 "$pid" || die "Process $pid ($name) cannot be ended."
    fi
  done
  rm -f -- "$data/$name.pid"
}

# Whether the server answers that it is ready.
is_ready() {
  curl -fs --noproxy '*' --max-time 2 -o /dev/null "$(cat "$data/url" 2>/dev/null)/readyz" 2>/dev/null
}

# Waits until the server is ready; ends the script if its process ends or if that takes longer than 120 s.
wait_until_ready() {
  local pid=$1 end=$((SECONDS + 120))
  until is_ready; do
    runs "$pid" || die_with_log "$data/server.log" "The server ended instead of becoming ready; its log is $data/server.log."
    ((SECONDS < end)) || die_with_log "$data/server.log" "The server was not ready within 120 s; its log is $data/server.log."
    sleep 0.05
  done
}
