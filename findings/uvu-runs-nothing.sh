#!/bin/sh
# A file of tests for uvu that lacks the last line, test.run(), passes: no test in it is run, "Total: 0", exit code 0,
# though the one that it has throws. With the line the same file fails. Its manual asks for that line; one would guess
# that a runner which was given a file and found nothing to do in it says so, as jest and vitest do. In a run of many
# files only the total is less by a few; a merge that takes the line out takes the tests out with it. Seen with uvu
# 0.5.6.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts uvu@0.5.6 >npm.log 2>&1 || { cat npm.log; exit 1; }
mkdir without with
echo 'import { test } from "uvu"; test("reads", () => { throw new Error("cannot read"); });' >without/reader.mjs
{ cat without/reader.mjs; echo 'test.run();'; } >with/reader.mjs
run() { # run FOLDER
    node_modules/.bin/uvu "$1" >"$1.txt" 2>&1 && code=0 || code=$?
    printf '%s the last line: %s, exit code %s\n' "$1" "$(sed -n 's/^ *\(Total: *[0-9]*\).*/\1/p' "$1.txt")" "$code"
}
run without
[ "$code" -eq 0 ] && grep -qE 'Total: +0' without.txt || exit 1
run with
[ "$code" -ne 0 ] && grep -qE 'Total: +1' with.txt
