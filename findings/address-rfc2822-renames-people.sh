#!/bin/sh
# address-rfc2822's name() is not the name in the address: of "[bot] Renovate" <bot@example.org> it says Renovate, of
# "Ada Lovelace (bot)", "Lovelace, Ada", "Ada Lovelace, PhD" and "ADA LOVELACE" Ada Lovelace, and of an address without
# any name, ada.lovelace@example.org, it makes the same. What stands there is in `phrase`. One would guess that name()
# hands over the name that is written, or nothing where there is none. Who counts people in a mailing list's archive by
# it counts a bot with the person whom it is named for, and finds names that nobody ever wrote: ci.bot is "Ci Bot". Seen
# with address-rfc2822 2.2.4.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts address-rfc2822@2.2.4 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { readFileSync } = require("node:fs");
const addresses = require("address-rfc2822");
console.log("address-rfc2822", JSON.parse(readFileSync("node_modules/address-rfc2822/package.json")).version);
let same = true;
for (const [from, name] of [
  ["Ada McLovelace <ada@example.org>", "Ada McLovelace"],
  ['"[bot] Renovate" <bot@example.org>', "Renovate"],
  ['"Ada Lovelace (bot)" <bot@example.org>', "Ada Lovelace"],
  ['"Lovelace, Ada" <ada@example.org>', "Ada Lovelace"],
  ['"Ada Lovelace, PhD" <ada@example.org>', "Ada Lovelace"],
  ["ADA LOVELACE <ada@example.org>", "Ada Lovelace"],
  ["ada.lovelace@example.org", "Ada Lovelace"],
  ["ci.bot@example.org", "Ci Bot"],
]) {
  const [address] = addresses.parse(from);
  console.log(from, "->", address.name(), "phrase:", address.phrase);
  same &&= address.name() === name;
}
process.exit(same ? 0 : 1);
JS
node show.cjs
