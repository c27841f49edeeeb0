#include <algorithm>
#include <model/benchmarks/comparison.hpp>

namespace resident {

namespace {

void judge_one(ComparedBenchmark& benchmark, double size) {
  const auto& comparison = benchmark.comparison;
  const double low = 1 / (1 + size), high = 1 + size;
  if (!comparison.interval) {
    benchmark.more = 1;  // a second value is the least that tells anything
    return;
  }
  if (benchmark.adjusted < 0.05) {
    const bool up = comparison.ratio > 1;
    benchmark.verdict = benchmark.better.empty()              ? BenchmarkVerdict::different
                        : up == (benchmark.better == "lower") ? BenchmarkVerdict::worse
                                                              : BenchmarkVerdict::better;
    benchmark.trips = benchmark.verdict == BenchmarkVerdict::worse &&
                      (up ? comparison.interval->low > high : comparison.interval->high < low);
    return;
  }
  if (comparison.interval->low > low && comparison.interval->high < high) {
    benchmark.verdict = BenchmarkVerdict::same;
    return;
  }
  const std::size_t needed = stats::values_needed(comparison, size),
                    fewest = std::min(benchmark.before, benchmark.after);
  benchmark.more = needed > fewest ? needed - fewest : 1;
}

}  // namespace

const char* name_of(BenchmarkVerdict verdict) {
  switch (verdict) {
    case BenchmarkVerdict::better:
      return "better";
    case BenchmarkVerdict::worse:
      return "worse";
    case BenchmarkVerdict::different:
      return "different";
    case BenchmarkVerdict::same:
      return "same";
    case BenchmarkVerdict::cannot_tell:
      break;
  }
  return "cannot tell";
}

void judge(std::vector<ComparedBenchmark>& benchmarks, double size) {
  std::vector<double> p;
  for (const auto& each : benchmarks) p.push_back(each.comparison.interval ? each.comparison.p : 1);
  const auto adjusted = stats::holm_adjusted(p);
  for (std::size_t i = 0; i < benchmarks.size(); ++i) {
    benchmarks[i].adjusted = adjusted[i];
    judge_one(benchmarks[i], size);
  }
}

}  // namespace resident
