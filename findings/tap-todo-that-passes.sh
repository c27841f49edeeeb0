#!/bin/sh
# A to-do test that passes after all ("ok 1 - reads # TODO") has three answers: tap2subunit, and all that read its stream,
# call it an expected FAILURE; Automake's driver XPASS, which fails `make check`; prove passes it, with a word in its
# summary. One would guess an unexpected success, for which subunit has a status of its own, uxsuccess. Who counts the
# to-dos that can be struck off finds none in subunit. Seen with subunit 1.4.0, Automake 1.16.5, prove 3.44 (Debian 12).
# Needs perl, python3, awk and apt-get; unpacks Debian's packages subunit and automake with what they need, installs
# nothing. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download subunit python3-subunit python3-testtools python3-extras python3-pbr automake >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
ls *.deb
export PYTHONPATH="$folder/root/usr/lib/python3/dist-packages"
printf 'echo TAP version 13\necho 1..1\necho "ok 1 - reads # TODO not yet"\n' >test.sh
sh test.sh >test.tap
/usr/bin/python3 root/usr/bin/tap2subunit <test.tap | /usr/bin/python3 root/usr/bin/subunit2pyunit >subunit.txt 2>&1 || true
grep -E '\.\.\. |^OK|^FAILED' subunit.txt
prove -e sh test.sh >prove.txt 2>&1 && proved=0 || proved=$?
grep -E 'TODO|Result' prove.txt
AM_TAP_AWK=awk sh root/usr/share/automake-1.16/tap-driver.sh --test-name test.sh --log-file test.log --trs-file test.trs \
    --color-tests no --enable-hard-errors yes --expect-failure no -- sh test.sh
grep test-result test.trs
grep -q 'expected failures=1' subunit.txt && [ $proved -eq 0 ] && grep -q 'test-result: XPASS' test.trs
