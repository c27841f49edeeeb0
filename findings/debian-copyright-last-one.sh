#!/bin/sh
# In debian/copyright the last paragraph that fits a file has its licence, not the closest one: where "Files: *" stands
# below "Files: src/regex.c", regex.c has the licence of all the rest, to python-debian as by the format's
# specification. "*.c" takes files in all folders, since a star goes over slashes, and "vendor" or "vendor/" fits no
# file in vendor. One would guess that what names a file goes before what names all, and that patterns are those of a
# shell or of .gitignore; nothing is refused. A list of licences, or an SBOM, made from it has the parts that were
# copied in from elsewhere, the very reason for the file, under the project's own licence. Seen with python-debian
# 0.1.49 (Debian 12).
# Needs apt-get; installs Debian's package python3-debian where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import debian' 2>/dev/null || apt-get install -y --no-install-recommends python3-debian >/dev/null
dpkg-query -W -f '${Package} ${Version}\n' python3-debian
/usr/bin/python3 - <<'PY'
import sys

from debian.copyright import Copyright

HEAD = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"


def licences(paragraphs, files):
    text = HEAD + "".join("\nFiles: %s\nCopyright: 2026 Ada\nLicense: %s\n" % pair for pair in paragraphs)
    copyright = Copyright(text.splitlines(True))
    return [copyright.find_files_paragraph(name).license.synopsis for name in files]


below = licences([("src/regex.c", "BSD-2-clause"), ("*", "GPL-3+")], ["src/regex.c"])
above = licences([("*", "GPL-3+"), ("src/regex.c", "BSD-2-clause")], ["src/regex.c"])
patterns = [("*", "GPL-3+"), ("*.c", "MIT"), ("vendor", "Zlib"), ("third/", "Zlib")]
files = ["deep/down/io.c", "vendor/io.h", "third/io.h"]
found = licences(patterns, files)
print("src/regex.c with * below it:", below[0], " above it:", above[0])
print(dict(zip(files, found)))
sys.exit(0 if below == ["GPL-3+"] and above == ["BSD-2-clause"] and found == ["MIT", "GPL-3+", "GPL-3+"] else 1)
PY
