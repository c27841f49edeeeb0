#!/bin/sh
# validator's normalizeEmail() makes one address of two people's: at yahoo.com it cuts the name at a minus, so that
# example-one@ and example-two@ of that domain are one address, example@. The service's disposable addresses have the
# form name-keyword@, but a minus may as well be part of a name, as in Anne-Marie. One would guess that a plus is cut,
# as at Gmail, and small letters made; so they are, the latter at every domain, though the part before the @ may mind
# case. Commits, votes and answers of two people are one person's, and who comes second cannot sign up. Seen with
# validator 13.15.35; yahoo_remove_subaddress: false leaves the minus.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts validator@13.15.35 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { normalizeEmail } = require("validator");
const at = (name, domain) => normalizeEmail([name, domain].join("@"));
const found = [at("example-one", "yahoo.com"), at("example-two", "yahoo.com"), at("Example-One", "example.org")];
console.log("validator", require("validator/package.json").version, found);
process.exit(found[0] === found[1] && found[2] === "example-one@example.org" ? 0 : 1);
JS
node show.cjs
