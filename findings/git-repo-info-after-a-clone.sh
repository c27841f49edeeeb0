#!/bin/sh
# npm's git-repo-info, by which builds put a version into what they make, knows less of a repository once git has tidied
# it up: right after two commits behind v1.0 it says lastTag v1.0, commitsSinceLastTag 2, and author and message of the
# last commit; after `git gc`, and in each clone, lastTag, author and message are null, and it is Infinity commits since
# the last tag (null in JSON), without an error, while commit and branch are still there. It reads git's files of single
# objects itself, and not those in which git packs many. One would guess that the same commit gives the same answer. So
# it works where it is tried, and not in CI, nor on the morning after. Seen with git-repo-info 2.1.1 and git 2.39.5.
# Needs git, node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts git-repo-info@2.1.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
git --version
git init -q -b main repository
for number in 1 2 3; do
    echo $number >repository/reader.c
    git -C repository add reader.c
    git -C repository commit -qm "Step $number"
    [ $number -gt 1 ] || git -C repository tag -a v1.0 -m v1.0
done
tell() { # tell FOLDER
    node -p 'const i = require("git-repo-info")(process.argv[1]); [i.branch, i.lastTag, i.commitsSinceLastTag, i.author, i.commitMessage].map(String).join(", ")' "$1"
}
before=$(tell repository)
git -C repository gc -q
after=$(tell repository)
git clone -q --no-local repository clone
clone=$(tell clone)
printf 'at first: %s\nafter git gc: %s\nin a clone: %s\ngit describe there: %s\n' "$before" "$after" "$clone" "$(git -C clone describe)"
[ "$before" = 'main, v1.0, 2, Ada <ada@example.org>, Step 3' ] && [ "$after" = 'main, null, Infinity, null, null' ] && [ "$clone" = 'main, null, Infinity, null, null' ]
