#!/bin/sh
# For reuse a file is under every licence that its text names anywhere: a script under MIT that writes the head of new
# files, "SPDX-License-Identifier: GPL-3.0-only" in a here document, is under both, and GPL-3.0-only is "missing" from
# LICENSES; where the words stand in a program's string, with a quote behind them, the expression cannot be parsed and
# the whole file is left out, its own head included, and "MIT" is unused. One would guess that the head of a file speaks
# for it, or its comments. `reuse spdx` writes the wrong licences into the bill of materials. Only lines
# "REUSE-IgnoreStart" and "REUSE-IgnoreEnd" around them help. Seen with reuse 1.1.2 (Debian 12).
# Needs git and apt-get; installs Debian's package reuse where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v reuse >/dev/null || apt-get install -y --no-install-recommends reuse >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C.UTF-8
cd "$folder"
reuse --version | head -n 1
tag=SPDX-License-Identifier
project() { # NAME LINE...
    git init -q -b main "$1"
    cd "$1"
    mkdir LICENSES
    echo 'Permission is hereby granted' >LICENSES/MIT.txt
    printf '# SPDX-FileCopyrightText: 2026 Ada\n# %s: MIT\n' $tag >new-file
    name=$1
    shift
    printf '%s\n' "$@" >>new-file
    reuse lint >../lint 2>&1 && code=0 || code=$?
    printf '%s: exit code %s\n' "$name" "$code"
    grep -E 'Missing licenses:|Unused licenses:|Used licenses:' ../lint
    cd ..
}
project plain 'echo "new"'
[ "$code" -eq 0 ] && grep -q 'Used licenses: MIT$' lint
project document 'cat <<HEAD' "// $tag: GPL-3.0-only" HEAD
[ "$code" -ne 0 ] && grep -q 'Missing licenses: GPL-3.0-only' lint && grep -q 'Used licenses: .*GPL-3.0-only' lint
project string "print(\"// $tag: GPL-3.0-only\")"
[ "$code" -ne 0 ] && grep -q 'Unused licenses: MIT' lint
