#!/bin/sh
# cucumber-junit makes a green report of scenarios that failed before their first step: a failed Background and failed
# hooks, which Cucumber's JSON keeps in elements and lists of their own, are not looked at, and the steps that were
# skipped since are <skipped>; a hook that failed afterwards leaves no mark at all. Steps that nobody defined, which
# fail a run nowadays, are skipped, too, unless --strict is given. Of four scenarios that Cucumber fails the XML has
# failures="0". One would guess that a scenario's result is the worst of all that belongs to it. A database that is down
# turns the whole suite grey, and a gate on failures lets it pass. Seen with cucumber-junit 1.7.1.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts cucumber-junit@1.7.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf 'cucumber-junit %s\n' "$(node -p "JSON.parse(require('fs').readFileSync('node_modules/cucumber-junit/package.json')).version")"
cat >write.cjs <<'JS'
const step = (name, status, more) => ({ keyword: "When ", name, line: 3, result: { status, duration: 1000000, ...more } });
const hook = (status) => [{ match: { location: "hooks.start()" }, result: { status, duration: 1000000, error_message: "no database" } }];
const scenario = (name, steps, hooks) => ({ type: "scenario", keyword: "Scenario", id: `archives;${name}`, line: 2, name, steps, ...hooks });
const feature = (name, elements) => ({ uri: `${name}.feature`, id: name, keyword: "Feature", line: 1, name, elements });
const background = { type: "background", keyword: "Background", name: "", line: 2,
  steps: [step("the database is up", "failed", { error_message: "no database" })] };
process.stdout.write(JSON.stringify([
  feature("archives", [background, scenario("background fails", [step("it is read", "skipped")])]),
  feature("indexes", [
    scenario("hook before it fails", [step("it is read", "skipped")], { before: hook("failed") }),
    scenario("hook after it fails", [step("it is read", "passed")], { after: hook("failed") }),
    scenario("nobody wrote the step", [step("it is signed", "undefined")]),
  ]),
]));
JS
node write.cjs >results.json
node_modules/.bin/cucumber-junit <results.json >report.xml
grep -E '<(testsuite |testcase|failure|error|skipped)' report.xml
[ "$(grep -c '<testsuite .*failures="0"' report.xml)" -eq 4 ] && [ "$(grep -c '<skipped' report.xml)" -eq 3 ] &&
    ! grep -qE '<(failure|error)' report.xml
