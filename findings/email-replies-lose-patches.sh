#!/bin/sh
# Libraries that take quotations off mailed answers, as trackers do which take comments by mail, take parts of answers
# that quote nothing: emailreplyparser ends one at "--- a/reader.c", so a patch is gone, and at a list's "-Start it",
# since a line that begins with "-" and a letter, or with "--", is a signature to it; planer ends one at pasted lines
# "From: " and "To: ", and of "On Monday the build failed, and I wrote:" it leaves nothing. One would guess that only
# what has ">" before it, or stands below an attribution with an address, is a quotation. The comment in the tracker
# lacks the very fix, and its writer sees that last. email-reply-parser leaves all four alone. Seen with
# emailreplyparser 0.0.5, planer 1.2.0, email-reply-parser 2.3.9.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts emailreplyparser@0.0.5 planer@1.2.0 email-reply-parser@2.3.9 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >answers.cjs <<'JS'
const Parser = require("email-reply-parser").default;
const parsers = {
  emailreplyparser: (text) => require("emailreplyparser").EmailReplyParser.parse_reply(text),
  planer: (text) => require("planer").extractFrom(text, "text/plain"),
  "email-reply-parser": (text) => new Parser().read(text).getVisibleText(),
};
const answers = [
  "This fixes it:\n\n--- a/reader.c\n+++ b/reader.c\n@@ -1 +1 @@\n-int size;\n+long size;\n\nPlease test.",
  "It hangs:\n\n-Start it\n-Open a file\n\nThen wait.",
  "The file has\n\nFrom: line 3\nTo: line 9\n\nwhich is wrong.",
  "On Monday the build failed, and I wrote:\nplease look. Nobody did.",
];
const lines = (text) => (text.trim() ? text.trim().split("\n").length : 0);
let found = "";
for (const [name, parse] of Object.entries(parsers)) {
  const left = answers.map((answer) => `${lines(parse(answer))} of ${lines(answer)}`).join(", ");
  console.log(name, JSON.parse(require("node:fs").readFileSync(`node_modules/${name}/package.json`)).version, "leaves these lines:", left);
  found += `${left}; `;
}
process.exit(found === "1 of 9, 1 of 6, 6 of 6, 2 of 2; 9 of 9, 6 of 6, 1 of 6, 0 of 2; 9 of 9, 6 of 6, 6 of 6, 2 of 2; " ? 0 : 1);
JS
node answers.cjs
