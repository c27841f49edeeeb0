#!/bin/sh
# The median of four waits, 1, 2, 3 and 100 hours, is 3 to Miller and 2.5 to datamash, and the 90th percentile is 100
# and 70.9: Miller takes a value that was there, the upper of the middle two, unless told to interpolate (-i), datamash
# has R's type 7. And datamash groups only neighbours: of labels "bug", "docs", "bug" it gives three groups, two of them
# "bug", without a word, where Miller gives two; -s sorts first. One would guess one median, the usual one, and one row
# a label. Two scripts on one log do not agree, and a table by label has a label twice, each time with a part of its
# issues. Seen with Miller 6.6.0 and GNU datamash 1.7 (Debian 12).
# Needs apt-get; unpacks Debian's packages miller and datamash, installs nothing. Exits non-zero where they behave
# otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download miller datamash >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
export PATH="$folder/root/usr/bin:$PATH" LC_ALL=C
mlr --version
datamash --version | head -n 1
printf '%s\n' bug,1 docs,2 bug,3 docs,100 >waits.csv
miller=$(mlr --csv --implicit-csv-header --headerless-csv-output stats1 -a median,p90 -f 2 waits.csv)
between=$(mlr --csv --implicit-csv-header --headerless-csv-output stats1 -i -a median,p90 -f 2 waits.csv)
mash=$(datamash -t , median 2 perc:90 2 <waits.csv)
printf 'median and 90th percentile: Miller %s, with -i %s, datamash %s\n' "$miller" "$between" "$mash"
grouped=$(datamash -t , -g 1 count 2 <waits.csv | tr '\n' ' ')
sorted=$(datamash -t , -s -g 1 count 2 <waits.csv | tr '\n' ' ')
by_miller=$(mlr --csv --implicit-csv-header --headerless-csv-output count -g 1 waits.csv | tr '\n' ' ')
printf 'by label: datamash %s, with -s %s, Miller %s\n' "$grouped" "$sorted" "$by_miller"
[ "$miller" = 3,100 ] && [ "$mash" = 2.5,70.9 ] && [ "${between%%,*}" = 2.5 ]
[ "$grouped" = 'bug,1 docs,1 bug,1 docs,1 ' ] && [ "$sorted" = 'bug,2 docs,2 ' ] && [ "$by_miller" = "$sorted" ]
