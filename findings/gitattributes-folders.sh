#!/bin/sh
# A line "vendor/ linguist-vendored" in .gitattributes is about nothing: a folder's name with a slash at its end, which
# in .gitignore takes all that is in the folder, matches no file there, so neither what forges leave out of their
# statistics (linguist-vendored, linguist-generated), nor "-diff", nor "merge=ours" is set for one. A folder's name
# alone, "generated", does as little. Nothing warns. One would guess that two files of patterns of one program have one
# meaning, as the manual says that patterns are as in .gitignore, with exceptions. Generated code stays in the shares of
# languages, in the size of diffs, and in front of reviewers. "vendor/**" is it. Seen with git 2.39.5 (Debian 12).
# Needs Debian's package git; fetches nothing. Exits non-zero where git behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git --version
git init -q -b main repository
cd repository
mkdir -p vendor/parser generated tables
for folder_name in vendor/parser generated tables; do echo code >$folder_name/code.c; done
cat >.gitattributes <<'ATTRIBUTES'
vendor/ linguist-vendored -diff
generated linguist-generated
tables/** linguist-generated
ATTRIBUTES
git add .
git commit -qm one
git ls-files '*.c' | git check-attr --stdin linguist-vendored linguist-generated diff | grep -v unspecified && code=0 || code=$?
printf 'vendor/\n' >.gitignore
printf 'the same line in .gitignore: %s\n' "$(git check-ignore -v --no-index vendor/parser/code.c)"
set_for() { git ls-files ":(attr:$1)" | tr '\n' ' '; }
printf 'linguist-vendored: "%s", linguist-generated: "%s"\n' "$(set_for linguist-vendored)" "$(set_for linguist-generated)"
[ -z "$(set_for linguist-vendored)" ] && [ "$(set_for linguist-generated)" = 'tables/code.c ' ] && [ "$code" -eq 0 ]
git check-ignore -q --no-index vendor/parser/code.c
