#!/bin/sh
# A file that is moved is rewritten from its first line to its last, to Mercurial's churn and to pygit2: of a file with
# thirty lines that Eve moves with `hg mv`, `hg churn` credits her with 60 changed lines, before those who wrote it, and
# the same commit in git is 30 insertions and 30 deletions to pygit2's diff.stats, where `git log --shortstat` says 0.
# Mercurial has written down that it is a move, and `hg diff --git --stat` says 0 as well. One would guess that counts
# of changed lines leave out lines which nobody changed, as both programs can. The person who once tidied the folders is
# the project's most active one, its busiest day is that of the tidying, and who looks for files that change too often
# finds them by their new names. find_similar() mends pygit2's. Seen with Mercurial 6.3.2, pygit2 1.11.1 and git 2.39.5
# (Debian 12).
# Needs git and apt-get; installs Debian's packages mercurial and python3-pygit2 where they are missing. Exits non-zero
# where they behave otherwise.
set -eu
command -v hg >/dev/null || apt-get install -y --no-install-recommends mercurial >/dev/null
/usr/bin/python3 -c 'import pygit2' 2>/dev/null || apt-get install -y --no-install-recommends python3-pygit2 >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
: >gitconfig
export HOME="$folder" HGPLAIN=1 GIT_CONFIG_GLOBAL="$folder/gitconfig" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C
hg --version -q
git --version
hg init one
cd one
printf '[extensions]\nchurn =\n' >.hg/hgrc
seq 1 30 >reader.txt
hg add -q reader.txt
hg commit -m 'Write' -u ada
hg mv reader.txt manual.txt
hg commit -m 'Move' -u eve
hg churn -T '{author}' >../churn.txt
hg diff --git --stat -c tip >../moved.txt
cat ../churn.txt ../moved.txt
cd ..
git init -q -b main two
cd two
seq 1 30 >reader.txt
git add .
git -c user.name=Ada -c user.email=ada@example.org commit -q -m 'Write'
git mv reader.txt manual.txt
git -c user.name=Eve -c user.email=eve@example.org commit -q -m 'Move'
git log -1 --format=%s --shortstat
/usr/bin/python3 - <<'PY'
import sys

import pygit2

repository = pygit2.Repository(".")
commit = repository[repository.head.target]
diff = repository.diff(commit.parents[0], commit)
found = (diff.stats.insertions, diff.stats.deletions)
diff.find_similar()
print("pygit2", pygit2.__version__, found, "after find_similar:", (diff.stats.insertions, diff.stats.deletions))
sys.exit(0 if found == (30, 30) and (diff.stats.insertions, diff.stats.deletions) == (0, 0) else 1)
PY
cd ..
grep -q '^eve  *60 ' churn.txt && grep -q '^ada  *30 ' churn.txt && grep -q '0 insertions' moved.txt
