#!/bin/sh
# A history that `hg convert` takes from git has the authors' names and the committers' times: a change that Ada wrote
# on 2 January and Bob took in on 1 March is Ada's, of 1 March, and "committer: Bob" is a line more in its message. A
# series that was mailed, or rebased, was written all at the moment it was merged. One would guess that a date goes with
# the person beside it, as git prints both. `hg import` of the same commit's mail leaves out its date as well, and has
# that of the import. Waits between writing and merging are nought, days and weeks of work are the maintainers', and
# messages no longer match. Seen with Mercurial 6.3.2 and git 2.39.5 (Debian 12).
# Needs git and apt-get; installs Debian's package mercurial where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
command -v hg >/dev/null || apt-get install -y --no-install-recommends mercurial >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" HGRCPATH="$folder/hgrc" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C TZ=UTC
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Bob GIT_COMMITTER_EMAIL=bob@example.org
cd "$folder"
printf '[extensions]\nconvert =\n' >hgrc
hg version -q
git --version
git init -q -b main source
cd source
echo code >file
git add file
GIT_AUTHOR_DATE='2026-01-02 10:00 +0100' GIT_COMMITTER_DATE='2026-03-01 12:00 +0000' git commit -qm 'Read archives'
git format-patch -q -1 --root -o ..
git log --format='git: %an %ad, committer %cn %cd' --date=short
cd ..
hg convert -q source converted
hg init imported
hg -R imported import -q 0001-*.patch
show() { hg -R "$1" log -r 0 -T '{author|person} {date|shortdate}'; }
printf 'hg convert: %s\nhg import: %s\n' "$(show converted)" "$(show imported)"
hg -R converted log -r 0 -T '{desc}\n'
[ "$(show converted)" = 'Ada 2026-03-01' ] && [ "$(show imported)" = "Ada $(date +%F)" ]
hg -R converted log -r 0 -T '{desc}\n' | grep -q '^committer: Bob'
