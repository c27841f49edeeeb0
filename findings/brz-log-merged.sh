#!/bin/sh
# `brz log` leaves out what came by merges: of two commits on the main line, one the merge of a branch with three of
# Eve's, it lists two, both by Ada. Its hint, "Use --include-merged or -n0", goes to standard error and only for some
# formats; -q and --line go without. `brz log FILE` of a file that Eve alone wrote lists the merge, and `brz revno` says
# 2. `brz stats`, on the other hand, which counts by person, has all five. One would guess all commits, as `git log`,
# `hg log` and the history after a move have them. Projects that moved from Bazaar seem to have got many new people on
# the day of the move. Seen with Breezy 3.3.2 (Debian 12).
# Needs apt-get; installs Debian's package brz where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v brz >/dev/null || apt-get install -y --no-install-recommends brz >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" BRZ_HOME="$folder/settings" BRZ_EMAIL='Ada <ada@example.org>' LC_ALL=C.UTF-8 TZ=UTC
cd "$folder"
brz version | head -n 1
brz init -q main
cd main
echo one >reader
brz add -q reader
brz commit -qm 'Start'
brz branch -q . ../topic
cd ../topic
for number in 1 2 3; do
    echo $number >>parser
    [ $number -gt 1 ] || brz add -q parser
    BRZ_EMAIL='Eve <eve@example.org>' brz commit -qm "Parser, part $number"
done
cd ../main
brz merge -q ../topic
brz commit -qm 'Merge topic'
brz log --line 2>"$folder/hint"
plain=$(brz log -q --line | wc -l)
parser=$(brz log -q --line parser | grep -c Eve) || true
all=$(brz log -q -n0 --line | wc -l)
stats=$(brz stats -q 2>/dev/null)
printf 'brz log: %s, of the file parser by Eve: %s, -n0: %s, stats:\n%s\n' "$plain" "$parser" "$all" "$stats"
[ "$plain$parser$all" = 205 ] && echo "$stats" | grep -q '3 Eve' && ! brz log -q --line 2>/dev/null | grep -q Eve
