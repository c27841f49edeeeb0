#!/bin/sh
# Google Benchmark's own compare.py takes a benchmark that ended by SkipWithError for one that got infinitely faster: its
# times are 0 in the JSON, so the change is -1.0000 for both, and the error is nowhere. A benchmark that the second file
# lacks, or that counts in another unit there, is left out without a word. The exit code is 0. One would guess that all
# three are told. Who reads a pull request's speed from it cheers what broke and does not see what is gone.
# Seen with Google Benchmark 1.7.1 (Debian 12).
# Needs g++ and apt-get; unpacks Debian's packages of it, and installs python3-scipy where that is missing. Exits non-zero
# where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download libbenchmark-dev libbenchmark1debian libbenchmark-tools >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
ls *.deb
/usr/bin/python3 -c 'import scipy' 2>/dev/null || apt-get install -y --no-install-recommends python3-scipy >apt.log 2>&1
cat >speed.cpp <<'CPP'
#include <benchmark/benchmark.h>
static void work(benchmark::State& state) {
  for (auto _ : state)
    for (int i = 0; i < 1000; ++i) benchmark::DoNotOptimize(i);
}
static void reads(benchmark::State& state) {
#ifdef AFTER
  state.SkipWithError("cannot open the file");
#endif
  work(state);
}
BENCHMARK(work)->Name("stays");
BENCHMARK(reads)->Name("breaks");
#ifdef AFTER
BENCHMARK(work)->Name("changes_unit")->Unit(benchmark::kMillisecond);
#else
BENCHMARK(work)->Name("goes");
BENCHMARK(work)->Name("changes_unit");
#endif
BENCHMARK_MAIN();
CPP
library=$(dirname "$(find root -name libbenchmark.so)")
for run in BEFORE AFTER; do
    g++ -O1 -D$run -Iroot/usr/include speed.cpp -o $run -L"$library" -lbenchmark -lpthread
    LD_LIBRARY_PATH="$library" ./$run --benchmark_min_time=0.05 --benchmark_out=$run.json >output.txt 2>&1 || { cat output.txt; exit 1; }
    grep '"name"' $run.json | tr -d '\n'
    echo
done
grep -E 'error_|real_time' AFTER.json
/usr/bin/python3 root/usr/share/benchmark/compare.py --no-color benchmarks BEFORE.json AFTER.json >compared.txt 2>&1 && code=0 || code=$?
cat compared.txt
printf 'exit code %s\n' "$code"
[ "$code" -eq 0 ] && grep -qE '^breaks +-1\.0000 +-1\.0000' compared.txt && grep -q '^stays' compared.txt
! grep -qE 'goes|changes_unit|cannot open' compared.txt
