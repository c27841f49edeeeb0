#!/bin/sh
# mailparser dates a mail NOW when it cannot read the Date: a zone by name that is not one of the American ones, "MET" or
# "CET" or "JST", or of one letter, as old mail has them and RFC 5322 (4.3) takes for -0000, is enough. A mail without
# any Date has none. One would guess undefined for both, or the time without its zone. Who imports a mailing list's old
# archive has its first years arrive today, at another moment with each import. Seen with mailparser 3.14.2.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts mailparser@3.14.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >dates.cjs <<'JS'
const { simpleParser } = require("mailparser");
console.log("mailparser", require("mailparser/package.json").version);
const begin = Date.now();
const mail = (date) => `From: ada@example.org\r\nSubject: a patch\r\n${date}\r\nsee below\r\n`;
(async () => {
  let same = true;
  for (const zone of ["+0100", "EST", "MET", "CET", "JST", "A"]) {
    const { date } = await simpleParser(mail(`Date: Mon, 05 Jan 1998 10:00:00 ${zone}\r\n`));
    const now = date >= begin && date <= Date.now();
    console.log(`Mon, 05 Jan 1998 10:00:00 ${zone}`.padEnd(34), "->", now ? "now" : date.toISOString());
    same &&= now === !["+0100", "EST"].includes(zone);
  }
  const { date } = await simpleParser(mail(""));
  console.log("no Date at all".padEnd(34), "->", date);
  process.exit(same && date === undefined ? 0 : 1);
})();
JS
node dates.cjs
