#!/bin/sh
# cloc counts files with equal content once: of three equal files of four lines it says one file with four lines, and "2
# files ignored" in a line above the table that its CSV and JSON have not. One would guess that each file in the tree is
# counted. Two projects that both hold a copy have less together than added up, a folder's lines depend on which other
# folders are named beside it, and a commit that copies a file adds nothing to the size of the code, until the first of
# the copies is touched and all of its lines come at once. --skip-uniqueness counts all. Seen with cloc 1.96 (Debian
# 12).
# Needs node and apt-get; installs Debian's package cloc where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v cloc >/dev/null || apt-get install -y --no-install-recommends cloc >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir reader writer
printf 'int limit(void)\n{\n    return 8;\n}\n' | tee reader/limit.c writer/limit.c >writer/bound.c
lines() { cloc --quiet --json "$@" | node -p 'JSON.parse(require("fs").readFileSync(0)).SUM.code'; }
printf 'cloc %s\n' "$(cloc --version)"
printf 'reader: %s, writer: %s, both: %s, ' "$(lines reader)" "$(lines writer)" "$(lines reader writer)"
printf 'both with --skip-uniqueness: %s\n' "$(lines --skip-uniqueness reader writer)"
[ "$(lines reader) $(lines writer) $(lines reader writer) $(lines --skip-uniqueness reader writer)" = '4 4 4 12' ]
