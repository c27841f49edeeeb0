#!/bin/sh
# Two test libraries that come with their languages leave with exit code 0 whatever failed: tcltest of Tcl, by one file
# and by an all.tcl that runs all files, the usual way, and SRFI 64 of Guile. The summary tells: "Total 2 Passed 1
# Failed 1", "# of unexpected failures 1". One would guess that a run with failures is a failed command, as with every
# other runner. A make target, or a job of CI, that calls `tclsh all.tcl` is green for ever. In all.tcl "exit
# [runAllTests]" does it here, since runAllTests hands back whether a file failed; in Guile (exit (zero?
# (test-runner-fail-count ...))). Seen with Tcl 8.6.13, its tcltest 2.5.5, and Guile 3.0.8 (Debian 12).
# Needs apt-get; installs Debian's packages tcl8.6 and guile-3.0 where they are missing. Exits non-zero where they
# behave otherwise.
set -eu
command -v tclsh8.6 >/dev/null || apt-get install -y --no-install-recommends tcl8.6 >/dev/null
command -v guile >/dev/null || apt-get install -y --no-install-recommends guile-3.0 >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" LC_ALL=C
echo 'puts "Tcl [info patchlevel], tcltest [package require tcltest]"' | tclsh8.6
guile --version | head -n 1
cat >archive.test <<'TCL'
package require tcltest
namespace import ::tcltest::*
test archive-1 {adds} -body { expr 1 + 1 } -result 2
test archive-2 {adds wrongly} -body { expr 1 + 1 } -result 3
cleanupTests
TCL
cat >all.tcl <<'TCL'
package require tcltest
namespace import ::tcltest::*
configure -testdir [pwd]
runAllTests
TCL
sed 's/^runAllTests$/exit [runAllTests]/' all.tcl >strict.tcl
cat >archive.scm <<'SCHEME'
(use-modules (srfi srfi-64))
(test-begin "archive")
(test-equal "adds" 2 (+ 1 1))
(test-equal "adds wrongly" 3 (+ 1 1))
(test-end "archive")
SCHEME
run() { # COMMAND...
    "$@" >run.txt 2>&1 && code=0 || code=$?
    printf '%s: exit code %s: %s\n' "$*" "$code" "$(grep -E 'Total|unexpected failures' run.txt | tail -n 1 | tr '\t' ' ')"
}
run tclsh8.6 archive.test
[ "$code" -eq 0 ]
run tclsh8.6 all.tcl
[ "$code" -eq 0 ]
grep -q 'Failed.1$' run.txt
run tclsh8.6 strict.tcl
[ "$code" -eq 1 ]
run guile --no-auto-compile archive.scm
[ "$code" -eq 0 ]
grep -q 'unexpected failures *1' run.txt
