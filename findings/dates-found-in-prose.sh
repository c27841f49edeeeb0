#!/bin/sh
# Libraries that find dates in what people write find them in issues where there are none: to parsedatetime "fails since
# Python 3.11" is 11 March, "version 2.5 broke it" 5 February and "it may break" 1 May, each reported as a date; to
# dateparser's search_dates "issue 1234 and others" is in the year 1234; and to these two and chrono-node "[PATCH 3/7]"
# is 7 March, and "it sat in the queue" a Saturday. One would guess that a number after "version", and a word that is a
# verb, are none. Bots that read "remind me", due dates and freezes from comments set them for versions. Seen with
# parsedatetime 2.6, dateparser 1.1.6 (Debian 12) and chrono-node 2.10.3.
# Needs node, npm and apt-get; fetches chrono-node, unpacks Debian's package python3-parsedatetime, and installs
# python3-dateparser where it is missing. Exits non-zero where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import dateparser' 2>/dev/null || apt-get install -y --no-install-recommends python3-dateparser >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts chrono-node@2.10.3 >npm.log 2>&1 || { cat npm.log; exit 1; }
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download python3-parsedatetime >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
printf '%s\n' 'fails since Python 3.11' 'version 2.5 broke it' 'it may break' 'issue 1234 and others' '[PATCH 3/7] read pipes' \
    'it sat in the queue' >texts
cat >show.py <<'PY'
import datetime
import sys
import warnings

warnings.simplefilter("ignore")
import dateparser
import parsedatetime
from dateparser.search import search_dates

print("parsedatetime", parsedatetime.__version__, "dateparser", dateparser.__version__)
now = datetime.datetime(2026, 1, 14, 12)
found = []
for text in open("texts").read().splitlines():
    moment, kind = parsedatetime.Calendar().parseDT(text, now)
    one = moment.date().isoformat() if kind else None
    dates = search_dates(text, languages=["en"], settings={"RELATIVE_BASE": now}) or []
    two = [date.year for _, date in dates]
    print("%-24s parsedatetime: %s, search_dates: %s" % (text, one, dates))
    found.append((one, two))
same = [one for one, _ in found[:3]] == ["2026-03-11", "2026-02-05", "2026-05-01"] and found[3][1] == [1234]
sys.exit(0 if same else 1)
PY
PYTHONPATH="$folder/root/usr/lib/python3/dist-packages" /usr/bin/python3 show.py
cat >show.mjs <<'JS'
import { readFileSync } from "fs";
import { parse } from "chrono-node";

console.log("chrono-node", JSON.parse(readFileSync("node_modules/chrono-node/package.json")).version);
const found = readFileSync("texts", "utf8").trimEnd().split("\n").map((text) => {
    const words = parse(text, new Date(2026, 0, 14, 12)).map((result) => result.text).join();
    console.log(text.padEnd(24), words);
    return words;
});
process.exit(found.join(";") === ";;;;3/7;sat" ? 0 : 1);
JS
node show.mjs
