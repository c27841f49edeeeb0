#!/bin/sh
# cmocka never writes over a report: where the file that CMOCKA_XML_FILE names is there, the XML goes to standard error,
# and the file stays as it was, so that of a run in which a test fails the report says failures="0", as the run before
# had it. And a program that runs two groups of tests, a call each, writes two <testsuites> one below the other into the
# file, which no reader of XML takes. One would guess a new report for each run, as --gtest_output and all others write,
# and one root. In a folder that is kept between builds, a working copy or a cache of CI, the first report is shown for
# ever. "%g" in the name gives a file to each group; removing them first gives new ones. Seen with cmocka 1.1.5 (Debian
# 12).
# Needs gcc, python3 and apt-get; installs Debian's package libcmocka-dev where it is missing. Exits non-zero where it
# behaves otherwise.
set -eu
[ -e /usr/include/cmocka.h ] || apt-get install -y --no-install-recommends libcmocka-dev >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >test.c <<'C'
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void opens(void** state) {
    (void)state;
    assert_null(getenv("BROKEN"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(opens)};
    int failed = cmocka_run_group_tests_name("reader", tests, NULL, NULL);
    if (getenv("TWICE")) failed += cmocka_run_group_tests_name("writer", tests, NULL, NULL);
    return failed;
}
C
gcc test.c -lcmocka -o test
dpkg-query -W -f 'cmocka ${Version}\n' libcmocka-dev
export CMOCKA_MESSAGE_OUTPUT=xml
CMOCKA_XML_FILE=report.xml ./test
code=0
BROKEN=1 CMOCKA_XML_FILE=report.xml ./test 2>errors.txt || code=$?
echo "exit code $code, in the file: $(grep -o 'failures="[0-9]*"' report.xml), on standard error: $(grep -o 'failures="[0-9]*"' errors.txt)"
TWICE=1 CMOCKA_XML_FILE=two.xml ./test
roots=$(grep -c '^<testsuites>' two.xml)
parsed=0
/usr/bin/python3 -c 'import xml.etree.ElementTree as tree; tree.parse("two.xml")' 2>parse.txt || parsed=$?
echo "two groups: $roots roots: $(tail -n 1 parse.txt)"
[ "$code" -eq 1 ] && grep -q 'failures="0"' report.xml && grep -q 'failures="1"' errors.txt && [ "$roots" -eq 2 ] && [ "$parsed" -ne 0 ]
