#!/bin/sh
# `git log FILE` leaves out commits that changed the file, where they came by a merge and the main branch had, in the end,
# the same content without them: a fix that was made on both sides, and a try that was taken back on its branch. At the
# merge git follows only the parent that has the file as it is, so all of the other's commits to it are not there, and
# `git shortlog -sn -- FILE` counts nothing for those who made them. One would guess every commit that changed the file.
# Who asks a file's history for its authors, its churn, or for what was tried before, misses them without a word.
# --full-history has them. Seen with git 2.39.5 (Debian 12).
# Needs Debian's package git; fetches nothing. Exits non-zero where git behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git --version
git init -q -b main repository
cd repository
write() { # AUTHOR FILE TEXT SUBJECT
    echo "$3" >"$2"
    git add .
    GIT_AUTHOR_NAME=$1 git commit -qm "$4"
}
write Ada reader.c one base
write Ada tables.c one 'tables'
git checkout -q -b side
write Bob reader.c two 'Fix the reader'
write Bob tables.c two 'Try larger tables'
write Bob tables.c one 'Larger tables are slower after all'
git checkout -q main
write Ada reader.c two 'The same fix, on main'
write Ada other.c one 'Something else'
git merge -q side -m 'Merge side'
for file in reader.c tables.c; do
    git log --format="log $file: %an, %s" -- $file
    git log --full-history --format="log --full-history $file: %an, %s" -- $file
done
count() { git shortlog -sn HEAD "$@" | tr -s '\n\t ' ' '; }
printf 'shortlog of all:%sof reader.c:%sof tables.c:%s\n' "$(count)" "$(count -- reader.c)" "$(count -- tables.c)"
[ "$(git rev-list --count HEAD -- reader.c)" -eq 2 ] && [ "$(git rev-list --count --full-history HEAD -- reader.c)" -eq 3 ]
[ "$(git rev-list --count HEAD -- tables.c)" -eq 1 ] && [ "$(git rev-list --count --full-history HEAD -- tables.c)" -eq 3 ]
! git shortlog -sn HEAD -- reader.c tables.c | grep -q Bob
