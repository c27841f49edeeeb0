#!/bin/sh
# A file that `git format-patch --stdout` wrote is no mailbox to others: it does not quote "From " at the beginning of a
# message's line. git's own reader asks for a time in such a line and sees one message; Python's mailbox.mbox, by which
# archives of mailing lists are read, takes any "From " for the next message, even in the middle of a paragraph, and
# sees two: the patch's author, subject and diff are torn apart. One would guess that both mean the same by mbox.
# --pretty=mboxrd quotes; then Python leaves the ">" in the text. Seen with git 2.39.5 and Python 3.11 (Debian 12).
# Needs Debian's packages git and python3; fetches nothing. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git init -q -b main repository
cd repository
git --version
python3 --version
echo one >file
git add file
git commit -q -m base
echo two >file
printf 'reader: take long lines\n\nLines were cut at 1000 bytes.\nFrom now on they are not.\n' | git commit -q -a -F -
git format-patch -q -1 --stdout >../plain.mbox
git format-patch -q -1 --stdout --pretty=mboxrd >../quoted.mbox
mkdir ../split
split=$(git mailsplit -o../split ../plain.mbox)
cat >../count.py <<'PYTHON'
import mailbox, sys
messages = list(mailbox.mbox(sys.argv[1]))
for message in messages:
    print("  subject:", message["subject"], "; has the diff:", "@@ -1 +1 @@" in message.get_payload(),
          "; has >From:", ">From now" in message.get_payload(), file=sys.stderr)
print(len(messages))
PYTHON
plain=$(python3 ../count.py ../plain.mbox)
quoted=$(python3 ../count.py ../quoted.mbox 2>../quoted.txt)
cat ../quoted.txt
printf 'messages: git mailsplit %s, Python %s; with --pretty=mboxrd Python %s\n' "$split" "$plain" "$quoted"
[ "$split" -eq 1 ] && [ "$plain" -eq 2 ] && [ "$quoted" -eq 1 ] && grep -q 'has >From: True' ../quoted.txt
