#!/bin/sh
# An error in afterAll is in none of jasmine-reporters' reports: its JUnit XML says failures="0" errors="0", its TAP "ok
# 1" and "0 failures", while jasmine leaves with exit code 3. They write what belongs to a spec, and such an error
# belongs to the suite. One would guess an entry for the suite, as jasmine's own reporter prints one. Leaks and broken
# clean-ups, the usual business of afterAll, turn the build red and leave its report green, so that nobody finds out
# which suite it was. Seen with jasmine-reporters 2.5.2 and jasmine 7.0.0.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts jasmine@7.0.0 jasmine-reporters@2.5.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
for name in jasmine jasmine-reporters; do
    printf '%s %s\n' "$name" "$(node -p "JSON.parse(require('fs').readFileSync('node_modules/$name/package.json')).version")"
done
cat >suite.cjs <<'JS'
describe("archive", () => {
  it("is read", () => expect(1).toBe(1));
  afterAll(() => { throw new Error("left three files open"); });
});
JS
cat >reported.cjs <<'JS'
const { JUnitXmlReporter, TapReporter } = require("jasmine-reporters");
jasmine.getEnv().clearReporters();
jasmine.getEnv().addReporter(new JUnitXmlReporter({ savePath: ".", filePrefix: "report" }));
jasmine.getEnv().addReporter(new TapReporter());
require("./suite.cjs");
JS
node_modules/.bin/jasmine suite.cjs >own.txt 2>&1 && own=0 || own=$?
grep -E 'left three|spec' own.txt
node_modules/.bin/jasmine reported.cjs >tap.txt 2>&1 && code=0 || code=$?
grep -E '^(not )?ok|^# [0-9]+ spec' tap.txt
grep -E '<test' report.xml
printf 'exit codes %s and %s\n' "$own" "$code"
[ "$own" -eq 3 ] && [ "$code" -eq 3 ] && grep -q 'left three files open' own.txt && grep -q '^# 1 spec.* 0 failures' tap.txt &&
    grep -q '<testsuites disabled="0" errors="0" failures="0" tests="1"' report.xml && ! grep -q 'left three' tap.txt report.xml
