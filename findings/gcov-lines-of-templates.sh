#!/bin/sh
# gcov's JSON, and so the tracefile that `lcov -c` makes of it, has a line once for each instance of a template, with that
# instance's count: a line that one of two instances ran is there as 1 and as 0. The tracefile has no totals (LF, LH)
# either. gcov itself says 9 lines, all run; npm's lcov-parse finds 13 with two of them not run, and lcov-total says NaN.
# One would guess one entry a line, and totals, as geninfo's manual has them. Coverage of C++ depends on who reads it; what
# `lcov -a` wrote again is whole. Seen with gcov 12.2, lcov 1.16 (Debian 12), lcov-parse 1.0.0, lcov-total 2.1.1.
# Needs g++, gcov, perl with libjson-perl, node, npm and apt-get; unpacks Debian's package lcov, fetches these packages,
# installs nothing. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download lcov libjson-perl libperlio-gzip-perl >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
export PATH="$folder/root/usr/bin:$PATH" PERL5LIB="$folder/root/usr/share/perl5:$(find "$folder/root/usr/lib" -type d -name '5.*' | head -1)"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts lcov-parse@1.0.0 lcov-total@2.1.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
mkdir build
cd build
cat >twice.cpp <<'CPP'
#include <cstdio>
template <class T> T twice(T x) {
  if (x > 1)
    return x + x;
  return x;
}
struct Speaker { Speaker() { std::puts("here"); } };
int main() {
  std::printf("%d %f\n", twice(2), twice(0.5));
  Speaker speaker;
  return 0;
}
CPP
g++ --coverage -O0 -c twice.cpp
g++ --coverage twice.o -o twice
./twice >output.txt
gcov --version | head -1
lcov --version
gcov twice.gcda 2>/dev/null | grep -A1 "twice.cpp'" | tee gcov.txt
lcov -c -d . -o raw.info >lcov.txt 2>&1
lcov -a raw.info -o again.info >>lcov.txt 2>&1
grep -E '^(DA|LF|LH)' raw.info | tr '\n' ' '
echo
cat >read.cjs <<'JS'
require("lcov-parse")(process.argv[2], (error, [file]) => {
  const { details } = file.lines;
  console.log(`${details.length} lines, ${details.filter((line) => line.hit).length} run`);
});
JS
ln -s ../node_modules node_modules
for file in raw.info again.info; do
    parsed=$(node read.cjs $file)
    total=$(npx --no-install lcov-total $file || true)
    printf '%s: lcov-parse: %s; lcov-total: %s\n' $file "$parsed" "$total" | tee -a read.txt
done
grep -q '100.00% of 9' gcov.txt
grep -q '^raw.info: lcov-parse: 13 lines, 11 run; lcov-total: NaN$' read.txt
grep -q '^again.info: lcov-parse: 9 lines, 9 run; lcov-total: 100$' read.txt
