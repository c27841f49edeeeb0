#!/bin/sh
# Two JSON reports of one form say of a test that passed at the second try: vitest, status "passed" with failureMessages
# of the first try; jest, status "passed", failureMessages [] and retryReasons [], though it has a field of that name,
# and "invocations": 2. One would guess that what passed has no messages of failures, as is so in jest's, whose form
# vitest took over, and that retryReasons tell why. Readers that ask for messages call vitest's test failed, those that
# ask for retryReasons miss jest's; those are filled where jest.retryTimes() has logErrorsBeforeRetry. Seen with vitest
# 3.2.4 and jest 30.2.0.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export CI=
echo '{}' >package.json
npm install --no-audit --no-fund vitest@3.2.4 jest@30.2.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
mkdir v j
echo 'import { test, expect } from "vitest"; let n = 0; test("wavers", { retry: 2 }, () => { n++; expect(n).toBe(2); });' >v/a.test.mjs
echo 'jest.retryTimes(2); let n = 0; test("wavers", () => { n++; expect(n).toBe(2); });' >j/a.test.cjs
node_modules/.bin/vitest run --root v --reporter=json --outputFile="$folder/vitest.json" >vitest.log 2>&1
node_modules/.bin/jest --rootDir j --testMatch '**/*.test.cjs' --json --outputFile "$folder/jest.json" >jest.log 2>&1
node -e '
const found = ["vitest", "jest"].map((name) => {
    const one = JSON.parse(require("fs").readFileSync(name + ".json")).testResults[0].assertionResults[0];
    const messages = one.failureMessages.map((text) => text.split("\n")[0]);
    console.log(name, one.status, "failureMessages", messages, "invocations", one.invocations, "retryReasons", one.retryReasons);
    return [one.status, messages.length, one.invocations, one.retryReasons?.length].join();
});
process.exit(found[0] === "passed,1,," && found[1] === "passed,0,2,0" ? 0 : 1);'
