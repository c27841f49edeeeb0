#!/bin/sh
# slackify-markdown, by which bots post release notes and issues to Slack, takes the boxes off a list of tasks: "- [x]
# Tag the release" and "- [ ] Publish the packages" are two bullets that look alike. It knows the boxes, as it reads
# GitHub's Markdown, and Slack would show "[x]" and "[ ]" as they are. One would guess a tick, a sign, or the text. A
# check list that a bot posts before a release says that all is to be done, or all is done, as one reads it. Seen with
# slackify-markdown 4.5.0.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts slackify-markdown@4.5.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "fs";
import * as slackify from "slackify-markdown";

console.log("slackify-markdown", JSON.parse(readFileSync("node_modules/slackify-markdown/package.json")).version);
const convert = slackify.slackifyMarkdown ?? slackify.default;
const posted = convert("- [x] Tag the release\n- [ ] Publish the packages\n- Write to the list\n");
console.log(posted);
const lines = posted.trim().split("\n").map((line) => line.replace(/\s+/g, " "));
process.exit(lines.join("|") === "• Tag the release|• Publish the packages|• Write to the list" ? 0 : 1);
JS
node show.mjs
