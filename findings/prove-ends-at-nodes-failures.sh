#!/bin/sh
# prove stops reading TAP by Node's test runners at the first test that fails: node:test, AVA and tape say what went
# wrong in YAML blocks of several lines ("stack: |-"), which prove's reader of YAML does not know, and what follows is
# not looked at. Of six tests, the second to the fifth of which fail, prove counts two, one failed, and says "No plan
# found" beside a parse error about a line of the stack. One would guess that TAP 13, which has YAML for such
# diagnostics, is read by the program that TAP was made for. It is red for all, but lists of failed tests, trends, and a
# rerun of what failed lack all after the first. Seen with prove 3.44 (Debian 12), node 20.20, AVA 7.0.0 and tape 5.9.0.
# Needs perl, node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module"}' >package.json
npm install --no-audit --no-fund --ignore-scripts ava@7.0.0 tape@5.9.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
write() { # FILE FIRST-LINE
    {
        echo "$2"
        echo 'const fails = () => { throw new Error("the index is one too high"); };'
        echo 'test("opens", () => {});'
        for name in reads writes copies moves; do echo "test(\"$name\", fails);"; done
        echo 'test("closes", () => {});'
    } >"$1"
}
mkdir tests
write node.test.mjs 'import test from "node:test";'
write tests/ava.test.mjs 'import ava from "ava"; const test = (name, body) => ava.serial(name, (t) => { body(); t.pass(); });'
write tape.mjs 'import tape from "tape";
const test = (name, body) => tape(name, (t) => { try { body(); t.pass(); } catch (error) { t.error(error); } t.end(); });'
printf 'node %s, AVA %s, tape %s, ' "$(node --version)" "$(node_modules/.bin/ava --version)" \
    "$(node -p 'JSON.parse(require("fs").readFileSync("node_modules/tape/package.json")).version')"
prove --version
node --test --test-reporter=tap node.test.mjs >node.tap && exit 1
node_modules/.bin/ava --tap tests/ava.test.mjs >ava.tap 2>/dev/null && exit 1
node tape.mjs >tape.tap && exit 1
for name in node ava tape; do
    written=$(grep -cE '^(not )?ok [0-9]' $name.tap)
    failed=$(grep -cE '^not ok [0-9]' $name.tap)
    prove -e cat $name.tap >$name.log 2>&1 && exit 1
    printf '%s: %s tests, %s failed; prove: %s\n' $name "$written" "$failed" "$(grep -o 'Tests: .*)' $name.log)"
    [ "$written$failed" = 64 ] && grep -q 'Tests: 2 Failed: 1)' $name.log && grep -q 'No plan found' $name.log
done
