#!/bin/sh
# MHonArc, which makes web archives of mailing lists, sorts and dates messages by when the archive's own server got them,
# the first Received line, and takes Date only where there is none: a question of 5 January that a moderator let through
# on the 8th stands below its own answer of the 6th, and $DATE$, $YYYYMMDD$ and the page's "X-Date" say 8 January, while the
# header shown on the same page says the 5th. One would guess that "sorted by date" is by the Date header, which it
# shows. Whoever takes dates from such an archive counts answers before their questions, and a mailbox that
# was delivered again, to another host, is all of that day. DATEFIELDS with "date" first mends it. Seen with MHonArc 2.6.19
# (Debian 12).
# Needs apt-get; installs Debian's package mhonarc where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v mhonarc >/dev/null || apt-get install -y --no-install-recommends mhonarc >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" TZ=UTC LC_ALL=C
cat >in.mbox <<'MBOX'
From ada@example.org Mon Jan  5 10:00:00 2026
Received: from relay.example.org by list.example.org; Thu, 08 Jan 2026 09:00:00 +0000
Received: from home.example.org by relay.example.org; Mon, 05 Jan 2026 10:00:05 +0000
From: Ada <ada@example.org>
Date: Mon, 05 Jan 2026 10:00:00 +0000
Message-ID: <question@example.org>
Subject: How is this released?

Hello

From bob@example.org Tue Jan  6 10:00:00 2026
Received: from work.example.org by list.example.org; Tue, 06 Jan 2026 10:00:03 +0000
From: Bob <bob@example.org>
Date: Tue, 06 Jan 2026 10:00:00 +0000
Message-ID: <answer@example.org>
In-Reply-To: <question@example.org>
Subject: Re: How is this released?

By hand
MBOX
cat >list.mrc <<'MRC'
<LiTemplate>
$YYYYMMDD$|$FROMNAME$
</LiTemplate>
MRC
{ cat list.mrc; printf '<DateFields>\ndate\nreceived\n</DateFields>\n'; } >other.mrc
dpkg-query -W -f 'MHonArc ${Version}\n' mhonarc
mkdir archive other
mhonarc -quiet -outdir archive -rcfile list.mrc in.mbox
mhonarc -quiet -outdir other -rcfile other.mrc in.mbox
list() { grep '|' "$1/maillist.html" | tr '\n' ' '; }
question=$(grep -l 'X-Subject: How' archive/msg*.html)
echo "index: $(list archive) with DATEFIELDS: $(list other)"
grep -h 'X-Date:\|<em>Date' "$question"
[ "$(list archive)" = '2026/01/06|Bob 2026/01/08|Ada ' ] && [ "$(list other)" = '2026/01/05|Ada 2026/01/06|Bob ' ] &&
    grep -q 'X-Date: Thu, 08 Jan 2026' "$question" && grep -q '<em>Date</em>: Mon, 05 Jan 2026' "$question"
