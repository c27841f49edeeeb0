#!/bin/sh
# commit-and-tag-version makes a release of nothing: after one commit "docs: ..." or "ci: ..." it goes from 1.4.2 to
# 1.4.3, tags it, and its change log has a headline with nothing below. Before 1.0.0 it counts one step lower: "feat:"
# is a patch (0.4.3) and "feat!:" a minor (0.5.0). Of the same commits @semantic-release/commit-analyzer, with the same
# preset, says no release, minor (0.5.0) and major (1.0.0). One would guess that one convention gives one version. A
# project that moves from one tool to the other, or asks one for a preview and releases by the other, announces numbers
# that never come, and the scheduled release goes out each week for its pipeline's sake. Seen with
# commit-and-tag-version 12.7.3, @semantic-release/commit-analyzer 13.0.1 and conventional-changelog-conventionalcommits
# 9.1.0.
# Needs git, node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts commit-and-tag-version@12.7.3 @semantic-release/commit-analyzer@13.0.1 \
    conventional-changelog-conventionalcommits@9.1.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >analyze.mjs <<'JS'
import { analyzeCommits } from "@semantic-release/commit-analyzer";

const message = process.argv[2];
const kind = await analyzeCommits({ preset: "conventionalcommits" }, { commits: [{ hash: "1", message }], logger: { log() {} }, cwd: "." });
console.log(kind ?? "none");
JS
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
next() { # VERSION SUBJECT
    rm -rf repository
    git init -q -b main repository
    cd repository
    echo "{\"name\":\"tool\",\"version\":\"$1\"}" >package.json
    git add .
    git commit -qm 'chore: start'
    git tag "v$1"
    git commit -q --allow-empty -m "$2"
    ../node_modules/.bin/commit-and-tag-version >../log 2>&1 || { cat ../log; exit 1; }
    after=$(git describe --tags)
    cd ..
    kind=$(node analyze.mjs "$2")
    printf '%s, "%s": commit-and-tag-version %s, commit-analyzer: %s\n' "$1" "$2" "$after" "$kind"
    found="$found $after $kind"
}
found=
next 1.4.2 'docs: name the author'
cat repository/CHANGELOG.md
next 0.4.2 'feat: read archives'
next 0.4.2 'feat!: drop the old reader'
[ "$found" = ' v1.4.3 none v0.4.3 minor v0.5.0 major' ]
