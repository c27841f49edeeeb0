#!/bin/sh
# pandas.read_json makes numbers of JSON strings, where all strings of a column look like numbers: the releases "1.1"
# and "1.10" are one, 1.1, and the build "00123" loses its noughts. One more row with "1.10.1" and the column stays
# text. JSON has quotes to tell the two, so one would guess that they are kept, as the json module keeps them. A table
# of downloads, bugs or failures by release adds two releases up as one, without a warning, until some later release has
# three parts. dtype=False keeps strings. Seen with pandas 1.5.3 (Debian 12).
# Needs apt-get; installs Debian's package python3-pandas where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
/usr/bin/python3 - <<'PY'
import io
import json
import sys

import pandas

print("pandas", pandas.__version__)
rows = [
    {"release": "1.1", "build": "00123", "failures": 4},
    {"release": "1.10", "build": "00124", "failures": 2},
]
text = json.dumps(rows)
print(text)
table = pandas.read_json(io.StringIO(text))
print(table, table.dtypes.to_dict(), sep="\n")
sums = table.groupby("release").failures.sum().to_dict()
print("failures by release:", sums)
more = pandas.read_json(io.StringIO(json.dumps(rows + [{"release": "1.10.1", "build": "00125", "failures": 1}])))
print("with a release 1.10.1:", more.groupby("release").failures.sum().to_dict())
kept = pandas.read_json(io.StringIO(text), dtype=False)
print("with dtype=False:", kept.groupby("release").failures.sum().to_dict())
sys.exit(
    0
    if sums == {1.1: 6}
    and set(more.release) == {"1.1", "1.10", "1.10.1"}
    and set(kept.release) == {"1.1", "1.10"}
    and list(table.build) == [123, 124]
    else 1
)
PY
