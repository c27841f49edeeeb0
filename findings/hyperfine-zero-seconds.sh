#!/bin/sh
# hyperfine writes times of 0 seconds: it takes the mean time of its shell off each run, and what falls below nought becomes
# 0. For a command of a millisecond many of `times`, `min`, and even the median, are exactly 0, and the mean is too high,
# since one side of the noise alone is cut. One would guess small times. A ratio or a logarithm of them is infinite, and a
# change in a tool's start-up cannot be seen. -N (no shell) measures them. Seen with hyperfine 1.15.0 (Debian 12).
# Needs python3 and apt-get; unpacks Debian's package, installs nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download hyperfine >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
export PATH="$folder/root/usr/bin:$PATH"
hyperfine --version
hyperfine --style none --runs 200 --export-json shell.json true >output.txt 2>&1
hyperfine --style none --runs 200 -N --export-json plain.json true >>output.txt 2>&1
python3 - <<'PYTHON'
import json, sys
zeros = {}
for name in "shell", "plain":
    [result] = json.load(open(name + ".json"))["results"]
    times = result["times"]
    zeros[name] = sum(time == 0 for time in times)
    print(f"{name}: {zeros[name]} of {len(times)} times are 0; min {result['min']}, median {result['median']}, mean {result['mean']}")
sys.exit(not (zeros["shell"] > 0 and zeros["plain"] == 0))
PYTHON
