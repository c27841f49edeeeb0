#!/bin/sh
# `parallel --resume --joblog LOG`, which goes on where a run was broken off, knows jobs by their number alone: where a
# list of tests has got a new one in front meanwhile, the new one is job 1, which is done, so it never runs, and the
# last runs again. --resume-failed likewise: of a, b and c b failed; with z in front job 2 is a now, so a runs again,
# passes, and the exit code is 0, though b's failure was never looked at. The log has each job's command beside the
# number. One would guess that a job is known by its command, or that another command under a number is an error. Lists
# that `find` or `git ls-files` makes grow at any place. --retry-failed takes the commands from the log. Seen with GNU
# parallel 20221122 (Debian 12).
# Needs apt-get; installs Debian's package parallel where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v parallel >/dev/null || apt-get install -y --no-install-recommends parallel >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" LC_ALL=C
parallel --version | head -n 1
run() { # LIST OPTION... ("b" fails)
    printf "$1" >list
    shift
    parallel --will-cite -j1 --joblog log "$@" 'echo {}; [ {} != b ]' <list >ran.txt 2>/dev/null && code=0 || code=$?
    printf 'ran: %s exit code %s\n' "$(tr '\n' ' ' <ran.txt)" "$code"
}
run 'a\nc\nd\n'
run 'new\na\nc\nd\n' --resume
[ "$(cat ran.txt)" = d ]
rm log
run 'a\nb\nc\n'
[ "$code" -eq 1 ]
cp log first
run 'z\na\nb\nc\n' --resume-failed
cut -f 1,7,9 log
grep -qx a ran.txt
if grep -qx b ran.txt; then exit 1; fi
[ "$code" -eq 0 ]
cp first log
printf 'with --retry-failed '
parallel --will-cite -j1 --joblog log --retry-failed >ran.txt 2>/dev/null && code=0 || code=$?
printf 'ran: %s exit code %s\n' "$(tr '\n' ' ' <ran.txt)" "$code"
[ "$(cat ran.txt)" = b ]
