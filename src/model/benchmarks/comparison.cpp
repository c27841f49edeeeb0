#include <algorithm>
#include <map>
#include <model/benchmarks/comparison.hpp>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>

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
  if (comparison.with_nought && comparison.ratio != 1) {
    benchmark.more = 1;  // now and then it is not 0
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

using Members = std::vector<std::size_t>;

// Which of them were measured by the same runs: "scan cpu_time" with "scan".
Members runs_of(const std::vector<ComparedBenchmark>& benchmarks) {
  std::unordered_map<std::string_view, std::size_t> by_name;
  for (std::size_t i = 0; i < benchmarks.size(); ++i) by_name.emplace(benchmarks[i].name, i);
  Members runs(benchmarks.size());
  for (std::size_t i = 0; i < benchmarks.size(); ++i) {
    runs[i] = i;
    const std::string_view name = benchmarks[i].name;
    for (std::size_t blank = name.find(' '); blank != std::string_view::npos && runs[i] == i;
         blank = name.find(' ', blank + 1))
      if (const auto found = by_name.find(name.substr(0, blank)); found != by_name.end()) runs[i] = found->second;
  }
  return runs;
}

std::optional<GroupMean> mean_of(const std::vector<ComparedBenchmark>& benchmarks, const Members& members,
                                 const Members& runs, std::size_t least) {
  std::map<std::string_view, Members> by_unit;
  for (const std::size_t i : members)
    if (benchmarks[i].comparison.interval && !benchmarks[i].comparison.with_nought)
      by_unit[benchmarks[i].unit].push_back(i);
  const Members* most = nullptr;
  for (const auto& [unit, list] : by_unit)
    if (most == nullptr || list.size() > most->size()) most = &list;
  if (most == nullptr) return std::nullopt;
  std::vector<stats::Comparison> comparisons;
  Members own_runs;
  for (const std::size_t i : *most) comparisons.push_back(benchmarks[i].comparison), own_runs.push_back(runs[i]);
  if (std::set<std::size_t>(own_runs.begin(), own_runs.end()).size() < least) return std::nullopt;
  GroupMean group;
  group.unit = benchmarks[most->front()].unit;
  group.count = most->size();
  group.mean = *stats::mean_ratio(comparisons, 0.95, own_runs);
  return group;
}

}  // namespace

const char* name_of(GroupMean::Kind kind) {
  constexpr const char* kNames[] = {"all", "benchmark", "tag"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<GroupMean> group_means(const std::vector<ComparedBenchmark>& benchmarks) {
  std::vector<GroupMean> means;
  const Members runs = runs_of(benchmarks);
  Members all(benchmarks.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (auto mean = mean_of(benchmarks, all, runs, 1)) means.push_back(std::move(*mean));
  std::map<std::string, Members> by_benchmark, by_tag;
  for (const std::size_t i : all) {
    if (!benchmarks[i].benchmark.empty()) by_benchmark[benchmarks[i].benchmark].push_back(i);
    for (const auto& tag : benchmarks[i].tags) by_tag[tag].push_back(i);
  }
  const auto add = [&](GroupMean::Kind kind, const std::map<std::string, Members>& groups) {
    for (const auto& [name, members] : groups)
      if (auto mean = mean_of(benchmarks, members, runs, 2)) {
        mean->kind = kind, mean->name = name;
        means.push_back(std::move(*mean));
      }
  };
  add(GroupMean::Kind::benchmark, by_benchmark);
  add(GroupMean::Kind::tag, by_tag);
  return means;
}

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
