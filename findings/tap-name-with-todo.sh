#!/bin/sh
# bats writes a test's name into TAP as it is, so a failing test named "finds # TODO comments" is, to whoever reads the
# stream later, a test that is expected to fail: prove says PASS of what bats itself left with exit code 1. TAP has the
# escape \# for such a name, and `node --test` writes it. One would guess that a producer escapes what its format gives a
# meaning. A stream that is kept and read in another job is green. (Where prove runs bats itself, the exit code saves it.)
# Seen with bats 1.8.2 and prove 3.44 (Debian 12), node 20.20.
# Needs perl, node and apt-get; unpacks Debian's package bats, installs nothing. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download bats >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
export PATH="$folder/root/usr/bin:$PATH"
cat >names.bats <<'BATS'
@test "finds # TODO comments" { false; }
BATS
bats --version
prove --version
bats --tap names.bats >bats.tap && code=0 || code=$?
grep -v '^#' bats.tap
printf 'bats: exit code %s\n' "$code"
prove -e cat bats.tap && read=0 || read=$?
printf 'prove on what bats wrote: exit code %s\n' "$read"
cat >names.test.mjs <<'JS'
import test from "node:test";
test("finds # TODO comments", () => { throw new Error("no"); });
JS
node --test --test-reporter=tap names.test.mjs >node.tap || true
printf 'node %s: %s\n' "$(node --version)" "$(grep '^not ok' node.tap)"
[ "$code" -eq 1 ] && [ "$read" -eq 0 ] && grep -q '^not ok 1 - finds \\# TODO' node.tap
