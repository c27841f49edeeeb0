#!/bin/sh
# pytest's --deselect takes what begins like the name it is given: `--deselect test_dates.py::test_parse` switches off
# test_parse_zones and test_parse_week as well, and a name that is no test any more is no error. One would guess that an
# address "file::test" means that one test, as it does without --deselect: `pytest test_dates.py::test_parse` runs one
# and refuses an unknown name. A list of flaky tests that a project keeps out of CI takes sound ones along, and new ones
# as they are written, each with exit code 0. Seen with pytest 7.2.1 (Debian 12).
# Needs python3 and apt-get; unpacks Debian's packages, installs nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download python3-pytest python3-pluggy python3-iniconfig python3-attr python3-packaging >apt.log 2>&1 ||
    { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
export PYTHONPATH="$folder/root/usr/lib/python3/dist-packages" PYTHONDONTWRITEBYTECODE=1
/usr/bin/python3 -m pytest --version
mkdir tests
cat >tests/test_dates.py <<'PY'
def test_parse():
    assert True

def test_parse_zones():
    assert 1 == 2

def test_parse_week():
    assert 1 == 3

def test_format():
    assert True
PY
cd tests
run() {
    /usr/bin/python3 -m pytest -q -p no:cacheprovider "$@" >"$folder/run.txt" 2>&1 && code=0 || code=$?
    printf '%s: exit code %s, %s\n' "$*" "$code" "$(tail -n 1 "$folder/run.txt")"
}
run test_dates.py
[ "$code" -eq 1 ] && grep -q '2 failed, 2 passed' "$folder/run.txt" || exit 1
run test_dates.py::test_parse
[ "$code" -eq 0 ] && grep -q '1 passed' "$folder/run.txt" || exit 1
run test_dates.py::test_gone
[ "$code" -eq 4 ] || exit 1
run --deselect test_dates.py::test_gone test_dates.py
[ "$code" -eq 1 ] && grep -q '2 failed, 2 passed' "$folder/run.txt" || exit 1
run --deselect test_dates.py::test_parse test_dates.py
[ "$code" -eq 0 ] && grep -q '1 passed, 3 deselected' "$folder/run.txt"
