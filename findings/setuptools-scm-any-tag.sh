#!/bin/sh
# setuptools_scm takes any tag with a digit for a release: after v1.2.0, a commit, a tag "backup-2026-01-05" on it and
# one more commit, the version is 6.dev1, with "lib-7.0" in its place 7.1.dev1; without either it is 1.2.1.dev2. It asks
# git for the nearest tag that has a digit, and takes a word and a minus before the version for the project's name. One
# would guess the nearest tag that looks like the others, or like v1.2.0, or an error. A wheel that is built in the
# night after somebody put a tag on a state to keep it, or in a repository of several packages, is a 6.dev1 for good, as
# an index of packages takes no number back, and every later 1.x is older. git_describe_command with --match "v*" keeps
# to releases. Seen with setuptools_scm 7.1.0 and git 2.39.5 (Debian 12).
# Needs git and apt-get; installs Debian's package python3-setuptools-scm where it is missing. Exits non-zero where it
# behaves otherwise.
set -eu
/usr/bin/python3 -c 'import setuptools_scm' 2>/dev/null || apt-get install -y --no-install-recommends python3-setuptools-scm >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
: >gitconfig
export HOME="$folder" GIT_CONFIG_GLOBAL="$folder/gitconfig" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
dpkg-query -W -f 'setuptools_scm ${Version}\n' python3-setuptools-scm
git init -q -b main repository
cd repository
git commit -q --allow-empty -m 'Release'
git tag v1.2.0
git commit -q --allow-empty -m 'Read archives'
git commit -q --allow-empty -m 'Write archives'
version() { /usr/bin/python3 -c 'import setuptools_scm; print(setuptools_scm.get_version(local_scheme="no-local-version"))'; }
plain=$(version)
git tag backup-2026-01-05 HEAD~1
backup=$(version)
git tag -d backup-2026-01-05 >/dev/null
git tag lib-7.0 HEAD~1
library=$(version)
echo "v1.2.0 alone: $plain; with backup-2026-01-05: $backup; with lib-7.0: $library"
[ "$plain" = 1.2.1.dev2 ] && [ "$backup" = 6.dev1 ] && [ "$library" = 7.1.dev1 ]
