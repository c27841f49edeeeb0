#!/bin/sh
# For cloc every text in triple quotes in Python is a comment, whatever is done with it: of a module of five lines, a
# query of SQL and its use, it says two lines of code and three of comments. One would guess that docstrings are
# comments and values are code, as Python itself tells them apart; a here document in a shell script, and a template in
# JavaScript, count as code. Projects that keep SQL, expected output or help texts in Python look well commented and
# small, and moving a query to a file of its own makes the project larger. --docstring-as-code makes code of all. Seen
# with cloc 1.96 (Debian 12).
# Needs apt-get; installs Debian's package cloc where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v cloc >/dev/null || apt-get install -y --no-install-recommends cloc >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >report.py <<'PY'
QUERY = """
select label
from issues
"""
print(QUERY)
PY
cat >report.sh <<'SHELL'
cat <<QUERY
select label
from issues
QUERY
echo done
SHELL
cat >report.js <<'JS'
const query = `
select label
from issues
`;
console.log(query);
JS
printf 'cloc %s\n' "$(cloc --version)"
cloc --quiet --csv --by-file . | tail -n +2 | sort | tee counts
cloc --quiet --csv --docstring-as-code --by-file report.py | tail -n +2
code() { sed -n "s/^[^,]*,[^,]*$1,\(.*\)/\1/p" counts; }
[ "$(code py)" = 0,3,2 ] && [ "$(code js)" = 0,0,5 ] && [ "$(code sh)" = 0,0,5 ]
