#!/bin/sh
# Octokit's paginate() of a commit's combined status hands over pages, not statuses: it unpacks lists that come with a
# total_count, but not where the answer has a `url`, as GitHub's for GET /repos/O/R/commits/REF/status does. The plugin's own
# types say the other thing: data is declared as the list of statuses. One would guess statuses, as paginate() of check
# runs gives check runs. A bot that asks for the `context` of each finds undefined, and counts one state a page: with two
# pages of 100 green checks and a red one, "2 statuses". Seen with @octokit/plugin-paginate-rest 16.0.0, @octokit/core 7.0.8.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts @octokit/core@7.0.8 @octokit/plugin-paginate-rest@16.0.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >pages.mjs <<'JS'
import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { readFileSync } from "node:fs";
const file = (path) => readFileSync(`node_modules/@octokit/${path}`, "utf8");
for (const name of ["core", "plugin-paginate-rest"]) console.log(`@octokit/${name}`, JSON.parse(file(`${name}/package.json`)).version);
const api = "https://api.github.com";
// Two pages, in the form that GitHub's manual gives for either.
const answers = {
  "/repos/o/r/commits/main/status": (page) => ({
    state: "failure", sha: "1a2b3c4", total_count: 3, repository: {}, commit_url: `${api}/c`, url: `${api}/s`,
    statuses: page === 1 ? [{ context: "linux", state: "success" }, { context: "macos", state: "success" }] : [{ context: "docs", state: "failure" }],
  }),
  "/repos/o/r/commits/main/check-runs": (page) => ({ total_count: 2, check_runs: [{ name: `check ${page}` }] }),
};
const fetch = async (address) => {
  const url = new URL(address);
  const page = Number(url.searchParams.get("page") ?? 1);
  const headers = { "content-type": "application/json" };
  if (page === 1) headers.link = `<${api}${url.pathname}?page=2>; rel="next"`;
  return Object.defineProperty(new Response(JSON.stringify(answers[url.pathname](page)), { headers }), "url", { value: address });
};
const octokit = new (Octokit.plugin(paginateRest))({ request: { fetch } });
const ask = (what) => octokit.paginate(`GET /repos/{owner}/{repo}/commits/{ref}/${what}`, { owner: "o", repo: "r", ref: "main" });
const runs = await ask("check-runs");
const statuses = await ask("status");
console.log("check-runs:", JSON.stringify(runs.map((run) => run.name)));
console.log("status:    ", JSON.stringify(statuses.map(({ context, state }) => ({ context: String(context), state }))), "of 3 statuses");
const declared = file("plugin-paginate-rest/dist-types/generated/paginating-endpoints.d.ts")
  .split("\n").find((line) => line.includes('{ref}/status"]') && line.includes("data:"));
console.log("declared:  ", declared.trim());
process.exit(runs.length === 2 && statuses.length === 2 && statuses[0].statuses.length === 2 && declared.includes('["statuses"]') ? 0 : 1);
JS
node pages.mjs
