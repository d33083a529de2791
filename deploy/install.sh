# shellcheck shell=bash
# Installs what is missing from Debian's own packages. Asks nothing and touches nothing when all of it is there.
# Wants: root, the project's folder.
: "${root:?}"

# The packages without a mark and those with one of these, one a line: packages_of MARK...
packages_of() {
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$root/deploy/packages.txt" |
    awk -v marks=" ${*/%/:} " '$1 !~ /:$/ { print $1 } $1 ~ /:$/ && index(marks, " " $1 " ") { print $2 }'
}

# Which of the packages given are not installed, one a line.
missing_packages() {
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' || true) # it fails if it knows one not at all
  printf '%s\n' "$@" | grep -vxF -f <(printf '%s\n' "$installed") || true
}

# Runs a command as root: itself, or with sudo.
as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif [[ -t 0 ]]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >>"$install_log" 2>&1
}

# Debian's PostgreSQL packages make a cluster called "main" when first installed; ours is private, so nobody needs that one.
without_main_cluster() {
  local file=/etc/postgresql-common/createcluster.d/entrepot.conf outcome=0
  as_root mkdir -p "${file%/*}"
  echo 'create_main_cluster = false' | as_root tee "$file" >/dev/null
  "$@" || outcome=$?
  as_root rm -f "$file"
  return $outcome
}

# The packages of a suite that are unpacked for their headers only, one a line.
unpacked_packages_of() {
  sed -e 's/#.*//' "$root/deploy/packages.txt" | awk -v suite="$1-unpacked:" '$1 == suite { print $2 }'
}

# Unpacks a package into build/unpacked/NAME, which is there only when it is whole: unpack_package NAME LOG. Needs no root.
unpack_package() {
  local folder=$root/build/unpacked/$1 work
  mkdir -p "${folder%/*}"
  work=$(mktemp -d "$folder.XXXXXX")
  chmod 0755 "$work"
  (cd "$work" && apt-get -q -o Dpkg::Use-Pty=0 download "$1" && dpkg -x "$1"_*.deb . && rm -f -- "$1"_*.deb) >>"$2" 2>&1 &&
    { mv -T -- "$work" "$folder" 2>/dev/null || [[ -d $folder ]]; } # another one may have been faster
  local outcome=$?
  rm -rf -- "$work"
  return $outcome
}

# Unpacks what the project needs and has not unpacked yet. Ends the script with a sentence if that cannot be.
unpack_packages() {
  local package
  for package in $(unpacked_packages_of "$1"); do
    [[ ! -d $root/build/unpacked/$package ]] || continue
    install_log=$(mktemp /tmp/entrepot-install.XXXXXX)
    say "Unpacking the headers of $package"
    if ! unpack_package "$package" "$install_log"; then # lists of packages that are too old, or none
      apt update || die_with_log "$install_log" "The lists of packages cannot be brought up to date: is there a network, and a Debian mirror in /etc/apt?"
      unpack_package "$package" "$install_log" || die_with_log "$install_log" "$package cannot be unpacked into build/unpacked."
    fi
    rm -f "$install_log"
  done
}

# Installs what the project needs and this machine lacks, with what is marked. Ends the script with a sentence if that cannot be: install_packages MARK...
install_packages() {
  local suite
  # shellcheck disable=SC1091
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-unknown}")
  case $suite in
    bookworm | trixie) ;;
    *)
      warn "This is neither Debian 12 nor 13 but \"$suite\": nothing is installed, and what deploy/packages.txt lists has to be there already."
      return 0
      ;;
  esac
  install_missing "$suite" "$@"
  unpack_packages "$suite"
}

# Installs the packages of a suite, and the marked ones, that are missing: install_missing SUITE MARK...
install_missing() {
  local packages missing
  mapfile -t packages < <(packages_of "$@")
  mapfile -t missing < <(missing_packages "${packages[@]}")
  [[ -n ${missing[*]} ]] || return 0

  install_log=$(mktemp /tmp/entrepot-install.XXXXXX)
  say "Installing ${#missing[@]} packages: ${missing[*]}"
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null || die "These packages are missing, and there is no sudo to install them: ${missing[*]}"
    as_root true || die "These packages are missing, and sudo does not let $(id -un) install them: ${missing[*]}"
  fi
  apt update || die_with_log "$install_log" "The lists of packages cannot be brought up to date: is there a network, and a Debian mirror in /etc/apt?"
  without_main_cluster apt install --no-install-recommends "${missing[@]}" ||
    die_with_log "$install_log" "Packages could not be installed: ${missing[*]}"
  mapfile -t missing < <(missing_packages "${packages[@]}")
  [[ -z ${missing[*]} ]] || die_with_log "$install_log" "Still missing after the installation: ${missing[*]}"
  rm -f "$install_log"
}
