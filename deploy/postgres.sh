#!/bin/bash
# A private PostgreSQL cluster in DIR/postgres, reached through a socket that only its owner can open. Never the system's cluster.
#
#   deploy/postgres.sh start DIR | stop DIR | url DIR      or sourced, for the functions below
#
# As root it belongs to user postgres (PostgreSQL refuses root), else to the user. Settings: DIR/postgres/entrepot.conf, written anew at every start.
# The socket lies in a short folder of its own under /tmp, because a socket's path may have 107 bytes and DIR may be long; DIR/postgres.socket names it.
# Setting by setting, and what is done after a crash: deploy/README.md.

# ---- whose it is and where it lies -------------------------------------------------------------------------------------------------------

# Sets postgres_data, postgres_owner and postgres_bin for DIR.
postgres_find() {
  local version
  postgres_data=$(readlink -f -- "$1/postgres")
  if [[ -d $postgres_data ]]; then
    postgres_owner=$(stat -c %U -- "$postgres_data")
  elif [[ $(id -u) == 0 ]]; then
    postgres_owner=postgres
  else
    postgres_owner=$(id -un)
  fi
  version=$(cat "$postgres_data/PG_VERSION" 2>/dev/null || true)
  postgres_bin=$(find /usr/lib/postgresql -path "*/${version:-*}/bin/initdb" 2>/dev/null | sort -V | tail -n 1)
  postgres_bin=${postgres_bin%/initdb}
  [[ -n $postgres_bin ]] || die "No PostgreSQL ${version:+$version }is installed under /usr/lib/postgresql${version:+, and $postgres_data was made by that version}."
  if [[ $(id -u) != 0 && $(id -un) != "$postgres_owner" ]]; then
    die "The database in $postgres_data belongs to $postgres_owner; run this as that user or as root."
  fi
}

# Runs a command as the cluster's owner, in a folder that everybody may enter.
as_postgres() {
  if [[ $(id -un) == "$postgres_owner" ]]; then
    (cd / && exec env HOME=/ "$@")
  else
    (cd / && exec setpriv --reuid="$postgres_owner" --regid="$(id -g "$postgres_owner")" --init-groups env HOME=/ "$@")
  fi
}

# The cluster's processes, one a line: those of PostgreSQL that stand in its folder. Asked as its owner, who alone may look in a container.
postgres_processes() {
  [[ -d $postgres_data ]] || return 0
  # shellcheck disable=SC2016
  as_postgres bash -c 'for p in /proc/[0-9]*; do
      [[ $p/cwd -ef $1 && $(readlink "$p/exe") == */postgres* ]] && echo "${p#/proc/}"
    done; true' - "$postgres_data" 2>/dev/null
}

# The number of the cluster's first process, if it runs.
postgres_main_process() {
  local pid
  pid=$(head -n 1 -- "$postgres_data/postmaster.pid" 2>/dev/null || true)
  [[ -n $pid ]] && postgres_processes | grep -x -- "$pid"
}

# ---- its folder --------------------------------------------------------------------------------------------------------------------------

# Makes the cluster. It appears under its name only when it is complete, so that a start cut short leaves nothing to be mistaken for one.
postgres_create() {
  local dir=$1 place=$1/postgres.new linked=
  need_disk "$dir" 500 "the database"
  rm -rf -- "$place"
  if ! as_postgres test -x "$dir"; then
    mkdir -p /var/lib/entrepot
    place=$(mktemp -d /var/lib/entrepot/postgres.XXXXXX)
    linked=1
    say "User $postgres_owner may not enter $dir; the database lies in $place instead, linked from $dir/postgres."
  fi
  mkdir -p -- "$place"
  chmod 0700 -- "$place"
  [[ $(id -u) != 0 ]] || chown "$postgres_owner:" -- "$place"
  as_postgres "$postgres_bin/initdb" -D "$place" --username=postgres --encoding=UTF8 --locale=C.UTF-8 --lc-messages=C --data-checksums \
    --auth-local=trust --auth-host=reject >"$dir/postgres.log" 2>&1 || die_with_log "$dir/postgres.log" "PostgreSQL could not make its folder in $place."
  printf "\n# Entrepot's settings; what follows this line wins over them.\ninclude 'entrepot.conf'\n" >>"$place/postgresql.conf"
  if [[ -n $linked ]]; then
    ln -sfn -- "$place" "$dir/postgres"
  else
    mv -T -- "$place" "$dir/postgres"
  fi
}

# A folder that is no complete cluster is set aside, never deleted.
postgres_set_aside() {
  local dir=$1 aside
  [[ -e $dir/postgres || -L $dir/postgres ]] || return 0
  if [[ -s $postgres_data/PG_VERSION && -s $postgres_data/global/pg_control && -s $postgres_data/postgresql.conf ]]; then
    return 0
  fi
  aside=$dir/postgres.incomplete.$(date +%Y%m%d-%H%M%S)
  mv -T -- "$dir/postgres" "$aside"
  warn "$dir/postgres held no complete database; it is now $aside, and a new one is made."
}

# What a crash may have left: processes without their first one, which still hold its memory, and its lock file.
postgres_clear_leftovers() {
  local orphans
  mapfile -t orphans < <(postgres_processes)
  if [[ -n ${orphans[*]} ]] && ! gone_within 3 "${orphans[@]}"; then
    kill -QUIT "${orphans[@]}" 2>/dev/null || true
    gone_within 5 "${orphans[@]}" || kill -KILL "${orphans[@]}" 2>/dev/null || true
    gone_within 10 "${orphans[@]}" || die "Processes of the crashed database in $postgres_data cannot be ended: ${orphans[*]}"
  fi
  rm -f -- "$postgres_data/postmaster.pid"
}

# ---- its socket and settings -------------------------------------------------------------------------------------------------------------

# Sets postgres_socket: the folder recorded, if it is still there and the owner's alone, else a new one.
postgres_make_socket() {
  local dir=$1
  postgres_socket=$(cat "$dir/postgres.socket" 2>/dev/null || true)
  if [[ -n $postgres_socket && ! -L $postgres_socket && $(stat -c '%U %a' -- "$postgres_socket" 2>/dev/null) == "$postgres_owner 700" ]]; then
    return 0
  fi
  postgres_socket=$(mktemp -d /tmp/entrepot.XXXXXX)
  [[ $(id -u) != 0 ]] || chown "$postgres_owner:" -- "$postgres_socket"
  echo "$postgres_socket" >"$dir/postgres.socket"
}

# Writes the settings, sized for this machine: postgres_write_settings MOST_BUFFERS_MB
postgres_write_settings() {
  local buffers
  buffers=$(($(memory_mb) / 4))
  buffers=$((buffers > $1 ? $1 : buffers < 64 ? 64 : buffers))
  as_postgres tee "$postgres_data/entrepot.conf" >/dev/null <<SETTINGS
# Written at every start by deploy/postgres.sh. Put settings of your own behind the include line at the end of postgresql.conf.
listen_addresses = ''
unix_socket_directories = '$postgres_socket'
unix_socket_permissions = 0700
port = 5432
max_connections = 80
shared_buffers = ${buffers}MB
fsync = on
synchronous_commit = on
full_page_writes = on
wal_compression = lz4
max_wal_size = 4GB
min_wal_size = 256MB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
jit = off
lc_messages = 'C'
log_timezone = 'UTC'
timezone = 'UTC'
log_checkpoints = off
log_min_duration_statement = 10s
SETTINGS
}

# ---- start and stop ----------------------------------------------------------------------------------------------------------------------

# Lets PostgreSQL start and waits until it answers; returns 1 if it ends instead.
postgres_launch() {
  local dir=$1 log=$1/postgres.log pid said=$SECONDS
  [[ $(stat -c %s -- "$log" 2>/dev/null || echo 0) -lt 16777216 ]] || mv -f -- "$log" "$log.1"
  as_postgres setsid "$postgres_bin/postgres" -D "$postgres_data" </dev/null >>"$log" 2>&1 8>&- 9>&- &
  pid=$!
  until "$postgres_bin/pg_isready" -q -h "$postgres_socket" -p 5432 -U postgres -d postgres; do
    runs "$pid" || return 1
    if ((SECONDS - said >= 10)); then
      say "PostgreSQL is still starting (it replays its log after a crash)"
      said=$SECONDS
    fi
    sleep 0.05
  done
  runs "$pid"
}

# Starts the cluster of DIR, made first if there is none: postgres_start DIR [MOST_BUFFERS_MB]. Sets postgres_socket. Nothing to do if it runs.
postgres_start() {
  local dir=$1 attempt
  postgres_find "$dir"
  postgres_socket=$(cat "$dir/postgres.socket" 2>/dev/null || true)
  if postgres_main_process >/dev/null && "$postgres_bin/pg_isready" -q -h "$postgres_socket" -p 5432 -U postgres -d postgres; then
    return 0
  fi
  if postgres_main_process >/dev/null; then
    postgres_end_processes # it runs but does not answer where it should
  fi
  postgres_set_aside "$dir"
  if [[ ! -d $dir/postgres ]]; then
    postgres_find "$dir"
    postgres_create "$dir"
    postgres_find "$dir"
  fi
  as_postgres test -r "$postgres_data/PG_VERSION" || die "User $postgres_owner, to whom the database belongs, may not enter $postgres_data; make the folders above it open to all (chmod o+x)."
  need_disk "$postgres_data" 200 "the database"
  for attempt in 1 2 3 4 5; do
    postgres_clear_leftovers
    postgres_make_socket "$dir"
    postgres_write_settings "${2:-2048}"
    if postgres_launch "$dir"; then
      postgres_make_database
      return 0
    fi
    tail -n 5 -- "$dir/postgres.log" | grep -qE 'pre-existing shared memory|lock file .* already exists' || break
    sleep "$attempt"
  done
  die_with_log "$dir/postgres.log" "PostgreSQL did not start; its log is $dir/postgres.log."
}

# Makes the role and the database of Entrepot unless they exist. The role may make databases of its own, but is no superuser.
postgres_make_database() {
  as_postgres "$postgres_bin/psql" -X -q -h "$postgres_socket" -p 5432 -U postgres -d postgres -v ON_ERROR_STOP=1 >/dev/null <<'SQL' ||
select 'create role entrepot login createdb' where not exists (select from pg_roles where rolname = 'entrepot') \gexec
select 'create database entrepot owner entrepot' where not exists (select from pg_database where datname = 'entrepot') \gexec
SQL
    die "The database \"entrepot\" could not be made in $postgres_data."
}

# Ends all processes of the cluster: quickly and cleanly, and if it does not obey, by force (it recovers at its next start).
postgres_end_processes() {
  local main all
  mapfile -t all < <(postgres_processes)
  [[ -n ${all[*]} ]] || return 0
  main=$(postgres_main_process || true)
  if [[ -n $main ]]; then
    kill -INT "$main" 2>/dev/null || true
    if gone_within 60 "$main"; then
      return 0
    fi
  fi
  kill -QUIT "${all[@]}" 2>/dev/null || true
  gone_within 10 "${all[@]}" && return 0
  mapfile -t all < <(postgres_processes)
  [[ -z ${all[*]} ]] || kill -KILL "${all[@]}" 2>/dev/null || true
  gone_within 10 "${all[@]}" || die "Processes of the database in $postgres_data cannot be ended: ${all[*]}"
}

# Stops the cluster of DIR and removes its socket. Nothing to do if it does not run.
postgres_stop() {
  local dir=$1 socket
  [[ -d $dir/postgres ]] || return 0
  postgres_find "$dir"
  postgres_end_processes
  socket=$(cat "$dir/postgres.socket" 2>/dev/null || true)
  if [[ $socket == /tmp/entrepot.* ]]; then
    rm -rf -- "$socket"
  fi
  rm -f -- "$dir/postgres.socket"
}

# How a program reaches the database of the cluster that runs.
postgres_url() { echo "postgresql://entrepot@/entrepot?host=$postgres_socket&port=5432"; }

postgres_command() {
  local dir
  dir=$(mkdir -p -- "$2" && cd -- "$2" && pwd -P)
  case $1 in
    start) postgres_start "$dir" && postgres_url ;;
    stop) postgres_stop "$dir" ;;
    url) postgres_socket=$(cat "$dir/postgres.socket" 2>/dev/null) || die "No database runs in $dir."; postgres_url ;;
    *) die "Use: deploy/postgres.sh start|stop|url DIR" ;;
  esac
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  set -euo pipefail
  root=$(cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd -P)
  . "$root/deploy/say.sh"
  . "$root/deploy/machine.sh"
  [[ $# == 2 ]] || die "Use: deploy/postgres.sh start|stop|url DIR"
  for variable in "${!PG@}"; do unset "$variable"; done
  postgres_command "$@"
fi
