#!/bin/sh
# Python's nameparser takes names for titles: of Do Kim "Do" is a title (Doctor of Osteopathy) and there is no first
# name, Mai Anh Do has the last name Anh and the suffix Do, and King Lee is King by title, Lee by first name, without a
# last one. "Bishop Grace" and "Judge Larsen" have no first name, either. One would guess that of two words the first is
# a first name and the last a last name, unless there is a full stop, as in "Dr. Lee". Salutations, lists in order of
# last names, and keys by which accounts of one person are found leave these people out; all who lack a last name are
# equal. Seen with nameparser 1.1.2 (Debian 12).
# Needs apt-get; unpacks Debian's package python3-nameparser, installs nothing. Exits non-zero where it behaves
# otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download python3-nameparser >apt.log 2>&1 || { cat apt.log; exit 1; }
dpkg -x python3-nameparser_*.deb root
ls *.deb
PYTHONPATH="$folder/root/usr/lib/python3/dist-packages" /usr/bin/python3 -c '
from nameparser import HumanName

found = []
for text in ("Ada Kim", "Do Kim", "Mai Anh Do", "King Lee", "Bishop Grace", "Judge Larsen"):
    name = HumanName(text)
    found.append((name.title, name.first, name.middle, name.last, name.suffix))
    print(text + ":", found[-1])
expected = [("", "Ada", "", "Kim", ""), ("Do", "", "", "Kim", ""), ("", "Mai", "", "Anh", "Do"), ("King", "Lee", "", "", ""),
            ("Bishop", "", "", "Grace", ""), ("Judge", "", "", "Larsen", "")]
raise SystemExit(0 if found == expected else 1)'
