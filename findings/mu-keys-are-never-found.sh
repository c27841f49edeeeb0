#!/bin/sh
# mu, an index of mail, never finds the key of an issue: of a message "gh-120: crash in the reader", with bpo-77 and HDFS-9
# in its text, `mu find gh-120`, subject:gh-120, bpo-77 and HDFS-9 are "no matches for search expression", in quotes as
# well, while subject:gh, "gh 120" and 1.2.3 find theirs: as it seems, words are cut at a hyphen where mail is read, and not
# where they are asked for. One would guess that a word copied from a subject finds
# that subject, as in notmuch, which uses the same Xapian library. "Nobody ever wrote to the list about gh-120" is then
# wrong for each issue whose key has a hyphen. "gh 120", in quotes and with a space, finds it. Seen with mu 1.8.13 and
# notmuch 0.37 (Debian 12).
# Needs apt-get; installs Debian's packages maildir-utils and notmuch where they are missing. Exits non-zero where they
# behave otherwise.
set -eu
command -v mu >/dev/null && command -v notmuch >/dev/null ||
    apt-get install -y --no-install-recommends maildir-utils notmuch >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" MUHOME="$folder/index" NOTMUCH_CONFIG="$folder/settings" TZ=UTC LC_ALL=C.UTF-8
mkdir -p mail/cur mail/new mail/tmp
cat >mail/cur/1:2,S <<'MAIL'
From: Ada <ada@example.org>
To: list@example.org
Date: Mon, 05 Jan 2026 10:00:00 +0000
Message-ID: <1@example.org>
Subject: gh-120: crash in the reader of 1.2.3

This was bpo-77 before, and HDFS-9 elsewhere.
MAIL
mu --version | head -n 1
notmuch --version
mu init --maildir="$folder/mail" >log 2>&1
mu index >>log 2>&1
cat >settings <<SETTINGS
[database]
path=$folder/mail
[user]
name=Ada
primary_email=ada@example.org
SETTINGS
notmuch new >>log 2>&1
by_mu() { mu find "$1" --fields i 2>>log | wc -l || true; }
same=0
check() { # question, how many mu finds; notmuch always has the one
    printf '%-18s mu: %s  notmuch: %s\n' "$1" "$(by_mu "$1")" "$(notmuch count "$1")"
    [ "$(by_mu "$1")" -eq "$2" ] && [ "$(notmuch count "$1")" -eq 1 ] || same=1
}
check gh-120 0
check subject:gh-120 0
check '"gh-120"' 0
check bpo-77 0
check HDFS-9 0
check subject:gh 1
check '"gh 120"' 1
check 1.2.3 1
exit $same
