#!/bin/sh
# coverage.py's LCOV report puts each branch on the line that it leads to, not on the line that branches: for an `if` in
# line 2 it has BRDA for lines 3 and 4, none for 2. It also counts the line of a class's docstring as run: where 7 of 8
# lines were, it says LF:8 and LH:8, all of them, beside nine DA lines. One would guess that the reports of one program
# agree; its Cobertura XML has branches and lines right. What draws the LCOV file puts "not taken" beside plain
# statements, and a threshold of 100 % on it holds with a line missing. Seen with coverage.py 6.5.0 (Debian 12).
# Needs python3 and apt-get; unpacks Debian's package python3-coverage, installs nothing. Exits non-zero where it
# behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download python3-coverage >apt.log 2>&1 || { cat apt.log; exit 1; }
dpkg -x python3-coverage_*.deb root
export PYTHONPATH="$folder/root/usr/lib/python3/dist-packages"
coverage() { /usr/bin/python3 -m coverage "$@"; }
coverage --version | head -n 1
cat >reader.py <<'PY'
def read(name):
    if name:
        text = "text"
    return text


class Reader:
    """Reads."""

    def close(self):
        return None


read("a")
PY
coverage run --branch reader.py
coverage report
coverage lcov -q -o report.info
coverage xml -q -o report.xml
grep -vE '^(TN|SF|end_of)' report.info | sed 's/\(DA:[0-9]*,[0-9]*\),.*/\1/' | paste -s -d ' '
grep -oE 'lines-valid="[0-9]+" lines-covered="[0-9]+"|<line .*branch="true".*/>' report.xml
grep -q 'lines-valid="8" lines-covered="7"' report.xml && grep -q '<line number="2" hits="1" branch="true"' report.xml &&
    [ "$(grep '^BRDA:' report.info | cut -d, -f1 | sort | paste -s)" = "$(printf 'BRDA:3\tBRDA:4')" ] &&
    [ "$(grep -c '^DA:' report.info)" -eq 9 ] && grep -qx 'LF:8' report.info && grep -qx 'LH:8' report.info
