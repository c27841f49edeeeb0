#include <algorithm>
#include <base/error.hpp>
#include <base/parallel.hpp>
#include <base/text.hpp>
#include <cmath>
#include <model/benchmarks/changes.hpp>
#include <span>
#include <stats/edivisive.hpp>
#include <stats/false_discovery.hpp>
#include <stats/potts.hpp>
#include <stats/steps.hpp>
#include <stats/weighted_t.hpp>

namespace resident {

namespace {

constexpr std::size_t kNear = 3;  // values apart, and methods still mean the same change

struct OfSeries {
  std::vector<BenchmarkChange> changes;
  std::size_t jumps = 0;
  double drift = 0;
};

struct Moments {
  double mean = 0, variance = 0, count = 0;
};

Moments moments_of(std::span<const double> values) {
  Moments moments;
  moments.count = static_cast<double>(values.size());
  for (const double value : values) moments.mean += value / moments.count;
  for (const double value : values) moments.variance += (value - moments.mean) * (value - moments.mean);
  moments.variance /= std::max(1.0, moments.count - 1);
  return moments;
}

// Means of the neighbouring stretches, and the change between them with the interval of Welch's t.
std::vector<BenchmarkChange> described(std::span<const double> values, const std::vector<stats::ChangePoint>& points) {
  std::vector<BenchmarkChange> changes;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::size_t begin = i == 0 ? 0 : points[i - 1].index,
                      end = i + 1 < points.size() ? points[i + 1].index : values.size(), at = points[i].index;
    const Moments before = moments_of(values.subspan(begin, at - begin)),
                  after = moments_of(values.subspan(at, end - at));
    const double a = before.variance / before.count, b = after.variance / after.count, error = std::sqrt(a + b);
    const double freedom =
        a + b > 0
            ? std::max(1.0, (a + b) * (a + b) /
                                (a * a / std::max(1.0, before.count - 1) + b * b / std::max(1.0, after.count - 1)))
            : 1;
    const double reach = error > 0 ? stats::student_t_quantile(0.95, freedom) * error : 0;
    const double unit = before.mean == 0 ? 1 : std::abs(before.mean), difference = after.mean - before.mean;
    BenchmarkChange change;
    change.index = at, change.before = before.mean, change.after = after.mean;
    change.change = difference / unit, change.low = (difference - reach) / unit,
    change.high = (difference + reach) / unit;
    change.p = points[i].p;
    changes.push_back(change);
  }
  return changes;
}

bool has_near(const std::vector<stats::ChangePoint>& points, std::size_t index) {
  return std::any_of(points.begin(), points.end(), [&](const stats::ChangePoint& point) {
    return (point.index > index ? point.index - index : index - point.index) <= kNear;
  });
}

OfSeries vote(std::span<const double> values, const ChangeOptions& options) {
  OfSeries result;
  stats::StepsOptions own;
  own.p = options.p / 10;  // corrected for the many places of a series, where the others are not
  own.least_change = std::max(own.least_change, options.least_change);
  const stats::Steps steps = stats::find_steps(values, own);
  result.jumps = steps.jumps;
  result.drift = steps.drift;
  if (steps.steps.empty()) return result;
  stats::WeightedTOptions t;
  t.t = 5;
  // Asked only where a step is not sure by itself, the quicker one first.
  std::optional<std::vector<stats::ChangePoint>> weighted, divisive;
  const auto another_sees = [&](std::size_t index) {
    if (!weighted) weighted = stats::weighted_t(values, t);
    if (has_near(*weighted, index)) return true;
    if (!divisive) divisive = stats::edivisive_windows(values, {options.window, options.p, 0});
    return has_near(*divisive, index);
  };
  for (const auto& step : steps.steps) {
    // So sure that a spike beside it, which the others stumble over, need not be asked.
    const bool is_sure = step.p < 1e-9;
    if (!is_sure && !another_sees(step.index)) continue;
    result.changes.push_back({0, step.index, step.before, step.after, step.change, step.low, step.high, step.p});
  }
  return result;
}

OfSeries changes_of(std::span<const double> values, const ChangeOptions& options) {
  OfSeries result;
  if (values.size() < 4) return result;
  switch (options.method) {
    case ChangeMethod::vote:
      return vote(values, options);
    case ChangeMethod::edivisive:
      result.changes =
          described(values, stats::edivisive_windows(values, {options.window, options.p, options.least_change}));
      break;
    case ChangeMethod::ttest:
      result.changes = described(values, stats::weighted_t(values));
      break;
    case ChangeMethod::l1: {
      std::vector<stats::ChangePoint> points;
      const auto starts = stats::l1_potts(values);
      for (std::size_t i = 0; i < starts.size(); ++i) {
        const std::size_t begin = i == 0 ? 0 : starts[i - 1],
                          end = i + 1 < starts.size() ? starts[i + 1] : values.size();
        const Moments a = moments_of(values.subspan(begin, starts[i] - begin)),
                      b = moments_of(values.subspan(starts[i], end - starts[i]));
        points.push_back({starts[i], stats::student_t_p(a.mean, a.variance, a.count, b.mean, b.variance, b.count)});
      }
      result.changes = described(values, points);
      break;
    }
  }
  return result;
}

}  // namespace

ChangeMethod change_method_of(const std::string& name) {
  if (name == "vote") return ChangeMethod::vote;
  if (name == "edivisive") return ChangeMethod::edivisive;
  if (name == "l1") return ChangeMethod::l1;
  if (name == "ttest") return ChangeMethod::ttest;
  throw Error(ErrorKind::usage, "there is no method called " + one_line(name),
              "they are vote, edivisive, l1 and ttest");
}

ChangesFound find_changes(const std::vector<BenchmarkSeries>& series, const ChangeOptions& options, unsigned workers) {
  std::vector<OfSeries> found(series.size());
  parallel_for(series.size(), workers == 0 ? processor_count() : workers,
               [&](unsigned, std::size_t i) { found[i] = changes_of(series[i].values, options); });
  std::vector<double> p;
  for (const auto& one : found)
    for (const auto& change : one.changes) p.push_back(change.p);
  // Series in which nothing was found were tested too.
  const double bound =
      options.method == ChangeMethod::vote
          ? stats::false_discovery_bound(p, options.false_discoveries, std::max(p.size(), series.size()))
          : 1;
  ChangesFound result;
  for (std::size_t i = 0; i < found.size(); ++i) {
    result.jumps += found[i].jumps;
    if (found[i].drift != 0) result.drifts.emplace_back(i, found[i].drift);
    for (auto& change : found[i].changes) {
      if (change.p > bound) continue;
      change.series = i;
      result.changes.push_back(change);
    }
  }
  return result;
}

}  // namespace resident
