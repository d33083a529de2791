# shellcheck shell=bash
# What this machine offers: memory, cores, room on the disk, free ports, running processes.

# Memory in MB that this machine or container has.
memory_mb() {
  local mb limit file
  mb=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
  for file in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
    limit=$(cat "$file" 2>/dev/null || true)
    if [[ $limit =~ ^[0-9]{1,15}$ ]] && ((limit / 1048576 < mb)); then
      mb=$((limit / 1048576))
    fi
  done
  echo "$mb"
}

# Memory in MB that is free now, caches counted as free.
free_memory_mb() {
  local free all
  free=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
  all=$(memory_mb)
  echo $((free < all ? free : all))
}

# How many compilers may run at once: one a core, and 1.2 GB for each.
compile_jobs() {
  local cores by_memory jobs
  cores=$(nproc)
  by_memory=$(($(free_memory_mb) / 1200))
  jobs=$((cores < by_memory ? cores : by_memory))
  echo $((jobs < 1 ? 1 : jobs))
}

# Ends the script unless the disk of FOLDER has MB free: need_disk FOLDER MB PURPOSE
need_disk() {
  local free
  free=$(df -Pm -- "$1" | awk 'NR == 2 { print $4 }')
  ((free >= $2)) || die "Only $free MB are free on the disk of $1; $3 needs $2 MB."
}

# Whether something listens on a port of this machine.
port_taken() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Whether a process runs: it exists and is not merely waiting to be reaped.
runs() {
  local state
  state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null) || return 1
  [[ -n $state && $state != [ZX] ]]
}

# Waits until none of the processes runs: gone_within SECONDS PID... Fails when time is up.
gone_within() {
  local end=$((SECONDS + $1)) pid
  shift
  for pid in "$@"; do
    while runs "$pid"; do
      ((SECONDS < end)) || return 1
      sleep 0.05
    done
  done
}
