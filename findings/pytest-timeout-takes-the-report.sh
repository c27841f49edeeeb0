#!/bin/sh
# With pytest-timeout's method "thread" one test that hangs takes the whole report along: the process is ended on the
# spot, with exit code 1, as for a failed test, and no JUnit file is written, nor are the tests after it run. With
# "signal", the default on Linux, the test fails and the others go on. One would guess that a way to stop a test is not
# one to stop the run, as --timeout-method reads. "thread" is the only one on Windows, and what is asked for where code
# holds the signals; the job of that system has no results on just the days when something hung, and a report that an
# earlier step left is taken for today's. Seen with pytest 7.2.1 and pytest-timeout 2.1.0 (Debian 12).
# Needs apt-get; installs Debian's packages python3-pytest and python3-pytest-timeout where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import pytest, pytest_timeout' 2>/dev/null ||
    apt-get install -y --no-install-recommends python3-pytest python3-pytest-timeout >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export PYTHONDONTWRITEBYTECODE=1
cat >test_wait.py <<'PY'
import time


def test_first():
    pass


def test_hangs():
    time.sleep(3)


def test_last():
    pass
PY
/usr/bin/python3 -m pytest --version 2>&1
dpkg-query -W -f '${Package} ${Version}\n' python3-pytest-timeout
run() { # METHOD
    /usr/bin/python3 -m pytest -q -p no:cacheprovider --timeout=1 --timeout-method="$1" --junit-xml="$1.xml" test_wait.py >"$1.log" 2>&1 &&
        code=0 || code=$?
    printf '%s: exit code %s, report: %s\n' "$1" "$code" "$(grep -o 'errors=.*tests="[0-9]*"' "$1.xml" 2>/dev/null || echo none)"
}
run signal
[ "$code" -eq 1 ] && grep -q 'failures="1" skipped="0" tests="3"' signal.xml
run thread
[ "$code" -eq 1 ] && [ ! -e thread.xml ] && grep -q 'Timeout' thread.log
