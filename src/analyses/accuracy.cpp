#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/accuracy.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <numeric>
#include <random>

namespace resident {

namespace {

constexpr int kResamples = 2000;
constexpr std::uint32_t kSeed = 20240101;
constexpr std::size_t kBins = 10;

// Rank of the first true suggestion, from 1; 0 where there is none.
std::size_t first_hit(const std::vector<std::string>& ranked, const std::vector<std::string>& truth) {
  for (std::size_t i = 0; i < ranked.size(); ++i)
    if (std::find(truth.begin(), truth.end(), ranked[i]) != truth.end()) return i + 1;
  return 0;
}

double reciprocal(std::size_t rank) {
  return rank == 0 ? 0 : 1 / static_cast<double>(rank);
}

double recall_at(const std::vector<std::string>& ranked, const std::vector<std::string>& truth, std::size_t k) {
  if (truth.empty()) return 0;
  std::size_t hits = 0;
  for (std::size_t i = 0; i < std::min(k, ranked.size()); ++i)
    hits += std::find(truth.begin(), truth.end(), ranked[i]) != truth.end();
  return static_cast<double>(hits) / static_cast<double>(truth.size());
}

double mean(const std::vector<double>& values) {
  return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// A whole number below a bound, the same with every compiler.
std::size_t below(std::mt19937& random, std::size_t bound) {
  return static_cast<std::size_t>((static_cast<std::uint64_t>(random()) * bound) >> 32);
}

// Means of resamples, in order.
std::vector<double> resampled_means(const std::vector<double>& values) {
  std::mt19937 random(kSeed);
  std::vector<double> means;
  for (int i = 0; i < kResamples && !values.empty(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < values.size(); ++k) sum += values[below(random, values.size())];
    means.push_back(sum / static_cast<double>(values.size()));
  }
  std::sort(means.begin(), means.end());
  return means;
}

double percentile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5)];
}

AccuracyFigure figure(std::string metric, const std::vector<double>& values, const std::vector<double>& baseline) {
  const auto means = resampled_means(values);
  return {std::move(metric),
          mean(values),
          percentile(means, 0.025),
          percentile(means, 0.975),
          baseline.empty() ? std::nullopt : std::optional(mean(baseline)),
          static_cast<std::int64_t>(values.size())};
}

}  // namespace

std::vector<AccuracyFigure> ranking_figures(const std::vector<AccuracyCase>& cases, const std::vector<int>& ks,
                                            bool recall) {
  std::vector<AccuracyFigure> figures;
  const auto add = [&](std::string metric, const auto& value_of) {
    std::vector<double> ours, simple;
    bool has_baseline = false;
    for (const auto& each : cases) {
      ours.push_back(value_of(each.ranked, each.truth));
      simple.push_back(value_of(each.baseline, each.truth));
      has_baseline = has_baseline || !each.baseline.empty();
    }
    figures.push_back(figure(std::move(metric), ours, has_baseline ? simple : std::vector<double>{}));
  };
  using Names = std::vector<std::string>;
  for (const int k : ks) {
    const auto most = static_cast<std::size_t>(std::max(1, k));
    if (recall) {
      add(fmt::format("recall_at_{}", most),
          [&](const Names& ranked, const Names& truth) { return recall_at(ranked, truth, most); });
    } else {
      add(fmt::format("top_{}", most), [&](const Names& ranked, const Names& truth) {
        const std::size_t rank = first_hit(ranked, truth);
        return rank > 0 && rank <= most ? 1.0 : 0.0;
      });
    }
  }
  add("mrr", [](const Names& ranked, const Names& truth) { return reciprocal(first_hit(ranked, truth)); });
  return figures;
}

PairedDifference paired_mrr_difference(const std::vector<AccuracyCase>& cases) {
  std::vector<double> differences;
  for (const auto& each : cases)
    differences.push_back(reciprocal(first_hit(each.ranked, each.truth)) -
                          reciprocal(first_hit(each.baseline, each.truth)));
  const auto means = resampled_means(differences);
  if (means.empty()) return {};
  const auto not_above = static_cast<double>(std::upper_bound(means.begin(), means.end(), 0.0) - means.begin());
  const auto not_below = static_cast<double>(means.end() - std::lower_bound(means.begin(), means.end(), 0.0));
  const double tail = (1 + std::min(not_above, not_below)) / (1 + static_cast<double>(means.size()));
  return {mean(differences), percentile(means, 0.025), percentile(means, 0.975), std::min(1.0, 2 * tail)};
}

double expected_calibration_error(const std::vector<std::pair<double, bool>>& predictions) {
  struct Bin {
    double probability = 0, hits = 0, count = 0;
  };
  std::vector<Bin> bins(kBins);
  for (const auto& [probability, hit] : predictions) {
    const double clamped = std::clamp(probability, 0.0, 1.0);
    Bin& bin = bins[std::min(kBins - 1, static_cast<std::size_t>(clamped * static_cast<double>(kBins)))];
    bin.probability += clamped;
    bin.hits += hit ? 1 : 0;
    bin.count += 1;
  }
  double error = 0;
  for (const Bin& bin : bins) error += std::fabs(bin.probability - bin.hits);
  return predictions.empty() ? 0 : error / static_cast<double>(predictions.size());
}

double gini(std::vector<double> loads) {
  std::sort(loads.begin(), loads.end());
  double weighted = 0, total = 0;
  for (std::size_t i = 0; i < loads.size(); ++i) {
    weighted += static_cast<double>(i + 1) * loads[i];
    total += loads[i];
  }
  const auto count = static_cast<double>(loads.size());
  return total <= 0 ? 0 : (2 * weighted / (count * total)) - (count + 1) / count;
}

const AccuracyTask& find_accuracy_task(std::string_view name) {
  std::vector<std::string> names;
  for (const auto* task : accuracy_tasks()) {
    if (task->name == name) return *task;
    names.emplace_back(task->name);
  }
  const std::string nearest = near_miss(name, names);
  throw Error(
      ErrorKind::usage, fmt::format("there is no task called {}", one_line(name)),
      nearest.empty() ? fmt::format("they are {}", fmt::join(names, ", ")) : fmt::format("did you mean {}?", nearest));
}

Result accuracy_result(const Context& context, const AccuracyReport& report) {
  Result result = context.result("accuracy_" + report.task, "How right: " + report.task,
                                 std::string(find_accuracy_task(report.task).question));
  result.columns = {{"metric", "Figure", ColumnType::text},
                    {"value", "Ours", ColumnType::number},
                    {"low", "From", ColumnType::number, "", "95 % interval"},
                    {"high", "To", ColumnType::number},
                    {"baseline", "Simple way", ColumnType::number},
                    {"n", "Over", ColumnType::integer, "cases"}};
  const auto rounded = [](double value) { return std::round(value * 10000) / 10000; };
  const AccuracyFigure* lead = nullptr;
  for (const auto& each : report.figures) {
    result.rows.push_back({each.metric, rounded(each.value), rounded(each.low), rounded(each.high),
                           each.baseline ? Cell(rounded(*each.baseline)) : Cell(), each.n});
    if (each.metric == "mrr" || (!lead && each.n > 0)) lead = &each;
  }
  const auto count = static_cast<long long>(report.cases.size());
  if (!lead || count == 0) {
    result.claim = "The history holds no case to learn from.";
  } else {
    result.claim =
        fmt::format("Over {} of this project's past: {} {:.3f} (95 % interval {:.3f} to {:.3f}){}.",
                    plural(count, "case"), lead->metric, lead->value, lead->low, lead->high,
                    lead->baseline ? fmt::format(", against {:.3f} of the simple way", *lead->baseline) : "");
  }
  result.sample_size = static_cast<std::int64_t>(count);
  result.uncertainty = "95 % intervals: percentile bootstrap over cases, 2,000 resamples, fixed seed";
  result.definition = report.definition;
  result.method = "replayed in order of time; at each moment only what was known then (src/analyses/accuracy.hpp)";
  result.notes = report.notes;
  return result;
}

}  // namespace resident
