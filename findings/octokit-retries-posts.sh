#!/bin/sh
# Octokit's plugin for retries sends a POST again, up to three times, whatever it was that failed: a 502 after the forge
# had already made the comment, or a connection that broke before the answer came. One would guess that, as other clients
# do, only what may be repeated (GET, PUT, DELETE) is, since POST makes something new each time. A bot comments up to four
# times, or opens four issues. `request: { retries: 0 }` with such a request stops it.
# Seen with @octokit/plugin-retry 8.1.1 and @octokit/core 7.0.8, against a fetch function of our own.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts @octokit/core@7.0.8 @octokit/plugin-retry@8.1.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >retry.mjs <<'JS'
import { Octokit } from "@octokit/core";
import { retry } from "@octokit/plugin-retry";
import { readFileSync } from "node:fs";
for (const name of ["@octokit/core", "@octokit/plugin-retry"])
  console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
async function sent(answer, retries) {
  let comments = 0;
  const fetch = async () => {
    ++comments; // the forge has made it
    return answer();
  };
  const octokit = new (Octokit.plugin(retry))({ log: quiet, request: { fetch }, retry: { retryAfterBaseValue: 1 } });
  const request = retries === undefined ? {} : { retries };
  await octokit
    .request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", { owner: "o", repo: "r", issue_number: 1, body: "thanks", request })
    .catch((error) => console.log("error handed to the program:", error.status));
  return comments;
}
const gateway = () => new Response("{}", { status: 502, headers: { "content-type": "application/json" } });
const broken = () => { throw new TypeError("fetch failed"); };
const counts = [await sent(gateway), await sent(broken), await sent(gateway, 0)];
console.log("comments made: answered 502", counts[0], ", connection broken", counts[1], ", retries: 0", counts[2]);
process.exit(counts.join() === "4,4,1" ? 0 : 1);
JS
node retry.mjs
