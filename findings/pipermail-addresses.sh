#!/bin/sh
# In the archives of Mailman's lists a sender stands as "ada at example.org (Ada Lovelace)", and readers of addresses
# make something of it: Python's email.utils.parseaddr() says name "Ada Lovelace" and address "ada", the same for an Ada
# of any other place; its newer policy says no name and the address '"ada at example.org"'; mailparser for Node has no
# address, and "ada at example.org" for the name. None fails. One would guess the address with its sign put back, since
# the form is that of nearly all old lists, or nothing. Who counts people by the address joins all who share a first
# part, "john", "info", "dev"; who counts by the name counts with mailparser the addresses, and the names are lost. Seen
# with Python 3.11 (Debian 12) and mailparser 3.14.2.
# Needs python3, node and npm; fetches that package. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >show.py <<'PY'
import email
import email.policy
import sys
from email.utils import parseaddr

print("Python", sys.version.split()[0])
senders = ["ada at example.org (Ada Lovelace)", "ada at example.net (Ada Byron)"]
old = [parseaddr(sender) for sender in senders]
new = []
for sender in senders:
    mail = email.message_from_string("From: %s\nSubject: x\n\nText\n" % sender, policy=email.policy.default)
    new.append([(one.display_name, one.addr_spec) for one in mail["from"].addresses])
print("parseaddr:", old)
print("policy.default:", new)
sys.exit(0 if old == [("Ada Lovelace", "ada"), ("Ada Byron", "ada")] and new[0] == [("", '"ada at example.org"')] else 1)
PY
/usr/bin/python3 show.py
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts mailparser@3.14.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.js <<'JS'
const { simpleParser } = require('mailparser');
simpleParser('From: ada at example.org (Ada Lovelace)\r\nSubject: x\r\n\r\nText\r\n').then((mail) => {
  console.log('mailparser', JSON.parse(require('fs').readFileSync('node_modules/mailparser/package.json')).version, JSON.stringify(mail.from.value));
  process.exit(mail.from.value.length === 1 && mail.from.value[0].address === '' && mail.from.value[0].name === 'ada at example.org' ? 0 : 1);
});
JS
node show.js
