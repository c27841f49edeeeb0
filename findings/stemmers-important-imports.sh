#!/bin/sh
# Whoever looks for "important" in a search with stems finds "import": Porter's rules take "ant" off, and so
# "important", "import" and "imports" are one word to stemmer, lunr, elasticlunr and wink-porter2-stemmer, as are
# "severity", "several" and "sever", "organ" and "organization", and to all but the last "news" and "new". One would
# guess that a stem joins the forms of one word, "import" and "imports". They are words of trackers: "severity: high"
# brings all that has several of anything, a label "important" each issue on imports, and lists of duplicates by common
# words join what shares none. Quotes do not help, as the index has stems alone. Seen with stemmer 2.0.1, lunr 2.3.9,
# elasticlunr 0.9.5 and wink-porter2-stemmer 2.0.1.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts stemmer@2.0.1 lunr@2.3.9 elasticlunr@0.9.5 \
    wink-porter2-stemmer@2.0.1 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "node:fs";
import elasticlunr from "elasticlunr";
import lunr from "lunr";
import { stemmer } from "stemmer";
import porter2 from "wink-porter2-stemmer";
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
const stems = {
  stemmer,
  lunr: (word) => lunr.stemmer(new lunr.Token(word, {})).toString(),
  elasticlunr: elasticlunr.stemmer,
  "wink-porter2-stemmer": porter2,
};
const words = (text) => text.split(" ");
const groups = ["important import imports", "severity several sever", "organization organ", "news new"].map(words);
let same = true;
for (const [name, stem] of Object.entries(stems)) {
  const found = groups.map((group) => [...new Set(group.map(stem))].join(" or "));
  console.log(version(name), groups.map((group, index) => `${group.join(", ")}: ${found[index]}`).join("; "));
  same &&= found.join() === `import,sever,organ,${name === "wink-porter2-stemmer" ? "news or new" : "new"}`;
}
const titles = ["Mark important issues", "import of a module fails", "imports are slow", "several windows", "severity"];
const index = lunr(function () {
  this.field("title");
  titles.forEach((title, id) => this.add({ id, title }));
});
for (const [query, ids] of [["important", "0,1,2"], ["severity", "3,4"]]) {
  const found = index.search(query).map((one) => Number(one.ref)).sort();
  console.log(`lunr finds for "${query}":`, found.map((id) => titles[id]).join(" | "));
  same &&= found.join() === ids;
}
process.exit(same ? 0 : 1);
JS
node show.mjs
