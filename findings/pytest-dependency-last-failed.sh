#!/bin/sh
# With pytest-dependency `pytest --lf`, which runs again what failed, makes a red run green: test_reads, which depends
# on test_opens and failed, is alone in that run, and since test_opens did not run there it is skipped, "1 skipped",
# exit code 0. It then is no failure any more, so --lf runs all the next time. The same for one test by its name. One
# would guess that what it depends on is run as well, or that a test which cannot be judged stays on the list of
# failures. A job that runs failed tests again, to tell flaky ones from broken ones, finds every dependent one flaky.
# Seen with pytest-dependency 0.5.1 and pytest 7.2.1 (Debian 12).
# Needs apt-get; installs Debian's packages python3-pytest and python3-pytest-dependency where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import pytest, pytest_dependency' 2>/dev/null ||
    apt-get install -y --no-install-recommends python3-pytest python3-pytest-dependency >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
/usr/bin/python3 -c 'from importlib.metadata import version; print("pytest", version("pytest"), "pytest-dependency", version("pytest-dependency"))'
cat >test_archive.py <<'PY'
import pytest


@pytest.mark.dependency()
def test_opens():
    pass


@pytest.mark.dependency(depends=["test_opens"])
def test_reads():
    assert "two members" == "one member"
PY
run() { # ARGUMENT...
    /usr/bin/python3 -m pytest -q "$@" >run.txt 2>&1 && code=0 || code=$?
    printf 'pytest %s: %s; exit code %s; failures remembered: %s\n' "$*" "$(tail -n 1 run.txt)" "$code" \
        "$(grep -c true .pytest_cache/v/cache/lastfailed || true)"
}
run
[ "$code" -eq 1 ]
run --lf
[ "$code" -eq 0 ]
grep -q '^1 skipped' run.txt
[ "$(cat .pytest_cache/v/cache/lastfailed)" = '{}' ]
run test_archive.py::test_reads
[ "$code" -eq 0 ]
run
[ "$code" -eq 1 ]
