#!/bin/sh
# alex, which "catches insensitive, inconsiderate writing", warns of half of what developers write: "Crash in the
# reader", "The build failed" and "Reject long names" are each "profane in some cases" to it, as are hook, kill,
# execute, attack, color and European; "Invalid input" is to be "turned off" or "has a disability", a "host" a
# "presenter" or "emcee". One would guess a handful of words such as master and slave. It tells a slur from an everyday
# word by a number, 0, 1 or 2, that it shows of neither, and warns of all three alike unless profanitySureness is set.
# Its counts as a measure of a project's tone measure how much is said of crashes. Seen with alex 11.0.1.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts alex@11.0.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { markdown } from "alex";
const texts = ["Crash in the reader", "The build failed", "Reject long names", "Color of the text", "Invalid input", "Name of the host", "Add a table of contents"];
const found = texts.map((text) => markdown(text).messages.map((message) => message.reason));
texts.forEach((text, i) => console.log(text + ":", found[i].join("; ") || "-"));
const profane = found.slice(0, 4).every((reasons) => reasons.some((reason) => /profane in some cases/.test(reason)));
process.exit(profane && /Has a disability/i.test(found[4].join()) && /presenter/.test(found[5].join()) && found[6].length === 0 ? 0 : 1);
JS
node show.mjs
