#!/bin/sh
# Brings the program to a runner: one that is there already, else the package that is named (a .deb or the tarball, by
# path or by address with its checksum), else built from the sources that this file lies in. Told by environment:
#   RESIDENT_CI_PACKAGE   path or https address of resident_*.deb or resident-*.tar.xz
#   RESIDENT_CI_SHA256    its SHA-256; needed for an address
# Where a folder has to be added to PATH, that is told to the runner ($GITHUB_PATH) and printed as the last line.
set -eu
die() { echo "ci/install.sh: $*" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
place=${RESIDENT_CI_PACKAGE:-}
if [ -z "$place" ]; then
  if command -v resident >/dev/null; then resident --version >&2; exit 0; fi
  here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
  [ -x "$here/up" ] || die "there is no resident here; name a package in RESIDENT_CI_PACKAGE"
  [ -x "$here/build/release/resident" ] || "$here/up" --build-only >&2
  folder=$here/build/release
else
  target=${RUNNER_TEMP:-${TMPDIR:-/tmp}}/resident-package
  mkdir -p "$target"
  case $place in
    https://*)
      [ -n "${RESIDENT_CI_SHA256:-}" ] || die 'an address needs its checksum too'
      file=$target/${place##*/}
      case $file in *.deb | *.tar.xz) ;; *) die "neither a .deb nor a .tar.xz" ;; esac
      curl --fail --silent --show-error --location --proto '=https' --output "$file" -- "$place" ;;
    *://*) die 'only https addresses' ;;
    *) file=$(realpath -- "$place") ;;
  esac
  [ -f "$file" ] || die "there is no file $file"
  if [ -n "${RESIDENT_CI_SHA256:-}" ]; then
    printf '%s  %s\n' "$RESIDENT_CI_SHA256" "$file" | sha256sum --check --strict --quiet - >&2 || die "its checksum is another one"
  fi
  case $file in
    *.deb)
      as_root apt-get update >&2
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$file" ca-certificates >&2
      resident --version >&2
      exit 0 ;;
    *.tar.xz)
      rm -rf "$target/unpacked" && mkdir "$target/unpacked"
      tar -C "$target/unpacked" -xJf "$file"
      folder=$(echo "$target"/unpacked/*/bin) ;;
    *) die "neither a .deb nor a .tar.xz: $file" ;;
  esac
fi
"$folder/resident" --version >&2
[ -z "${GITHUB_PATH:-}" ] || printf '%s\n' "$folder" >>"$GITHUB_PATH"
printf '%s\n' "$folder"
