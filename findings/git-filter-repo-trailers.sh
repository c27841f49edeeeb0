#!/bin/sh
# `git filter-repo --mailmap` renames people in the author, committer and tagger of each commit, and leaves their old names
# and addresses where else git's tools put them: in Signed-off-by, Co-authored-by and Reviewed-by. One would guess that
# rewriting all history for a name takes in the lines that are made of names; `git shortlog --group=trailer:...` applies
# a .mailmap to them. Who rewrites a repository since a person asked for an old name, or address, to be gone, publishes it
# again with new ids; it takes --replace-message, too. Seen with git-filter-repo 2.38.0 and git 2.39.5 (Debian 12).
# Needs git, python3 and apt-get; unpacks Debian's package git-filter-repo, installs nothing. Exits non-zero where it
# behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download git-filter-repo >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
dpkg-deb -f git-filter-repo_*.deb Package Version | tr '\n' ' '
git --version
filter() { /usr/bin/python3 "$folder/root/usr/bin/git-filter-repo" --force "$@" >"$folder/filter.log" 2>&1 || { cat "$folder/filter.log"; exit 1; }; }
[ -e root/usr/bin/git-filter-repo ] || { find root -name '*filter*repo*'; exit 1; }
printf 'New Name <new@example.org> Old Name <old@example.org>\n' >map
printf 'Old Name <old@example.org>==>New Name <new@example.org>\n' >texts
git init -q -b main repository
cd repository
GIT_AUTHOR_NAME='Old Name' GIT_AUTHOR_EMAIL=old@example.org GIT_COMMITTER_NAME='Old Name' GIT_COMMITTER_EMAIL=old@example.org \
    git commit -q --allow-empty -m 'Read archives' -m 'Signed-off-by: Old Name <old@example.org>'
git commit -q --allow-empty -m 'Write archives' -m 'Co-authored-by: Old Name <old@example.org>'
filter --mailmap "$folder/map"
git log --format='%an <%ae>, %(trailers:separator=%x2C )'
left=$(git log --format=%B%an%ae | grep -c old@example.org || true)
named=$(git log --format=%an%ae%cn%ce | grep -ci old || true)
filter --mailmap "$folder/map" --replace-message "$folder/texts"
printf 'with --mailmap: %s old addresses in messages, %s in authors; with --replace-message: %s\n' "$left" "$named" \
    "$(git log --format=%B | grep -c old@example.org || true)"
[ "$left" -eq 2 ] && [ "$named" -eq 0 ] && ! git log --format=%B | grep -q 'Old Name'
