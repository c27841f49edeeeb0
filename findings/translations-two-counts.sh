#!/bin/sh
# How much of a translation is done has two answers. Of five messages, two translated, one a guess (fuzzy), one with
# only the first of its two plural forms, one empty, gettext's `msgfmt --statistics` says "3 translated messages, 1
# fuzzy translation, 1 untranslated message", and Python's polib two translated, 40 %, and two untranslated: for msgfmt
# a message with one form is done. And len() of a polib file, and a loop over it, is seven: what was taken out of the
# program long ago ("#~") is among it. One would guess one count, for the format has one program that made it. A gate
# "at least half" passes by one and fails by the other, translated_entries() / len() falls with each message that is
# dropped, and users see the English plural. Seen with gettext 0.21 and polib 1.1.1 (Debian 12).
# Needs apt-get; installs Debian's packages gettext and python3-polib where they are missing. Exits non-zero where they
# behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export LC_ALL=C.UTF-8
command -v msgfmt >/dev/null || apt-get install -y --no-install-recommends gettext >/dev/null
/usr/bin/python3 -c 'import polib' 2>/dev/null || apt-get install -y --no-install-recommends python3-polib >/dev/null
cat >de.po <<'PO'
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Open"
msgstr "Öffnen"

msgid "Close"
msgstr "Schließen"

#, fuzzy
msgid "Closed"
msgstr "Schließen"

msgid "Reader"
msgstr ""

msgid "%d file"
msgid_plural "%d files"
msgstr[0] "%d Datei"
msgstr[1] ""

#~ msgid "Print"
#~ msgstr "Drucken"

#~ msgid "Fax"
#~ msgstr "Faxen"
PO
msgfmt --version | head -n 1
LANGUAGE=C msgfmt --statistics -o de.mo de.po 2>counts.txt
cat counts.txt
grep -q '^3 translated messages, 1 fuzzy translation, 1 untranslated message' counts.txt
/usr/bin/python3 - <<'PY'
import sys

import polib

po = polib.pofile("de.po")
found = (len(po), len(po.translated_entries()), len(po.untranslated_entries()), len(po.fuzzy_entries()), po.percent_translated())
print("polib", polib.__version__, "len, translated, untranslated, fuzzy, percent:", found)
sys.exit(0 if found == (7, 2, 2, 1, 40) else 1)
PY
