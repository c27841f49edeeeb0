#!/bin/sh
# In pytest's JUnit report the first test pays for all and the last one for the clean-up: what sets up a database for
# the whole run counts to the test that happens to ask for it first, what takes it down to the last. Of three equal
# tests that do next to nothing, the first takes 0.5 s, the second none, the third 0.3 s; with the first one left out,
# the second is the slow one. One would guess the time of the test. Lists of the slowest tests, tests that "became
# slower" and shares of work by the times of last time are about whoever came first; with tests in random order or on
# several machines it is another one each time. junit_duration_report = call leaves it out. Seen with pytest 7.2.1
# (Debian 12).
# Needs apt-get; installs Debian's package python3-pytest where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import pytest' 2>/dev/null || apt-get install -y --no-install-recommends python3-pytest >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export PYTHONDONTWRITEBYTECODE=1 PYTEST_DISABLE_PLUGIN_AUTOLOAD=1
cat >test_work.py <<'PY'
import time

import pytest


@pytest.fixture(scope="session")
def database():
    time.sleep(0.5)
    yield
    time.sleep(0.3)


def test_a(database):
    pass


def test_b(database):
    pass


def test_c(database):
    pass
PY
/usr/bin/python3 -m pytest --version
seconds() { # seconds NAME OPTIONS...
    name=$1
    shift
    /usr/bin/python3 -m pytest -q --junitxml="$name.xml" "$@" test_work.py >/dev/null
    grep -oE '<testcase[^>]*' "$name.xml" | sed 's/.*name="\([^"]*\)" time="\([^"]*\)".*/\1 \2/' | tee "$name.txt"
}
echo 'all three:'
seconds all
echo 'without the first:'
seconds two -k 'not test_a'
echo 'junit_duration_report = call:'
seconds call -o junit_duration_report=call
awk '{ t[FILENAME $1] = $2 }
END { exit !(t["all.txttest_a"] > 0.45 && t["all.txttest_b"] < 0.1 && t["all.txttest_c"] > 0.25 && t["two.txttest_b"] > 0.45 && t["call.txttest_a"] < 0.1) }' all.txt two.txt call.txt
