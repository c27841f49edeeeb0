#!/bin/sh
# csvsort, and csvjoin, of csvkit change the cells that they move: of a table sorted by one column, "no" is False in
# another, "none" and "NA" are empty, build 00123 is 123, and "1:30", an hour and a half, 0:01:30, a minute and a half.
# csvjson makes of the release "1.10" the number 1.1. They guess a type for each column and write it out in their own
# way; csvcut and csvgrep leave all as it was. One would guess that sorting changes the order. A person called None, an
# answer "no", builds and times come out of a pipeline as something else, depending on which other values the column
# happens to have, since one cell that does not fit keeps the column text. -I leaves types out; None is gone all the
# same. Seen with csvkit 1.0.7 (Debian 12).
# Needs apt-get; installs Debian's package csvkit where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v csvsort >/dev/null || apt-get install -y --no-install-recommends csvkit >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export PYTHONWARNINGS=ignore LC_ALL=C.UTF-8
printf '%s\n' release,answered,assignee,spent,build 1.9,yes,Ada,2:15,00124 1.10,no,none,1:30,00123 >runs.csv
csvsort --version
csvsort -c build runs.csv >sorted.csv
csvsort -I -c build runs.csv >plain.csv
csvjson runs.csv >runs.json
cat sorted.csv plain.csv runs.json
echo
grep -qx '1.10,False,,0:01:30,123' sorted.csv && grep -qx '1.10,no,,1:30,00123' plain.csv && grep -q '"release": 1.1,' runs.json &&
    csvcut -c answered,build runs.csv | grep -qx 'no,00123'
