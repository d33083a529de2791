# shellcheck shell=bash
# Builds a preset of CMakePresets.json into build/PRESET. Wants: root, the project's folder.
: "${root:?}"

# Shows what ninja is at while PID runs, from its first step on: in place on a terminal, else a line a minute. show_progress PID LOG TITLE
show_progress() {
  local pid=$1 log=$2 title=$3 step shown=$SECONDS
  while runs "$pid"; do
    step=$(tail -n 1 -- "$log" 2>/dev/null | grep -oE '^\[[1-9][0-9]*/[0-9]+\]' || true)
    if [[ -n $step && -n $title ]]; then
      say "$title"
      title=''
    fi
    if [[ -t 1 ]]; then
      [[ -z $step ]] || printf '\r  %s ' "$step"
    elif [[ -n $step ]] && ((SECONDS - shown >= 60)); then
      say "  $step"
      shown=$SECONDS
    fi
    sleep 0.2
  done
  [[ ! -t 1 ]] || printf '\r\033[K'
}

# Sets up build/PRESET unless it is: new, moved here from elsewhere, or older than the presets.
configure() {
  local preset=$1 folder=$2 log=$3 made_in
  made_in=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$folder/CMakeCache.txt" 2>/dev/null || true)
  if [[ -n $made_in && ! $made_in -ef $root ]]; then
    rm -rf -- "$folder/CMakeCache.txt" "$folder/CMakeFiles" "$folder/build.ninja"
  fi
  if [[ ! -f $folder/build.ninja || $root/CMakePresets.json -nt $folder/CMakeCache.txt ]]; then
    (cd "$root" && cmake --preset "$preset") >>"$log" 2>&1 || die_with_log "$log" "The build cannot be set up; the whole log is $log."
    touch "$folder/CMakeCache.txt"
  fi
}

# Builds targets (none: everything) of a preset: build PRESET [TARGET...]. Ends the script with the compiler's last lines if that fails.
build() {
  local preset=$1 folder=$root/build/$1 log=$root/build/$1/build.log jobs pid began=$SECONDS
  shift
  mkdir -p "$folder" 2>/dev/null || true
  [[ -w $folder ]] || die "$folder cannot be written by $(id -un): who built there before? Remove it, or run this as that user."
  exec 9>"$folder/lock"
  flock -n 9 || { say "Another build of $preset is under way; waiting for it."; flock -w 2400 9 || die "The other build of $preset did not end within 40 minutes."; }
  need_disk "$folder" 2000 "a build"

  : >"$log"
  configure "$preset" "$folder" "$log"
  jobs=$(compile_jobs)
  if ! ninja -C "$folder" -n "$@" >/dev/null 2>&1; then # what a set-up that was cut short left
    rm -f -- "$folder/build.ninja"
    configure "$preset" "$folder" "$log"
  fi
  ninja -C "$folder" -j "$jobs" "$@" >>"$log" 2>&1 9>&- &
  pid=$!
  building_pid=$pid
  show_progress "$pid" "$log" "Building $preset with $jobs at a time (log: build/$preset/build.log)"
  wait "$pid" || die_with_log "$log" "The build of $preset failed; the whole log is $log."
  # shellcheck disable=SC2034 # who interrupts a build reads it
  building_pid=
  exec 9>&-
  ((SECONDS - began < 5)) || say "Built $preset in $((SECONDS - began)) s"
}
