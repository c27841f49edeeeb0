#!/bin/sh
# jq takes the offset of a time for nothing: strptime("%Y-%m-%dT%H:%M:%S%z") | mktime of "2026-01-05T09:15:00+0200" is 9:15
# UTC, two hours late, and so is that of "-0500", five hours early; "%z" has to be there and to match, and is then left
# out. One would guess that a format which names the offset uses it, or fails. Gerrit, git, GitLab and mail write offsets;
# times to a first answer between people of two zones, computed with jq in a pipeline of CI, are off by hours, or negative.
# Seen with jq 1.6 (Debian 12), against GNU date.
# Needs apt-get; installs Debian's package jq where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v jq >/dev/null || apt-get install -y --no-install-recommends jq >/dev/null
jq --version
same=0
for time in 2026-01-05T09:15:00+0000 2026-01-05T09:15:00+0200 2026-01-05T09:15:00-0500; do
    found=$(jq -nr --arg time "$time" '$time | strptime("%Y-%m-%dT%H:%M:%S%z") | mktime | todate')
    true_one=$(date -u -d "$time" +%Y-%m-%dT%H:%M:%SZ)
    printf '%s: jq %s, date %s\n' "$time" "$found" "$true_one"
    [ "$found" = 2026-01-05T09:15:00Z ] || same=1
done
wait=$(jq -nr '[{opened: "2026-01-05T09:15:00+0100", answered: "2026-01-05T08:45:00+0000"}][0]
    | map_values(strptime("%Y-%m-%dT%H:%M:%S%z") | mktime) | (.answered - .opened) / 60')
printf 'an answer half an hour after the question: %s minutes\n' "$wait"
[ "$wait" = -30 ] && exit $same
