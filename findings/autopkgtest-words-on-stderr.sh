#!/bin/sh
# Debian's autopkgtest fails a test that passed and said a word on standard error: a script that prints "deprecated"
# there and leaves with 0 is "FAIL stderr: deprecated". And its own exit code is no yes or no: 2 where all is well but a
# test was skipped, or one marked flaky failed, 4 where one failed, 6 for both. One would guess that a test's exit code
# is its result, as with every other runner, and that a run without a failure leaves with 0. A new warning of any
# program in between turns a package red, and `autopkgtest ... || fail` calls a skip a failure. The restriction
# allow-stderr is for the first. Seen with autopkgtest 5.28 (Debian 12).
# Needs apt-get; installs Debian's package autopkgtest where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v autopkgtest >/dev/null || apt-get install -y --no-install-recommends autopkgtest >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/reader/debian/tests"
cd "$folder/reader"
export LC_ALL=C.UTF-8
cat >debian/control <<'CONTROL'
Source: reader
Maintainer: Ada <ada@example.org>
Standards-Version: 4.6.2

Package: reader
Architecture: all
Description: reads archives
CONTROL
printf 'reader (1.0) unstable; urgency=medium\n\n  * Start\n\n -- Ada <ada@example.org>  Mon, 05 Jan 2026 09:00:00 +0000\n' >debian/changelog
test_script() { # NAME RESTRICTIONS COMMAND
    printf '#!/bin/sh\n%s\n' "$3" >"debian/tests/$1"
    chmod +x "debian/tests/$1"
    printf 'Tests: %s\nDepends:\n%s\n' "$1" "${2:+Restrictions: $2
}" >>debian/tests/control
}
run() {
    autopkgtest -B . -- null >../run.txt 2>&1 && code=0 || code=$?
    sed -n '/ summary$/,$p' ../run.txt | tail -n +2
    printf 'exit code %s\n' "$code"
    rm debian/tests/*
}
test_script passes '' 'echo read'
test_script warns '' 'echo deprecated >&2'
test_script warns-as-it-may allow-stderr 'echo deprecated >&2'
run
[ "$code" -eq 4 ]
grep -Eq '^warns +FAIL stderr: deprecated' ../run.txt
grep -Eq '^warns-as-it-may +PASS' ../run.txt
test_script passes '' 'echo read'
test_script wavers flaky 'exit 1'
run
[ "$code" -eq 2 ]
test_script passes '' 'echo read'
test_script skips skippable 'exit 77'
run
[ "$code" -eq 2 ]
