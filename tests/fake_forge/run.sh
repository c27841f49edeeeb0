#!/usr/bin/env bash
# The fake forge's own tests; ends with "N passed, N failed".
cd "$(dirname "$0")" || exit 1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
reporter=""
node --help | grep -q test-reporter && reporter=--test-reporter=tap
# shellcheck disable=SC2086
node --test $reporter test/*.test.mjs >"$log" 2>&1
grep -aE '^ *(not ok|# Subtest)|error:|Error' "$log" | grep -aA3 'not ok' | head -n 60
passed=$(grep -aoE '^# pass [0-9]+' "$log" | grep -oE '[0-9]+' | tail -n 1)
failed=$(grep -aoE '^# fail [0-9]+' "$log" | grep -oE '[0-9]+' | tail -n 1)
printf '%d passed, %d failed\n' "${passed:-0}" "${failed:-1}"
[ "${failed:-1}" = 0 ]
