#!/bin/sh
# num-utils, small programs for columns of numbers, take what stands before the first sign that they do not know: numsum
# of "2.5e-05" and "1e-05", as benchmarks in Python write short times, is 3.5, not 0.000035, and of "1,500" and "12,000"
# it is 13. The exit code is 0. datamash adds up the first two right, and refuses the others ("invalid numeric value").
# And `numaverage -m` is the mode, not the median, which is -M: of 1, 2, 3 and 100 it says 1. For an even number of
# values -M is the upper of the middle two, 3. One would guess that a number is read to its end, or refused, and the
# mean of the two. Seen with num-utils 0.5 and datamash 1.7 (Debian 12).
# Needs perl and apt-get; unpacks Debian's packages num-utils and datamash, installs nothing. Exits non-zero where they
# behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download num-utils datamash >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
ls *.deb
export LC_ALL=C PATH="$folder/root/usr/bin:$PATH"
sum=$(printf '2.5e-05\n1e-05\n' | numsum)
commas=$(printf '1,500\n12,000\n' | numsum)
right=$(printf '2.5e-05\n1e-05\n' | datamash sum 1)
printf 'numsum of 2.5e-05 and 1e-05: %s, of 1,500 and 12,000: %s\n' "$sum" "$commas"
printf 'datamash of the same: %s, and: %s\n' "$right" "$(printf '1,500\n12,000\n' | datamash sum 1 2>&1 || true)"
mode=$(printf '1\n2\n3\n100\n' | numaverage -m)
median=$(printf '1\n2\n3\n100\n' | numaverage -M)
printf 'numaverage of 1, 2, 3 and 100: -m %s, -M %s; datamash median: %s\n' "$mode" "$median" "$(printf '1\n2\n3\n100\n' | datamash median 1)"
[ "$sum" = 3.5 ] && [ "$commas" = 13 ] && [ "$right" = 3.5e-05 ] && [ "$mode" = 1 ] && [ "$median" = 3 ]
