#!/bin/sh
# `svn log -r {2026-01-05}:{2026-01-10}` has a commit of 3 January and none of the 10th: a date stands for the newest
# revision that there was at the first moment of that day, so the range begins with what was there before, however old,
# and ends before its last day. A range in which nothing happened has one commit, of whenever. One would guess the
# commits from the first day to the last, as the words say. Counts by month have each month's last commit once more in
# the next, lose those of each range's last day, and no month is ever empty. {2026-01-11}, and leaving out by date what
# came before, do it. Seen with Subversion 1.14.2 (Debian 12).
# Needs apt-get; installs Debian's package subversion where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v svnadmin >/dev/null || apt-get install -y --no-install-recommends subversion >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" LC_ALL=C TZ=UTC
cd "$folder"
svn --version --quiet
svnadmin create repository
printf '#!/bin/sh\n' >repository/hooks/pre-revprop-change
chmod +x repository/hooks/pre-revprop-change
address="file://$folder/repository"
svn checkout -q "$address" work
number=0
for day in 03 05 07 10 12; do
    number=$((number + 1))
    echo $day >>work/file
    [ $number -gt 1 ] || svn add -q work/file
    svn commit -q -m "on January $day" work
    svn propset -q --revprop -r $number svn:date "2026-01-${day}T10:00:00.000000Z" "$address"
done
days() { svn log -q -r "$1" "$address" | sed -n 's/.*| 2026-01-\(..\) .*/\1/p' | tr '\n' ' '; }
for range in '{2026-01-05}:{2026-01-10}' '{2026-01-08}:{2026-01-09}'; do printf '%s: %s\n' "$range" "$(days "$range")"; done
[ "$(days '{2026-01-05}:{2026-01-10}')" = '03 05 07 ' ] && [ "$(days '{2026-01-08}:{2026-01-09}')" = '07 ' ]
