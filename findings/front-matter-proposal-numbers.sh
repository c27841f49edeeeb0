#!/bin/sh
# Proposal 0010 is number 8 to gray-matter and to front-matter, by which pages and bots read the heads of proposals:
# their YAML takes digits behind a nought for octal, so 0010 is 8 and 0011 is 9, while 0008 and 0009, which octal has
# not, stay the texts "0008" and "0009". js-yaml's newer versions read 10. One would guess the number that stands there,
# or text for all alike. An index of proposals has two of one number, loses two, and Number() of them puts 0010 beside
# 0008; the first seven are right, so nobody sees it before the eighth. Quotes keep the text. Seen with gray-matter
# 4.0.3 and front-matter 4.0.2, which bring js-yaml 3, and js-yaml 4.1.1.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts gray-matter@4.0.3 front-matter@4.0.2 js-yaml@4.1.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { createRequire } from "module";
import { readFileSync } from "fs";

const load = createRequire(import.meta.url);
const readers = { "gray-matter": (text) => load("gray-matter")(text).data, "front-matter": (text) => load("front-matter")(text).attributes,
                  "js-yaml": (text) => load("js-yaml").load(text.split("---")[1]) };
const found = Object.entries(readers).map(([name, read]) => {
    const numbers = ["0007", "0008", "0009", "0010", "0011"].map((number) => read(`---\nnumber: ${number}\ntitle: Read archives\n---\ntext\n`).number);
    console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version, JSON.stringify(numbers));
    return JSON.stringify(numbers);
});
const octal = '[7,"0008","0009",8,9]';
process.exit(found[0] === octal && found[1] === octal && found[2] === "[7,8,9,10,11]" ? 0 : 1);
JS
node show.mjs
