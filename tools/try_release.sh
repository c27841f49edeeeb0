#!/usr/bin/env bash
# tools/try_release.sh 12|13 [--up-only] [--keep] [--ccache FOLDER]
# Tries this commit where nothing is installed: makes a fresh root of that Debian release with
# debootstrap, copies a clean clone of HEAD into it, runs the README's two commands there,
#     ./up --no-serve
#     ./check
# and reports how each ended. Needs root and debootstrap; the root (some 6 GB) is made below
# RESIDENT_ROOTS (else TMPDIR, else /tmp) and taken away at the end.
#   --up-only        without ./check
#   --keep           leaves the root, to look at: chroot into the folder it names
#   --ccache FOLDER  a compiler cache that outlives the root: moved into it, and out again (same file system)
# Packages come from where this machine's own apt takes them, or from DEBIAN_MIRROR; npm asks the
# registry that npm is set up for here. Nothing but /proc is mounted, in a name space of its own,
# so that all that was started ends with it.
set -eu
usage() { sed -n '2,/^set/{s/^# \{0,1\}//p}' "$0"; exit "${1:-2}"; }
die() { echo "tools/try_release.sh: $*" >&2; exit 1; }

release='' up_only=no keep=no ccache=''
while [ $# -gt 0 ]; do
  case $1 in
    12) release=bookworm number=12 ;;
    13) release=trixie number=13 ;;
    --up-only) up_only=yes ;;
    --keep) keep=yes ;;
    --ccache) [ $# -ge 2 ] || usage; ccache=$2; shift ;;
    -h|--help) usage 0 ;;
    *) usage ;;
  esac
  shift
done
[ -n "$release" ] || usage
[ "$(id -u)" = 0 ] || die "chroot and debootstrap need root"
command -v debootstrap >/dev/null || die "debootstrap is not there: apt-get install debootstrap"
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$here"
. tools/fresh_root.sh
[ -z "$(git status --porcelain --untracked-files=no)" ] || echo "note: what is not committed is not tried" >&2
commit=$(git rev-parse HEAD)
roots=${RESIDENT_ROOTS:-${TMPDIR:-/tmp}/resident-roots}
root=$roots/debian-$number
mkdir -p "$roots" build
log=$here/build/try-release-$number.log
: >"$log"

take_away() { rm -rf --one-file-system "$root"; }
restore_cache() { if [ -n "$ccache" ] && [ -d "$root/ccache" ]; then rm -rf "$ccache"; mv "$root/ccache" "$ccache"; fi; }
finish() { restore_cache; [ "$keep" = yes ] || take_away; }
[ ! -d "$root/ccache" ] || restore_cache  # of a run that was cut off
take_away
trap finish EXIT
trap 'exit 130' INT TERM

echo "Debian $number ($release): making a root in $root"
make_root "$release" "$root" >>"$log" 2>&1 || { tail -n 20 "$log" >&2; die "debootstrap failed; see $log"; }
settings=()
if command -v npm >/dev/null; then
  settings+=("npm_config_registry=$(npm config get registry)")
  authorities=$(npm config get cafile)
  [ -f "$authorities" ] || authorities=${NODE_EXTRA_CA_CERTS:-}
  if [ -f "$authorities" ]; then
    cp "$authorities" "$root/etc/npm-authorities.pem"
    settings+=(npm_config_cafile=/etc/npm-authorities.pem NODE_EXTRA_CA_CERTS=/etc/npm-authorities.pem)
  fi
fi
if [ -n "$ccache" ]; then
  mkdir -p "$ccache"; mv "$ccache" "$root/ccache"
  settings+=(CCACHE_DIR=/ccache)
fi
git clone -q --no-hardlinks --no-checkout "$here" "$root/resident"
git -C "$root/resident" checkout -q -B main "$commit"

# in_root COMMAND: within the clone; its output goes to the log, its last line is told.
in_root() {
  local started code
  started=$(date +%s)
  run_in_root "$root" "${settings[@]}" sh -c "cd /resident && exec $1" </dev/null >>"$log" 2>&1 && code=0 || code=$?
  printf 'Debian %s: %s: %s in %d min: %s\n' "$number" "$1" \
    "$([ "$code" = 0 ] && echo passed || echo "FAILED (exit code $code)")" $((($(date +%s) - started + 30) / 60)) \
    "$(grep -a . "$log" | tail -n 1 | cut -c1-150)"
  return "$code"
}
result=0
if in_root './up --no-serve'; then
  [ "$up_only" = yes ] || in_root ./check || result=1
else
  result=1
fi
[ "$result" = 0 ] || { echo "The end of $log:" >&2; tail -n 30 "$log" >&2; }
exit "$result"
