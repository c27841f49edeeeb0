#!/bin/sh
# html-to-text, by which notes of releases and comments are made into mails, runs the cells of a table together: of the
# heads passed and failed with 12 and 3 below it makes "passedfailed123", and of Version 1.2 and OS Linux
# "Version1.2OSLinux". Headlines are written in capitals, so that "Changes in v1.2.3-rc.1" is "CHANGES IN V1.2.3-RC.1",
# and read_file READ_FILE; <del> and <ins> are plain text beside each other, "retries: 35" for 3 that became 5. Nothing
# is said. One would guess at least a blank between cells, as browsers copy them, and headlines as they are written. A
# mail says that 123 tests passed or failed, and names tags and functions that there are not. selectors: [{ selector:
# "table", format: "dataTable" }] makes columns, uppercase: false leaves headlines. Seen with html-to-text 10.0.1.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts html-to-text@10.0.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "node:fs";
import { convert } from "html-to-text";
console.log("html-to-text", JSON.parse(readFileSync("node_modules/html-to-text/package.json")).version);
const table = "<table><tr><th>passed</th><th>failed</th></tr><tr><td>12</td><td>3</td></tr></table>";
let same = true;
for (const [html, text] of [
  [table, "passedfailed123"],
  ["<table><tr><td>Version</td><td>1.2</td></tr><tr><td>OS</td><td>Linux</td></tr></table>", "Version1.2OSLinux"],
  ["<h2>Changes in v1.2.3-rc.1</h2>", "CHANGES IN V1.2.3-RC.1"],
  ["<h3>read_file</h3>", "READ_FILE"],
  ["<p>retries: <del>3</del><ins>5</ins></p>", "retries: 35"],
]) {
  console.log(html, "->", JSON.stringify(convert(html)));
  same &&= convert(html) === text;
}
const columns = convert(table, { selectors: [{ selector: "table", format: "dataTable" }] });
console.log(columns);
process.exit(same && /12 +3/.test(columns) ? 0 : 1);
JS
node show.mjs
