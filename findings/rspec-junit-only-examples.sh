#!/bin/sh
# The JUnit report that rspec_junit_formatter writes knows of RSpec's examples alone. Where one file of two cannot be
# loaded, RSpec runs none of either, and the report says tests="0" failures="0" errors="0"; where an after(:context)
# hook throws, all is green in it, as RSpec's exit code 1, and "1 error occurred outside of examples", have no place
# there. RSpec's own JSON has errors_outside_of_examples_count. One would guess an error, since JUnit has a count for
# it, and that the file which loads is run. A renamed file empties the report of a whole job, and what reads it sees
# neither a failure nor a test that is gone. Seen with rspec_junit_formatter 0.4.1 and RSpec 3.12 (Debian 12).
# Needs apt-get; installs Debian's packages ruby-rspec and ruby-rspec-junit-formatter where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
ruby -e 'require "rspec_junit_formatter"' 2>/dev/null ||
    apt-get install -y --no-install-recommends ruby-rspec ruby-rspec-junit-formatter >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" LC_ALL=C.UTF-8
rspec --version | head -n 2
mkdir spec
printf 'RSpec.describe "writer" do\n  it("writes") { expect(1).to eq 1 }\nend\n' >spec/writer_spec.rb
run() {
    rspec --require rspec_junit_formatter --format RspecJunitFormatter --out report.xml --format progress spec >run.txt 2>&1 &&
        code=0 || code=$?
    printf '  exit code %s: %s\n  %s\n' "$code" "$(grep '^[0-9]* example' run.txt)" "$(grep -o 'tests="[^t]*' report.xml)"
}
echo 'a file that asks for one that is not there:'
printf 'require "reader"\nRSpec.describe "reader" do\n  it("reads") { expect(1).to eq 1 }\nend\n' >spec/reader_spec.rb
run
[ "$code" -eq 1 ]
grep -q 'tests="0" skipped="0" failures="0" errors="0"' report.xml
echo 'an error after the last example of a group:'
printf 'RSpec.describe "reader" do\n  after(:context) { raise "disk full" }\n  it("reads") { expect(1).to eq 1 }\nend\n' >spec/reader_spec.rb
run
[ "$code" -eq 1 ]
grep -q 'tests="2" skipped="0" failures="0" errors="0"' report.xml
if grep -q 'disk full' report.xml; then exit 1; fi
