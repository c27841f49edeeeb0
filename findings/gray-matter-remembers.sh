#!/bin/sh
# gray-matter hands over one and the same object for the same text: it keeps what it parsed, by the text, unless it is
# given options. So a script that reads a template of a proposal twice, and fills in author and number of the first,
# finds both filled in in the second, and what it deletes stays deleted. One would guess a new object for each call, as
# from JSON.parse or any parser of YAML. Two new proposals made from one template get one author; a check that compares
# what a file says with what was changed finds no difference. Any options, {} too, give a new one. Seen with gray-matter
# 4.0.3.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts gray-matter@4.0.3 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "fs";
import matter from "gray-matter";

console.log("gray-matter", JSON.parse(readFileSync("node_modules/gray-matter/package.json")).version);
const template = "---\nstatus: draft\nauthor:\n---\n# Title\n";
const first = matter(template);
first.data.author = "Ada";
delete first.data.status;
const second = matter(template);
const fresh = matter(template, {});
console.log("read again:", second.data, "with {}:", fresh.data);
process.exit(second.data.author === "Ada" && !("status" in second.data) && fresh.data.author === null && fresh.data.status === "draft" ? 0 : 1);
JS
node show.mjs
