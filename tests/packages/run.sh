#!/usr/bin/env bash
# tests/packages/run.sh: what ./package makes, tried where nothing is installed: a fresh root of this machine's Debian release.
# Install, the README's first commands, upgrade, removal and purge of the Debian package; the tarball in a root that has a
# static shell and nothing else. ./check --packages runs it; it needs root (it installs debootstrap and lintian where they
# are not there). Ends with "N passed, N failed, N skipped"; times are said. The roots are made below RESIDENT_ROOTS, else
# TMPDIR, else /tmp, and taken away again.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tools/setup.sh
. tools/fresh_root.sh
passed=0 failed=0 skipped=0
ok() { passed=$((passed + 1)); printf 'ok    %s\n' "$*"; }
not_ok() { failed=$((failed + 1)); printf 'FAIL  %s\n' "$*"; }
# expect NAME COMMAND…: what it prints is shown where it fails.
expect() {
  local name=$1 said; shift
  if said=$("$@" 2>&1); then ok "$name"; else not_ok "$name"; printf '%s\n' "$said" | tail -n 15 | sed 's/^/FAIL    /'; fi
}
finish() { printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"; [ "$failed" = 0 ]; exit $?; }
if [ "$(id -u)" != 0 ]; then echo "skip  packages: chroot and debootstrap need root"; skipped=1; finish; fi
install_packages debootstrap lintian systemd

release=$(. /etc/os-release && echo "$VERSION_CODENAME")
roots=${RESIDENT_ROOTS:-${TMPDIR:-/tmp}/resident-roots}
mkdir -p "$roots" build
root=$(mktemp -d "$roots/packages-XXXXXX") empty=$(mktemp -d "$roots/empty-XXXXXX")
trap 'rm -rf --one-file-system "$root" "$empty"' EXIT
trap 'exit 130' INT TERM
log=$PWD/build/packages.log
: >"$log"
inside() { run_in_root "$root" DEBIAN_FRONTEND=noninteractive "$@" </dev/null; }
logged() { "$@" >>"$log" 2>&1; }
now() { date +%s%N; }
seconds_since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f", (to - from) / 1e9 }'; }

SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH
packages=$PWD/build/packages
rm -rf "$packages"
expect "packages are made; lintian finds neither error nor warning" ./package --lint
expect "the same program as an older version" ./package deb --version "0.0.9~previous" --output "$packages/previous"
new=$(echo "$packages"/resident_*.deb) old=$(echo "$packages"/previous/resident_*.deb) tarball=$(echo "$packages"/resident-*.tar.xz)
[ -f "$new" ] && [ -f "$old" ] && [ -f "$tarball" ] || finish
expect "the list of parts is valid SPDX 2.3" python3 tools/spdx.py --check "$packages"/resident-*.spdx.json
has_all_needed() {
  local library path package
  for library in $(objdump -p build/release/resident | awk '/NEEDED/{print $2}'); do
    path=$(ldd build/release/resident | awk -v l="$library" '$1 == l {print $3}')
    # Before and after /usr was merged, packages know a file by either name.
    package=$( (dpkg -S "$path" || dpkg -S "$(realpath "$path")" || dpkg -S "/usr$path") 2>/dev/null | cut -d: -f1)
    grep -q "\"name\": \"$package\"" "$packages"/resident-*.spdx.json || { echo "$package ($library) is not in it"; return 1; }
  done
}
expect "every library that the program names is in that list" has_all_needed
size=$(stat -c %s "$new")
expect "the package is below 8 MB: $((size / 1000)) kB" test "$size" -lt 8000000
again=$packages/again
reproduced() { ./package tarball --output "$again" && cmp "$again"/*.tar.xz "$tarball"; }
expect "the tarball is made again byte for byte" reproduced

started=$(now)
if ! logged make_root "$release" "$root"; then tail -n 20 "$log"; not_ok "debootstrap $release"; finish; fi
echo "a root of Debian $release in $(seconds_since "$started") s"
cp "$new" "$old" "$root/root/"
# A clone of one's own: this project's.
if [ -e .git ]; then git clone -q --bare . "$root/srv/project.git" 2>>"$log"; else skipped=1; fi
cp tests/scenarios/data/tiny.jsonl "$root/srv/tiny.jsonl"
logged inside apt-get update
inside sh -c 'find / -xdev -path /proc -prune -o -print | sort' >"$root.before"

expect "the older version is installed" inside apt-get install -y "./root/$(basename "$old")"
expect "it says which" inside sh -c 'dpkg-query -W resident | grep -q previous && resident --version'
as_services() { inside RESIDENT_DB=/var/lib/resident/resident.db XDG_CONFIG_HOME=/etc "$@"; }
# What systemd would make: the folder of the dynamic user, and the name it goes by.
inside sh -c 'mkdir -p -m 700 /var/lib/private && mkdir -m 750 /var/lib/private/resident && ln -s private/resident /var/lib/resident && echo GITHUB_TOKEN=x >/etc/resident/environment && chmod 600 /etc/resident/environment && echo "# mine" >>/etc/resident/config.toml'
expect "a store of the services" as_services resident add jsonl /srv/tiny.jsonl --project tiny
expect "a store of one's own" inside sh -c 'cd /root && resident add jsonl /srv/tiny.jsonl --project tiny'
sums() { inside sh -c 'sha256sum /var/lib/resident/resident.db /root/resident.db /etc/resident/*'; }
before=$(sums) status=$(as_services resident status --json)
expect "upgraded" inside apt-get install -y "./root/$(basename "$new")"
expect "it is the new version" inside sh -c '! dpkg-query -W resident | grep previous'
expect "stores, tokens and the edited configuration are as they were" test "$before" = "$(sums)"
expect "the upgraded program reads the store alike" test "$status" = "$(as_services resident status --json)"

expect "manual pages" inside sh -c 'test -s /usr/share/man/man1/resident.1.gz && test -s /usr/share/man/man1/resident-today.1.gz && test -s /usr/share/man/man8/resident-service.8.gz || grep -q path-exclude /etc/dpkg/dpkg.cfg.d/*'
expect "completions where bash, zsh and fish look" inside sh -c 'cd /usr/share && test -s bash-completion/completions/resident && test -s zsh/vendor-completions/_resident && test -s fish/vendor_completions.d/resident.fish'
bash_completes() { inside bash -c '. /usr/share/bash-completion/completions/resident; COMP_WORDS=(resident today --format j) COMP_CWORD=3; _resident; [ "${COMPREPLY[*]}" = json ] || { echo "${COMPREPLY[*]}"; exit 1; }; COMP_WORDS=(resident tod) COMP_CWORD=1; _resident; [ "${COMPREPLY[*]}" = today ]'; }
expect "bash completes commands and values" bash_completes
expect "the guide and the list of parts" inside sh -c 'ls /usr/share/doc/resident/guide | grep -q morning.md && zcat /usr/share/doc/resident/resident.spdx.json.gz | grep -q SPDX-2.3'
expect "no library is missing, every one is Debian's own" inside sh -c '! ldd /usr/bin/resident | grep -E "not found|/usr/local"'
stripped() { file "$root/usr/bin/resident" | grep -q ', stripped'; }
expect "the program is stripped" stripped
expect "the helper says that systemd is not running" inside sh -c 'resident-service today 2>&1 | grep -q "systemd is not running"'
units_are_clean() {
  local said
  said=$(systemd-analyze --root="$root" verify --man=no resident-serve.service resident-sync.service resident-sync.timer 2>&1)
  # Of the units that every system has, a root without systemd lacks all.
  ! printf '%s\n' "$said" | grep -i 'resident' | grep -v 'Unit sysinit.target not found'
}
expect "systemd-analyze finds nothing in the units" units_are_clean
for unit in resident-serve resident-sync; do
  expect "$unit: exposure below 1.5 ($(systemd-analyze security --offline=true "packaging/systemd/$unit.service" 2>/dev/null | sed -n 's/.*exposure level for [^:]*: //p'))" \
    systemd-analyze security --offline=true --threshold=15 "packaging/systemd/$unit.service"
done
expect "nothing was enabled" inside sh -c '! ls /etc/systemd/system/*.wants 2>/dev/null | grep resident'

expect "removed" inside apt-get remove -y resident
expect "a removal keeps stores, tokens and configuration" test "$before" = "$(sums)"
expect "purged" inside apt-get purge -y resident
expect "a purge takes the services' store, the tokens and the configuration" inside sh -c '! ls -d /var/lib/resident /var/lib/private/resident /etc/resident 2>/dev/null'
expect "a purge keeps what lies with users" test "$(printf '%s\n' "$before" | grep /root/)" = "$(inside sha256sum /root/resident.db)"
nothing_left() {
  logged inside apt-get autoremove --purge -y
  inside sh -c 'find / -xdev -path /proc -prune -o -print | sort' >"$root.after"
  ! comm -13 "$root.before" "$root.after" | grep -i resident | grep -vE '^/root/resident\.db|^/var/lib/systemd/deb-systemd-helper-[a-z]*$|^/var/cache/'
}
expect "a purge leaves no file" nothing_left
rm -f "$root.before" "$root.after"

if [ -e "$root/srv/project.git" ]; then
  # The bar: three commands, below a minute, on a system that has never seen it.
  logged inside sh -c 'rm -rf /root/resident.db* && apt-get autoremove --purge -y && apt-get clean'
  started=$(now)
  expect "first command: apt install" inside apt-get install -y "./root/$(basename "$new")"
  installed=$(seconds_since "$started")
  expect "second command: resident add git" inside sh -c 'cd /root && resident add git /srv/project.git --project project'
  expect "third command: resident today" inside sh -c 'cd /root && resident today | grep -q "^Today"'
  whole=$(seconds_since "$started")
  expect "from apt install to Today: $whole s, $installed of them installing" awk -v s="$whole" 'BEGIN { exit !(s < 60) }'
fi

# The tarball: no C library, no loader, no Debian.
if inside sh -c 'cd /root && apt-get download busybox-static && dpkg-deb -x busybox-static_*.deb busybox' >>"$log" 2>&1; then
  mkdir -p "$empty/bin" "$empty/opt" "$empty/tmp" "$empty/proc" "$empty/srv"
  find "$root/root/busybox" -path '*/bin/busybox' -type f -exec cp {} "$empty/bin/busybox" \;
  for each in sh readlink uname cut ls env; do ln -s busybox "$empty/bin/$each"; done
  cp tests/scenarios/data/tiny.jsonl "$empty/srv/"
  tar -C "$empty/opt" -xf "$tarball"
  unpacked=/opt/$(basename "$tarball" .tar.xz)
  in_empty() { run_in_root "$empty" PATH=/bin HOME=/tmp RESIDENT_NOW=2024-01-10T12:00:00Z "$@" </dev/null; }
  expect "the tarball runs where there is a static shell alone" in_empty "$unpacked/bin/resident" --version
  expect "by a link, too" in_empty sh -c "cd /tmp && /bin/busybox ln -s $unpacked/bin/resident here && ./here --version"
  expect "it imports" in_empty sh -c "cd /tmp && $unpacked/bin/resident add jsonl /srv/tiny.jsonl --project tiny"
  same_answer() {
    local there here
    there=$(in_empty sh -c "cd /tmp && $unpacked/bin/resident today") || return 1
    here=$(RESIDENT_NOW=2024-01-10T12:00:00Z build/release/resident today --db "$empty/tmp/resident.db") || return 1
    [ "$there" = "$here" ] && [ -n "$here" ]
  }
  expect "and answers as the program that it was made of" same_answer
  expect "the same build" test "$(in_empty sh -c "$unpacked/bin/resident --version --verbose" | sed -n 2p)" = "$(build/release/resident --version --verbose | sed -n 2p)"
  expect "it says what it needs" grep -q "Linux [0-9.]* or newer on x86-64" "$empty$unpacked/README"
  missing() { mv "$empty$unpacked/lib" "$empty$unpacked/away"; in_empty sh -c "$unpacked/bin/resident --version 2>&1 | /bin/busybox grep -q 'keep bin, lib and libexec together'"; local code=$?; mv "$empty$unpacked/away" "$empty$unpacked/lib"; return $code; }
  expect "without its libraries it says so" missing
else
  skipped=$((skipped + 1)); echo "skip  the tarball in an empty root: busybox-static can't be had"
fi
finish
