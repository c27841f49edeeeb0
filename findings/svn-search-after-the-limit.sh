#!/bin/sh
# `svn log -l 3 --search parser`, "the last three about the parser", looks at the last three commits and prints those of
# them that have the word: none, where it was the fourth. `svn log -q --search parser`, for a short list, finds none
# anywhere, as with -q the messages that it would search are not fetched. What is searched is also the author and the
# date as text: --search 2026 is everything of that year, --search ada what Ada wrote and what names her; with -v names
# of files as well. The exit code is 0. One would guess that a limit counts what was found, as in `git log -3 --grep`,
# and that -q is about what is printed. Seen with Subversion 1.14.2 and git 2.39.5 (Debian 12).
# Needs git and apt-get; installs Debian's package subversion where it is missing. Exits non-zero where they behave
# otherwise.
set -eu
command -v svn >/dev/null || apt-get install -y --no-install-recommends subversion >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
printf 'Subversion %s, %s\n' "$(svn --version -q)" "$(git --version)"
svnadmin create repository
address="file://$folder/repository"
git init -q -b main clone
for message in 'Read archives' 'Mend the parser' 'Add tables' 'Add documentation' 'Move code'; do
    svn mkdir -q --username ada -m "$message" "$address/$(printf '%s' "$message" | tr ' ' '-')"
    git -C clone commit -q --allow-empty -m "$message"
done
found() { svn log "$@" "$address" | grep -c '^r[0-9]' || true; }
printf 'svn log --search parser: %s, with -l 3: %s, with -q: %s; --search ada: %s\n' "$(found --search parser)" \
    "$(found -l 3 --search parser)" "$(found -q --search parser)" "$(found --search ada)"
printf 'git log -3 --grep parser: %s\n' "$(git -C clone log -3 --grep parser --format=%s)"
[ "$(found --search parser)" -eq 1 ]
[ "$(found -l 3 --search parser)" -eq 0 ]
[ "$(found -q --search parser)" -eq 0 ]
[ "$(found --search ada)" -eq 5 ]
[ "$(found --search "$(date -u +%Y)")" -eq 5 ]
[ "$(git -C clone log -3 --grep parser --format=%s)" = 'Mend the parser' ]
