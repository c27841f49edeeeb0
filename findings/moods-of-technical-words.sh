#!/bin/sh
# Two measures of mood by lists of words, npm's sentiment and vader-sentiment, read what programs do: "Kill the dead
# process and abort on a fatal error" has -11, and -0.95 on a scale from -1 to 1, "Add support for free form source" 3
# and 0.72, "Reject invalid input" is bad and "Fix a critical bug in the parser" neither (sentiment). "No problem,
# thanks" is below nought to both of them, and "not a good idea" is praise to sentiment, 3, where "not good" is -3: it
# turns round the very next word alone. One would guess that a request is neutral and a refusal is not praise. The tone
# of a project's discussions follows what it is about: trackers of schedulers are hostile, those of parsers kind. Seen
# with sentiment 5.0.2 and vader-sentiment 1.1.3.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts sentiment@5.0.2 vader-sentiment@1.1.3 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const Sentiment = require("sentiment");
const { SentimentIntensityAnalyzer: vader } = require("vader-sentiment");
const sentiment = new Sentiment();
const texts = ["Kill the dead process and abort on a fatal error", "Add support for free form source", "Reject invalid input",
    "Fix a critical bug in the parser", "No problem, thanks", "not a good idea", "not good"];
const found = texts.map((text) => [sentiment.analyze(text).score, vader.polarity_scores(text).compound]);
texts.forEach((text, i) => console.log(text + ":", "sentiment", found[i][0], "vader", found[i][1]));
const [kills, adds, rejects, fixes, thanks, idea, good] = found;
const ok = kills[0] === -11 && kills[1] < -0.9 && adds[0] === 3 && adds[1] > 0.7 && rejects[0] < 0 && rejects[1] < 0 && fixes[0] === 0 &&
    thanks[0] < 0 && thanks[1] < 0 && idea[0] === 3 && good[0] === -3 && idea[1] < 0;
process.exit(ok ? 0 : 1);
JS
node show.cjs
