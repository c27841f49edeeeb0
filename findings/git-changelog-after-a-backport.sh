#!/bin/sh
# After a maintenance release git-extras' `git changelog` announces old things as new: it goes through the tags by date
# and lists what lies between each and the next, so once v1.8.1, on a branch of its own, was tagged after v1.10.0, what
# is new for the next release is all that v1.8.1 lacks: the changes of 1.9.0 and of 1.10.0 come again above their own
# headlines. Nothing warns. One would guess that the new part begins at the newest release of this branch, as `git
# describe` finds it. Who keeps an older series alive for some security fix has, with every such fix, a change log for
# the main branch that repeats a year. Seen with git-extras 6.5.0 and git 2.39.5 (Debian 12).
# Needs git and apt-get; installs Debian's package git-extras where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
command -v git-changelog >/dev/null || apt-get install -y --no-install-recommends git-extras >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
: >gitconfig
export HOME="$folder" GIT_CONFIG_GLOBAL="$folder/gitconfig" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C TERM=dumb
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
dpkg-query -W -f 'git-extras ${Version}\n' git-extras
git init -q -b main repository
cd repository
day=10
release() { # TEXT TAG
    day=$((day + 1))
    export GIT_AUTHOR_DATE="2026-01-${day}T12:00:00Z" GIT_COMMITTER_DATE="2026-01-${day}T12:00:00Z"
    git commit -q --allow-empty -m "$1"
    [ -z "$2" ] || git tag -a -m "$2" "$2"
}
release 'Begin' v1.8.0
release 'Read archives' v1.9.0
release 'Write archives' v1.10.0
git checkout -q -b maintenance v1.8.0
release 'Fix a hole' v1.8.1
git checkout -q main
release 'Sort archives' ''
echo "describe: $(git describe)"
git changelog -a -x >changes.txt 2>words.txt </dev/null
cat changes.txt
sed '/^v/,$d' changes.txt >new.txt
grep -q 'Sort archives' new.txt && grep -q 'Write archives' new.txt && grep -q 'Read archives' new.txt &&
    [ "$(grep -c 'Write archives' changes.txt)" -eq 2 ] && git describe | grep -q '^v1.10.0-1-'
