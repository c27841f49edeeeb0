#!/bin/sh
# `lcov -a one.info -a two.info -o all.info`, which joins the coverage of several runs, takes the branches out: both files
# have BRDA records, the sum has none, and the exit code is 0. So do -r and -e, which are to take out or keep whole files,
# and --summary says of such a file "branches...: no data found". Lines and functions are all there. One would guess that
# what is joined or filtered keeps what it does not concern. A project whose tool writes lcov's format with branches, as
# c8 and coverage.py do, has half of them taken, and none at all once the file went through lcov to leave out the tests.
# With --rc lcov_branch_coverage=1 they stay. Seen with lcov 1.16 (Debian 12).
# Needs apt-get; installs Debian's package lcov where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v lcov >/dev/null || apt-get install -y --no-install-recommends lcov >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" LC_ALL=C
lcov --version
cat >one.info <<'INFO'
TN:
SF:/project/reader.py
BRDA:2,0,0,1
BRDA:2,0,1,0
BRF:2
BRH:1
DA:1,1
DA:2,1
LF:2
LH:2
end_of_record
INFO
sed 's/BRDA:2,0,1,0/BRDA:2,0,1,1/; s/BRH:1/BRH:2/' one.info >two.info
lcov -q -a one.info -a two.info -o sum.info
lcov -q -r one.info '*/tests/*' -o removed.info
lcov -q -e one.info '*/project/*' -o kept.info
lcov -q --rc lcov_branch_coverage=1 -a one.info -a two.info -o asked.info
for file in one two sum removed kept asked; do
    printf '%-8s lines: %s  branches: %s\n' $file "$(grep -c '^DA:' $file.info)" "$(grep -c '^BRDA:' $file.info || true)"
done
lcov --summary one.info 2>&1 | grep branches
[ "$(grep -c '^BRDA:' one.info)" -eq 2 ]
[ "$(grep -c '^DA:' sum.info)" -eq 2 ]
[ "$(grep -c '^DA:' removed.info)" -eq 2 ]
[ "$(grep -c '^DA:' kept.info)" -eq 2 ]
if grep -q BR sum.info removed.info kept.info; then exit 1; fi
lcov --summary one.info 2>&1 | grep -q 'branches.*no data found'
[ "$(grep -c '^BRDA:' asked.info)" -eq 2 ]
