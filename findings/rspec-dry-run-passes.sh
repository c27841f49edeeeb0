#!/bin/sh
# `rspec --dry-run`, which lists examples without running them, reports them as passed: in RSpec's JSON each has the
# status "passed", with a run_time, the summary says "2 examples, 0 failures", and rspec_junit_formatter makes a green
# report of it; exit code 0. Of the same examples one fails when it is run. Nothing in either file says that it was a
# dry run. behave's dry run marks its scenarios untested and skipped. One would guess a status of its own, or "pending",
# which RSpec has for what was not run. Where an option is left in a settings file (.rspec), or a list of examples lies
# beside reports, it counts as a run. Seen with RSpec 3.12, rspec_junit_formatter 0.4.1 and behave 1.2.6 (Debian 12).
# Needs apt-get; installs Debian's packages ruby-rspec, ruby-rspec-junit-formatter and python3-behave where they are
# missing. Exits non-zero where they behave otherwise.
set -eu
ruby -e 'require "rspec_junit_formatter"' 2>/dev/null ||
    apt-get install -y --no-install-recommends ruby-rspec ruby-rspec-junit-formatter >/dev/null
/usr/bin/python3 -c 'import behave' 2>/dev/null || apt-get install -y --no-install-recommends python3-behave >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" LC_ALL=C.UTF-8
rspec --version | head -n 2
mkdir -p spec features/steps
printf 'RSpec.describe "reader" do\n  it("opens") { }\n  it("reads") { expect(1).to eq 2 }\nend\n' >spec/reader_spec.rb
run() { # OPTION...
    rspec --require rspec_junit_formatter --format json --out report.json --format RspecJunitFormatter --out report.xml "$@" spec >run.txt 2>&1 &&
        code=0 || code=$?
    printf 'rspec %s: exit code %s, %s; JSON: %s; JUnit: %s\n' "$*" "$code" "$(grep -o '"summary_line":"[^"]*"' report.json)" \
        "$(grep -o '"status":"[a-z]*"' report.json | sed 's/.*://' | tr '\n' ' ')" "$(grep -o 'tests="[^t]*' report.xml)"
}
run
[ "$code" -eq 1 ]
run --dry-run
[ "$code" -eq 0 ]
[ "$(grep -o '"status":"passed"' report.json | wc -l)" -eq 2 ]
grep -q 'tests="2" skipped="0" failures="0" errors="0"' report.xml
if grep -q 'dry' report.json report.xml; then exit 1; fi
printf 'Feature: reader\n  Scenario: reads\n    Given a file\n' >features/reader.feature
printf 'from behave import given\n\n\n@given("a file")\ndef a_file(context):\n    raise OSError("not there")\n' >features/steps/steps.py
behave --dry-run --junit >behave.txt 2>&1 || true
printf 'behave --dry-run: %s\n' "$(grep -o 'status="[a-z]*"' reports/*.xml)"
grep -q 'status="untested"' reports/*.xml
