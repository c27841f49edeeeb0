# Sourced by tools/try_release.sh and tests/packages/run.sh (bash): a root of a Debian release where nothing is installed, and commands in it.
# Needs root and debootstrap. Packages come from where this machine's own apt takes them, or from DEBIAN_MIRROR.

# The addresses this machine's apt is set up with for that kind ("" or "-security"), whatever release it has.
apt_address() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' 2>/dev/null |
    awk -v kind="$1" '$3 == "main" && $4 == "Debian" && (kind == "" ? $2 !~ /-/ : $2 ~ kind "$") { print $1; exit }'
}

# make_root RELEASE FOLDER: with security updates, and with this machine's way to reach them: names and proxies.
make_root() {
  local release=$1 root=$2 mirror security each
  mirror=${DEBIAN_MIRROR:-$(apt_address '')}
  # shellcheck disable=SC2086 # without a mirror, debootstrap's own
  debootstrap --variant=minbase "$release" "$root" $mirror || return 1
  security=$(apt_address -security)
  [ -z "$security" ] || echo "deb $security $release-security main" >>"$root/etc/apt/sources.list"
  for each in /etc/resolv.conf /etc/hosts; do [ ! -e "$each" ] || cp -L "$each" "$root$each"; done
  apt-config dump | grep -iE '^Acquire::[^ ]*Proxy' >"$root/etc/apt/apt.conf.d/90proxy" || true
  mkdir -p "$root/dev/shm" && chmod 1777 "$root/dev/shm"  # a plain folder, where a mount usually is
}

# run_in_root FOLDER [NAME=VALUE…] COMMAND…: nothing but /proc is mounted, in a name space of its own, so that all that was
# started ends with it; of the environment, only proxies and what is given.
run_in_root() {
  local root=$1 each proxies=()
  shift
  for each in http_proxy https_proxy no_proxy; do [ -z "${!each:-}" ] || proxies+=("$each=${!each}"); done
  local given=()
  while [ $# -gt 0 ] && [[ $1 == [A-Za-z_]*=* ]]; do given+=("$1"); shift; done
  unshare --mount --pid --fork --kill-child sh -c '
    root=$1 && mount --make-rprivate / && mount -t proc proc "$root/proc" && shift && exec env -i "$@"' sh "$root" \
    PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "${proxies[@]}" "${given[@]}" "$(command -v chroot)" "$root" "$@"
}
