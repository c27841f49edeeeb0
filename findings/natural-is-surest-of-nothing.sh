#!/bin/sh
# natural's Bayes classifier is the surer, by the number that it hands over, the less it knows: trained on two bugs, a
# feature and a question, it says bug with 0.6 of an empty text, of "xyzzy plugh" and of "how to", and bug with 0.4 of
# "crash", a word that it was trained on. Words that no text had are left out, so that what stays is how common a label
# is, and each known word only multiplies it down; the values are no shares of one. "how", "do" and "not" are stop
# words, so the question above is known by "install" alone. One would guess a probability, or at least that a known word
# counts for more than none. A bot that labels issues "where it is sure", value above a limit, labels those of which it
# knows nothing, always with the most common label, and leaves those alone that it could tell. Seen with natural 8.1.1.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts natural@8.1.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { readFileSync } = require("node:fs");
const { BayesClassifier } = require("natural/lib/natural/classifiers");
console.log("natural", JSON.parse(readFileSync("node_modules/natural/package.json")).version);
const classifier = new BayesClassifier();
classifier.addDocument("reader crashes on archive", "bug");
classifier.addDocument("segfault in the parser", "bug");
classifier.addDocument("please add a dark mode", "feature");
classifier.addDocument("how do I install it", "question");
classifier.train();
let same = true;
for (const [text, label, value] of [
  ["", "bug", 0.6],
  ["xyzzy plugh", "bug", 0.6],
  ["how to", "bug", 0.6],
  ["crash", "bug", 0.4],
  ["dark", "feature", 0.4],
  ["crash of the parser on archives", "bug", 0.18],
]) {
  const [best] = classifier.getClassifications(text);
  console.log(`"${text}" is a ${best.label} with ${best.value.toFixed(3)}`);
  same &&= best.label === label && Math.abs(best.value - value) < 0.1;
}
process.exit(same ? 0 : 1);
JS
node show.cjs
