#!/bin/sh
# env-ci, by which release tools ask what a pipeline builds, gives a merge request on GitLab the wrong number: `pr` is
# CI_MERGE_REQUEST_ID, which counts over the whole server, where people, links and GitLab's interface for a project have
# the other, CI_MERGE_REQUEST_IID: of !5 it says 900123. And on whether a run is for a pull request at all it and
# ci-info do not agree: of GitHub's pull_request_target ci-info says isPR false, env-ci true with number 5; with
# CI=false, by which one says that this is no CI, ci-info has isCI false and env-ci isCi true. One would guess the
# number that its manual promises, "Pull Request number", and that two readers of the same variables say the same. A bot
# comments on, or links, another project's request of that number, or none; a step "not for pull requests" runs for
# those that strangers send. Seen with env-ci 11.2.0 and ci-info 4.5.0.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts env-ci@11.2.0 ci-info@4.5.0 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
export HOME="$folder"
echo '{"pull_request":{"number":5,"head":{"ref":"fix"},"base":{"ref":"main"}}}' >event.json
cat >show.mjs <<'JS'
import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import envCi from "env-ci";
if (process.argv[2] === "ask") {
  const { isCI, isPR } = createRequire(import.meta.url)("ci-info");
  const found = envCi({ env: process.env });
  console.log(`ci-info ${isCI} ${isPR}, env-ci ${found.isCi} ${found.isPr} ${found.pr}`);
  process.exit(0);
}
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
console.log(version("env-ci"), version("ci-info"));
const gitlab = { GITLAB_CI: "true", CI: "true", CI_MERGE_REQUEST_ID: "900123", CI_MERGE_REQUEST_IID: "5" };
const github = { GITHUB_ACTIONS: "true", CI: "true", GITHUB_EVENT_PATH: "event.json", GITHUB_REF: "refs/heads/main" };
let same = true;
for (const [what, env, expected] of [
  ["GitLab, !5", gitlab, "ci-info true true, env-ci true true 900123"],
  ["pull_request #5", { ...github, GITHUB_EVENT_NAME: "pull_request" }, "ci-info true true, env-ci true true 5"],
  ["pull_request_target #5", { ...github, GITHUB_EVENT_NAME: "pull_request_target" }, "ci-info true false, env-ci true true 5"],
  ["CI=false", { CI: "false" }, "ci-info false null, env-ci true undefined undefined"],
]) {
  const { PATH, HOME } = process.env;
  const options = { env: { PATH, HOME, ...env }, encoding: "utf8" };
  const found = execFileSync(process.execPath, ["show.mjs", "ask"], options).trim();
  console.log(`${what}: ${found}`);
  same &&= found === expected;
}
process.exit(same ? 0 : 1);
JS
node show.mjs
