#!/bin/sh
# licensecheck reads SPDX-License-Identifier and leaves out what it says: "GPL-2.0-or-later" and "GPL-2.0-only" are both
# GPL-2, of "MIT OR Apache-2.0" and of "BSD-3-Clause AND MIT" the first alone is told, "WITH" its exception not at all;
# also with --shortname-scheme=spdx. One would guess that the one line made for machines is read to its end. A table of a
# source's licences, and a Debian copyright file begun from it, lack licences whose terms must be kept, and the reader
# cannot tell. Seen with licensecheck 3.3.5 (Debian 12).
# Needs apt-get; installs Debian's package licensecheck where it is missing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
command -v licensecheck >/dev/null || apt-get install -y --no-install-recommends licensecheck >apt.log 2>&1
licensecheck --version | head -1
mkdir sources
cd sources
check() {
    printf '// SPDX-License-Identifier: %s\n' "$1" >file.c
    seen=$(licensecheck --shortname-scheme=spdx file.c | sed 's/^file.c: //; s/^\*No copyright\* //')
    printf '%-50s -> %s\n' "$1" "$seen"
    [ "$seen" = "$2" ]
}
check MIT MIT
check GPL-2.0-only GPL-2
check GPL-2.0-or-later GPL-2
check 'GPL-2.0-only WITH Linux-syscall-note' GPL-2
check 'MIT OR Apache-2.0' MIT
check 'BSD-3-Clause AND MIT' BSD-3-Clause
