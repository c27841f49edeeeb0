#!/bin/sh
# ledger and hledger read one timeclock, the plain file of "i" and "o" lines for hours of work, and split it into other
# days: of a review from 22:00 on the 5th to 02:00 on the 6th hledger has two hours on each day, ledger four on the 5th.
# So "since the 6th" is 4 hours of work in hledger and 2 in ledger; the totals of all agree. --day-break makes ledger
# split as well. One would guess one answer, since hledger was made to read ledger's files, or that a report of a day
# has what was done on that day. Hours by day, week or month of who works at night differ with the program, and at each
# month's end. Seen with ledger 3.3.0 and hledger 1.25 (Debian 12).
# Needs apt-get; installs Debian's packages ledger and hledger where they are missing. Exits non-zero where they behave
# otherwise.
set -eu
for program in ledger hledger; do
    command -v $program >/dev/null || apt-get install -y --no-install-recommends $program >/dev/null
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export LC_ALL=C.UTF-8 TZ=UTC HOME="$folder"
ledger --version | head -n 1
hledger --version | head -n 1
cat >work.timeclock <<'TIMECLOCK'
i 2026-01-05 22:00:00 review
o 2026-01-06 02:00:00
i 2026-01-06 09:00:00 triage
o 2026-01-06 11:00:00
TIMECLOCK
since() { # PROGRAM [OPTION]
    program=$1
    shift
    "$program" -f work.timeclock "$@" balance -b 2026-01-06 | grep -o '[0-9.]*h' | tail -n 1
}
all() { "$1" -f work.timeclock balance | grep -o '[0-9.]*h' | tail -n 1; }
printf 'all: hledger %s, ledger %s\n' "$(all hledger)" "$(all ledger)"
printf 'since the 6th: hledger %s, ledger %s, ledger --day-break %s\n' "$(since hledger)" "$(since ledger)" "$(since ledger --day-break)"
ledger -f work.timeclock register
hledger -f work.timeclock register
[ "$(all hledger)" = 6.00h ]
[ "$(all ledger)" = 6.00h ]
[ "$(since hledger)" = 4.00h ]
[ "$(since ledger)" = 2.00h ]
[ "$(since ledger --day-break)" = 4.00h ]
