#!/bin/sh
# The cyclomatic complexity of a Python function is 12 to radon and 5 to mccabe, which flake8 asks: radon counts each
# `and` and `or`, each comprehension and its condition, `assert`, `else` of a loop and each arm of `x if y else z`;
# mccabe counts statements that branch. Of "if a and b and c" alone it is 4 and 2. One would guess one number, for the
# measure has a definition and both name it (McCabe's, of 1976, counts conditions one by one). A limit that a project
# wrote down as 10 holds by one and fails by the other, ranks of the worst functions are in another order, and a trend
# has a step where the tool was changed. Seen with radon 5.1.0 and mccabe 0.7.0 (Debian 12).
# Needs apt-get; installs Debian's packages radon and python3-mccabe where they are missing. Exits non-zero where they
# behave otherwise.
set -eu
{ command -v radon && /usr/bin/python3 -c 'import mccabe'; } >/dev/null 2>&1 ||
    apt-get install -y --no-install-recommends radon python3-mccabe >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >reader.py <<'PY'
def choose(items, flag, other):
    assert items
    names = [item for item in items if item and flag]
    try:
        names.sort()
    except ValueError:
        names = []
    for name in names:
        if flag and other or name:
            return name if flag else other
    else:
        return None


def plain(a, b, c):
    if a and b and c:
        return 1
    return 0
PY
dpkg-query -W -f '${Package} ${Version}\n' radon python3-mccabe
radon cc -s reader.py >radon.txt
/usr/bin/python3 -m mccabe reader.py >mccabe.txt
cat radon.txt mccabe.txt
number() { sed -n "s/.*$1.*[^0-9]\([0-9][0-9]*\))*\$/\1/p" "$2"; }
echo "choose: radon $(number choose radon.txt), mccabe $(number choose mccabe.txt); plain: $(number plain radon.txt), $(number plain mccabe.txt)"
[ "$(number choose radon.txt)" -ge $((2 * $(number choose mccabe.txt))) ] && [ "$(number plain radon.txt)" = 4 ] &&
    [ "$(number plain mccabe.txt)" = 2 ]
