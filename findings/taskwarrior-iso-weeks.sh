#!/bin/sh
# Week 2 of 2026, by ISO 8601 from Monday, 5 January, to Sunday, 11 January, begins on the 11th for Taskwarrior and
# Timewarrior: `task calc 2026-W02` is the Sunday on which it ends, and 2026-W02-1, "Monday of week 2", the 12th, a week
# late. `timew track 2026-W02 - 2026-W03` books the 11th to the 18th. In 2027 each week begins a day early. rc.weekstart
# makes no difference. One would guess ISO's weeks, as that is the form in which ISO 8601 writes them, and as Python's
# %G-W%V reads them. What is due "in week 2" is due at its end or after it. Seen with Taskwarrior 2.6.2 and Timewarrior
# 1.4.3 (Debian 12).
# Needs python3 and apt-get; installs Debian's packages taskwarrior and timewarrior where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
command -v task >/dev/null || apt-get install -y --no-install-recommends taskwarrior >/dev/null
command -v timew >/dev/null || apt-get install -y --no-install-recommends timewarrior >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TZ=UTC HOME="$folder" TASKDATA="$folder" TASKRC="$folder/taskrc" TIMEWARRIORDB="$folder/timew"
mkdir -p "$TIMEWARRIORDB/data"
: >"$TASKRC"
: >"$TIMEWARRIORDB/timewarrior.cfg"
printf 'Taskwarrior %s, Timewarrior %s\n' "$(task --version)" "$(timew --version)"
asked() { task rc.verbose=nothing rc.weekstart="$2" calc "$1" | cut -c 1-10; }
iso() { python3 -c "import datetime, sys; print(datetime.datetime.strptime(sys.argv[1] + '-1', '%G-W%V-%u').date())" "$1"; }
for week in 2025-W01 2026-W02 2026-W20 2027-W01; do
    printf '%s: Taskwarrior %s, with weeks from Monday %s; ISO 8601 %s\n' $week "$(asked $week sunday)" "$(asked $week monday)" "$(iso $week)"
done
printf '2026-W02-1: %s\n' "$(asked 2026-W02-1 monday)"
timew track 2026-W02 - 2026-W03 triage >/dev/null
timew export | grep start
[ "$(iso 2026-W02)" = 2026-01-05 ]
[ "$(asked 2026-W02 sunday)" = 2026-01-11 ]
[ "$(asked 2026-W02 monday)" = 2026-01-11 ]
[ "$(asked 2026-W02-1 monday)" = 2026-01-12 ]
[ "$(asked 2027-W01 monday)" = 2027-01-03 ]
timew export | grep -q '"start":"20260111T000000Z","end":"20260118T000000Z"'
