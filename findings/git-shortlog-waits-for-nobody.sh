#!/bin/sh
# `git shortlog -sn` counts nobody, with exit code 0, where it has no terminal: without a revision it reads a log from
# its standard input there, and in a job of CI, under cron, or in a loop over lines, that is empty. `git log` in the
# same place takes HEAD. In a `while read` loop over repositories it eats the list, so that the loop ends after the
# first. git-extras' summary, which asks it so, has a total of commits and nobody under "authors". One would guess HEAD,
# as by hand. A report on contributors that was tried in a terminal is empty every night. `git shortlog -sn HEAD`
# counts. Seen with git 2.39.5 and git-extras 6.5.0 (Debian 12).
# Needs git and apt-get; unpacks Debian's package git-extras, installs nothing. Exits non-zero where they behave
# otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C.UTF-8
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git --version
git init -q -b main repository
cd repository
git commit -q --allow-empty -m one
(
    cd "$folder"
    echo 'APT::Sandbox::User "root";' >apt.conf
    APT_CONFIG="$folder/apt.conf" apt-get download git-extras >apt.log 2>&1 || { cat apt.log; exit 1; }
    for file in *.deb; do dpkg -x "$file" root; done
)
log=$(git log --format=%an </dev/null | wc -l)
plain=$(git shortlog -sn </dev/null | wc -l)
head=$(git shortlog -sn HEAD </dev/null | wc -l)
rounds=$(printf '%s\n' . . . | while read -r repository; do git -C "$repository" shortlog -sn && echo round; done | grep -c round)
printf 'authors: log %s, shortlog %s, shortlog HEAD %s; rounds of a loop over three: %s\n' "$log" "$plain" "$head" "$rounds"
"$folder/root/usr/bin/git-summary" </dev/null >"$folder/summary"
cat "$folder/summary"
[ "$log$plain$head$rounds" = 1011 ] && grep -q 'commits *: *1' "$folder/summary" && ! grep -q 'Ada' "$folder/summary"
