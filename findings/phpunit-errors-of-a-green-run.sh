#!/bin/sh
# A run of PHPUnit that says "OK, but incomplete, skipped, or risky tests!" and leaves with exit code 0 is red in its
# own JUnit report: a test that checks nothing, which PHPUnit calls risky, is an <error> there, errors="1". And a test
# whose data provider hands over nothing, the usual end of a list of cases that was emptied or read from a wrong place,
# is <skipped/>, without a word why, under a name without its case; nor does it hold up the run. One would guess that
# report and exit code agree, and that a test with no data at all is told. A gate that reads the XML stops what PHPUnit
# passed. Seen with PHPUnit 9.6.7 (Debian 12).
# Needs apt-get; installs Debian's package phpunit where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v phpunit >/dev/null || apt-get install -y --no-install-recommends phpunit >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >ReaderTest.php <<'PHP'
<?php
use PHPUnit\Framework\TestCase;
final class ReaderTest extends TestCase {
    public function testReads(): void { $this->assertTrue(true); }
    public function testChecksNothing(): void { }
    /** @dataProvider cases */
    public function testCase($text): void { $this->assertNotEmpty($text); }
    public function cases(): array { return []; }
}
PHP
phpunit --log-junit report.xml ReaderTest.php >out.txt 2>/dev/null </dev/null && code=0 || code=$?
sed -n '1p;/^OK/,$p' out.txt
printf 'exit code %s\n' "$code"
grep -E '<(testsuite |testcase|error|skipped)' report.xml | sed 's/ file="[^"]*"//'
[ "$code" -eq 0 ] && grep -q '<testsuite name="ReaderTest" .*errors="1"' report.xml && grep -q '<error type="PHPUnit.Framework.RiskyTestError">' report.xml &&
    grep -A1 '<testcase name="ReaderTest::testCase"' report.xml | grep -q '<skipped/>'
