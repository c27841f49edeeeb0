#!/bin/sh
# From 31 January to 1 March it is "1 months 62 days" for dateutils: `dateutils.ddiff -f '%m months %d days'` counts the
# months right and then, where February has no such day as it began with, has more than two months of days left over;
# from 31 December 2025 to 1 March it is "2 months 62 days". In days alone it is right, 29 and 60, and from the 28th or
# 29th it says 1 month and 1 or 0 days. One would guess 1 month 1 day, or 29 days; at any rate fewer days than a month
# has. Ages of what was opened at the end of a month, asked for in its first days, are two months too long. Seen with
# dateutils 0.4.10 (Debian 12).
# Needs apt-get; unpacks Debian's package dateutils, installs nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download dateutils >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
ls *.deb
export LC_ALL=C TZ=UTC
months() { root/usr/bin/dateutils.ddiff "$1" "$2" -f '%m months %d days'; }
show() { printf '%s to %s: %s; in days alone: %s\n' "$1" "$2" "$(months "$1" "$2")" "$(root/usr/bin/dateutils.ddiff "$1" "$2" -f %d)"; }
show 2026-01-28 2026-03-01
show 2026-01-29 2026-03-01
show 2026-01-30 2026-03-01
show 2026-01-31 2026-03-01
show 2025-12-31 2026-03-01
show 2026-03-31 2026-05-10
[ "$(months 2026-01-28 2026-03-01)" = '1 months 1 days' ]
[ "$(months 2026-01-30 2026-03-01)" = '1 months 63 days' ]
[ "$(months 2026-01-31 2026-03-01)" = '1 months 62 days' ]
[ "$(months 2025-12-31 2026-03-01)" = '2 months 62 days' ]
[ "$(root/usr/bin/dateutils.ddiff 2026-01-31 2026-03-01 -f %d)" -eq 29 ]
