#!/bin/sh
# In the JUnit report of R's testthat a <testcase> is an expectation, not a test: a test "reads" with three of them is
# three test cases of one name, and "writes", whose first holds not and whose second does, is a failure and a pass of
# one name. A warning is a further test case, which passes; a test without an expectation is skipped. So four tests, one
# of which failed, are tests="8" failures="1". One would guess one entry a test, as in other reports. Rates of failure
# fall as tests check more, and whoever goes by name finds a test that fails and passes in one run, that is a flaky one.
# Seen with R 4.2.2 and testthat 3.1.6 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-testthat where they are missing. Exits non-zero where
# it behaves otherwise.
set -eu
Rscript -e 'library(testthat); library(xml2)' >/dev/null 2>&1 ||
    apt-get install -y --no-install-recommends r-base-core r-cran-testthat r-cran-xml2 >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >test-a.R <<'R'
test_that("reads", { expect_equal(1, 1); expect_equal(2, 2); expect_true(TRUE) })
test_that("writes", { expect_equal(1, 2); expect_equal(1, 1) })
test_that("nothing yet", { })
test_that("warns", { warning("deprecated"); expect_true(TRUE) })
R
Rscript -e 'library(testthat); cat("testthat", as.character(packageVersion("testthat")), "\n")
    invisible(test_file("test-a.R", reporter = JunitReporter$new(file = "report.xml")))'
grep -oE '<testsuite [^>]*|<testcase [^>]*|<failure|<skipped' report.xml | sed 's/ timestamp=.*hostname="[^"]*"//'
[ "$(grep -c '<testcase.*name="reads"' report.xml)" -eq 3 ] && [ "$(grep -c '<testcase.*name="writes"' report.xml)" -eq 2 ] &&
    grep -q 'tests="8"' report.xml && grep -q 'failures="1"' report.xml && grep -q 'skipped="1"' report.xml
