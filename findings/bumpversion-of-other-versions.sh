#!/bin/sh
# bumpversion puts a new version in the place of all letters that look like the old one: from 1.2.0 to 1.3.0 it also
# makes "tool==11.3.0" of "tool==11.2.0", "reader>=1.3.0" of what another package is asked for, 1.3.01 of 1.2.01, and in
# the change log "Changes in 1.3.0" of the headline for 1.2.0. It says nothing, and commits and tags where told to. One
# would guess one place, the version of the file, or whole numbers at least. A package asks, from the release on, for
# versions of others that there are not, or has lost the headline under which what was new in 1.2.0 stands. search = and
# replace = with what is around it keep to one place. Seen with bumpversion 1.0.1, which is bump2version (Debian 12).
# Needs apt-get; installs Debian's package bumpversion where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v bumpversion >/dev/null || apt-get install -y --no-install-recommends bumpversion >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
dpkg-query -W -f 'bumpversion ${Version}\n' bumpversion
printf '%s\n' 'version = "1.2.0"' 'requires = ["reader>=1.2.0", "tool==11.2.0", "other==1.2.01"]' >setup.py
printf '%s\n' 'Changes in 1.2.0' '----------------' '- Archives can be read.' >CHANGES
bumpversion --current-version 1.2.0 minor setup.py CHANGES
cat setup.py CHANGES
grep -q '^version = "1.3.0"' setup.py && grep -q '"reader>=1.3.0", "tool==11.3.0", "other==1.3.01"' setup.py &&
    grep -q '^Changes in 1.3.0$' CHANGES
