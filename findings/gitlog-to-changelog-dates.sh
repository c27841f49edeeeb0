#!/bin/sh
# gnulib's gitlog-to-changelog, by which GNU packages make the ChangeLog of a release, puts the author's name beside the
# committer's date: a patch that Bob wrote on 6 January and Ada took in on 1 February is "2026-02-01  Bob". One would
# guess a day on which that person did something. After a rebase all entries of a branch bear one day, and two of the
# same person on the same day, years apart in writing, become one entry; and merges, which changed nothing, are entries.
# Seen with gnulib 20230209 (Debian 12).
# Needs git and apt-get; unpacks Debian's package gnulib, installs nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download gnulib >apt.log 2>&1 || { cat apt.log; exit 1; }
dpkg -x gnulib_*.deb root
ls *.deb
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C TZ=UTC
export GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org GIT_AUTHOR_NAME=Bob GIT_AUTHOR_EMAIL=bob@example.org
git init -q -b main repository
cd repository
commit() { # commit WRITTEN TAKEN MESSAGE
    echo "$3" >>reader.c
    git add reader.c
    GIT_AUTHOR_DATE="$1T10:00:00Z" GIT_COMMITTER_DATE="$2T10:00:00Z" git commit -qm "$3"
}
commit 2024-03-01 2026-02-01 'reader: check bounds'
commit 2026-01-06 2026-02-01 'reader: close the file'
perl ../root/usr/share/gnulib/build-aux/gitlog-to-changelog | tee ../ChangeLog
[ "$(grep -c '^2026-02-01  Bob' ../ChangeLog)" -eq 1 ] && grep -q 'check bounds' ../ChangeLog && grep -q 'close the file' ../ChangeLog &&
    ! grep -qE '2024-03-01|2026-01-06' ../ChangeLog
