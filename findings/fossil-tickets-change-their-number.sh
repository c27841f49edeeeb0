#!/bin/sh
# A change of a ticket of Fossil gives it another tkt_id: of two tickets, 1 and 2, the first is 3 once it was closed, then
# the second is 4 once it was, and the first 5 after the next change, in `fossil ticket show 0`, the "full ticket export",
# where it is the first column. The one that stays is tkt_uuid, the second column. Closing what is closed is a change, as
# well, "Closed ticket" on the timeline each time. And a ticket of `fossil ticket add` without a status has none, so
# "status='Open'" lacks it. One would guess that an id in the first column is the number. Imported by it each
# night, one ticket is several, and whatever was noted on it stays with a number that is gone. Seen with Fossil 2.21
# (Debian 12).
# Needs apt-get; installs Debian's package fossil where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v fossil >/dev/null || apt-get install -y --no-install-recommends fossil >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" USER=ada LC_ALL=C TZ=UTC
fossil version
fossil init -A ada tickets.fossil >log
mkdir work
cd work
fossil open ../tickets.fossil >>../log
numbers() { # the tickets' ids, titles and states; another filter may be given
    fossil ticket show 0 "${1:-1}" -q | awk -F '\t' 'NR > 1 { printf "%s:%s:%s ", $1, $13, $6 }'
}
fossil ticket add title Reader status Open >>../log
fossil ticket add title Writer >>../log
begin=$(numbers)
open=$(numbers "status='Open'")
uuid() { fossil ticket show 0 -q | awk -F '\t' -v title="$1" '$13 == title { print $2 }'; }
reader=$(uuid Reader)
fossil ticket set "$reader" status Closed >>../log
first=$(numbers)
fossil ticket set "$(uuid Writer)" status Fixed >>../log
second=$(numbers)
fossil ticket set "$reader" status Closed >>../log
again=$(numbers)
fossil ticket show 0 -q | head -n 1
printf 'id:title:status at first: %s(open: %s)\nfirst closed: %s\nsecond fixed: %s\nfirst closed again: %s\n' \
    "$begin" "$open" "$first" "$second" "$again"
closings=$(fossil timeline -t t -W 0 | grep -c 'Closed ticket')
echo "on the timeline: $closings times \"Closed ticket\""
[ "$begin" = '1:Reader:Open 2:Writer: ' ]
[ "$open" = '1:Reader:Open ' ]
[ "$first" = '2:Writer: 3:Reader:Closed ' ]
[ "$second" = '3:Reader:Closed 4:Writer:Fixed ' ]
[ "$again" = '4:Writer:Fixed 5:Reader:Closed ' ]
[ "$closings" -eq 2 ]
[ "$(uuid Reader)" = "$reader" ]
