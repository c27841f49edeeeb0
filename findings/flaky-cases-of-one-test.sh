#!/bin/sh
# With Python's plugin flaky a test that failed and passed when it was tried again stands in pytest's JUnit report once
# for each try, and each of them is a pass: of one that failed twice and then passed there are three test cases of one
# name without a failure, in a suite that says tests="1" failures="0". One would guess one test case, or failures for
# the tries that failed. Who counts test cases has more passes the more a test wavers; the only mark that it did is that
# it passes too often. What failed, and why, is in a "Flaky Test Report" at the end of the terminal's output. Seen with
# flaky 3.7.0 and pytest 7.2.1 (Debian 12).
# Needs apt-get; installs Debian's packages python3-pytest and python3-flaky where they are missing. Exits non-zero
# where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import pytest, flaky' 2>/dev/null || apt-get install -y --no-install-recommends python3-pytest python3-flaky >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export PYTHONDONTWRITEBYTECODE=1 PYTEST_DISABLE_PLUGIN_AUTOLOAD=1
cat >test_work.py <<'PY'
from flaky import flaky

tries = []


@flaky(max_runs=3)
def test_wavers():
    tries.append(1)
    assert len(tries) == 3
PY
/usr/bin/python3 -c 'import pytest; from importlib.metadata import version; print("pytest", pytest.__version__, "flaky", version("flaky"))'
/usr/bin/python3 -m pytest -q -p flaky.flaky_pytest_plugin --junitxml=report.xml test_work.py >out.txt 2>&1
tail -n 1 out.txt
grep -oE '<testsuite [^>]*tests="[0-9]+"|<testcase[^>]*|<failure' report.xml
[ "$(grep -o '<testcase [^>]*name="test_wavers"' report.xml | wc -l)" -eq 3 ] && ! grep -q '<failure' report.xml &&
    grep -q 'failures="0".*tests="1"' report.xml
