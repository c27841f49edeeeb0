#!/bin/sh
# To ci-info, which tells programs whether they run in CI and for what, a run of GitHub Actions for pull_request_target
# is for no pull request: isPR is true where GITHUB_EVENT_NAME is "pull_request", and false for "pull_request_target",
# the other event for pull requests, which labellers and greeters use. env-ci says true of both. One would guess that
# both kinds are. What is to happen on the main branch alone, to write a snapshot, to send figures or to announce,
# happens for pull requests as well. CI=false turns ci-info off, and CI=0 does not. Seen with ci-info 4.5.0 and env-ci
# 11.2.0.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts ci-info@4.5.0 env-ci@11.2.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import info from "ci-info";
import envCi from "env-ci";
const run = envCi();
console.log(`${process.env.GITHUB_EVENT_NAME}: ci-info ${info.name} ${info.isPR}, env-ci ${run.name} ${run.isPr}`);
JS
for event in push pull_request pull_request_target; do
    env -i PATH="$PATH" CI=true GITHUB_ACTIONS=true GITHUB_EVENT_NAME=$event GITHUB_REF=refs/heads/main GITHUB_REPOSITORY=owner/name GITHUB_RUN_ID=1 node show.mjs
done | tee found.txt
for value in false 0; do
    printf 'CI=%s: %s\n' "$value" "$(env -i PATH="$PATH" CI=$value node -p 'require("ci-info").isCI')"
done | tee -a found.txt
grep -q '^pull_request: ci-info GitHub Actions true, env-ci GitHub Actions true' found.txt &&
    grep -q '^pull_request_target: ci-info GitHub Actions false, env-ci GitHub Actions true' found.txt && grep -q '^CI=false: false' found.txt && grep -q '^CI=0: true' found.txt
