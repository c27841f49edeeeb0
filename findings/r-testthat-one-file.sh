#!/bin/sh
# Rscript -e 'testthat::test_file("test-reader.R")' leaves with 0 though a test fails, and test_dir() of the folder with
# that one file leaves with 1, "Error: Test failures": stop_on_failure is FALSE for the one and TRUE for the other. Both
# print the failure. One would guess that two functions which run tests end alike. A job that runs changed test files
# alone, or goes through them one by one to time them, or to know which was the first to crash, is green for ever.
# stop_on_failure = TRUE makes an error of it. Seen with testthat 3.1.6 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-testthat where they are missing. Exits non-zero where
# they behave otherwise.
set -eu
Rscript -e 'library(testthat)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-testthat >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export LC_ALL=C.UTF-8
Rscript --vanilla -e 'cat(R.version.string, "testthat", as.character(packageVersion("testthat")), "\n")'
mkdir tests
cat >tests/test-reader.R <<'R'
test_that("an archive is read", expect_equal(1 + 1, 3))
R
run() { # CALL
    Rscript --vanilla -e "testthat::$1" >run.txt 2>&1 && code=0 || code=$?
    printf '%s: exit code %s, failures told: %s\n' "$1" "$code" "$(grep -c 'Failure (' run.txt || true)"
}
run 'test_file("tests/test-reader.R", reporter = "summary")'
[ "$code" -eq 0 ]
grep -q 'Failure (' run.txt
run 'test_dir("tests", reporter = "summary")'
[ "$code" -eq 1 ]
run 'test_file("tests/test-reader.R", reporter = "summary", stop_on_failure = TRUE)'
[ "$code" -eq 1 ]
