#!/bin/sh
# `hg log -d "<2026-01-05"` has what was done ON the 5th, as well: to Mercurial "<" is "at or before", and a day is a
# moment that it fills up at the far end, 23:59:59 here, 00:00:00 behind ">". So "<2026-01-05" and ">2026-01-05" share
# the whole of the 5th, "<=" is an error ("invalid date"), and the revset date("<2026-01-05") is the same. One would
# guess that "<" leaves out what it is compared with, as in every language, or that what lies before a day and what lies
# after it have no commit in common. Counts of two quarters that are cut by one day have that day twice. Seen with
# Mercurial 6.3.2 (Debian 12).
# Needs apt-get; installs Debian's package mercurial where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v hg >/dev/null || apt-get install -y --no-install-recommends mercurial >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HGRCPATH=/dev/null HGUSER='Ada <ada@example.org>' HGPLAIN=1 TZ=UTC LC_ALL=C
hg --version -q
hg init repository
cd repository
for day in 04 05 06; do
    echo $day >file
    hg commit -qAm $day -d "2026-01-$day 10:00 +0000"
done
on() { hg log -d "$1" -T '{desc} '; }
for date in '<2026-01-05' '>2026-01-05' '2026-01-05' '>2026-01-05 12:00'; do
    printf 'hg log -d "%s": %s\n' "$date" "$(on "$date")"
done
printf 'hg log -d "<=2026-01-05": %s\n' "$(hg log -d '<=2026-01-05' 2>&1 || true)"
printf 'hg log -r date("<2026-01-05"): %s\n' "$(hg log -r 'date("<2026-01-05")' -T '{desc} ')"
[ "$(on '<2026-01-05')" = '05 04 ' ]
[ "$(on '>2026-01-05')" = '06 05 ' ]
if hg log -d '<=2026-01-05' >/dev/null 2>&1; then exit 1; fi
[ "$(hg log -r 'date("<2026-01-05")' -T '{desc} ')" = '04 05 ' ]
