#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <stats/comparison.hpp>
#include <stats/edivisive.hpp>

namespace resident::stats {

namespace {

struct Side {
  double mean = 0, variance = 0, count = 0;
};

Side side_of(std::span<const double> values) {
  Side side;
  side.count = static_cast<double>(values.size());
  for (const double value : values) side.mean += std::log(value) / side.count;
  for (const double value : values) side.variance += (std::log(value) - side.mean) * (std::log(value) - side.mean);
  side.variance = side.count > 1 ? side.variance / (side.count - 1) : 0;
  return side;
}

}  // namespace

std::optional<Comparison> compare_samples(std::span<const double> a, std::span<const double> b, double confidence) {
  const auto positive = [](double value) { return value > 0 && std::isfinite(value); };
  if (a.empty() || b.empty() || !std::all_of(a.begin(), a.end(), positive) ||
      !std::all_of(b.begin(), b.end(), positive))
    return std::nullopt;
  const Side first = side_of(a), second = side_of(b);
  Comparison result;
  const double difference = second.mean - first.mean;
  result.ratio = std::exp(difference);
  result.deviation_a = std::sqrt(first.variance), result.deviation_b = std::sqrt(second.variance);
  if (a.size() < 2 || b.size() < 2) return result;
  const double va = first.variance / first.count, vb = second.variance / second.count;
  result.log_error = std::sqrt(va + vb);
  if (result.log_error == 0) {
    result.interval = Interval{result.ratio, result.ratio};
    result.p = difference == 0 ? 1 : 0;
    return result;
  }
  const double freedom = (va + vb) * (va + vb) / (va * va / (first.count - 1) + vb * vb / (second.count - 1));
  result.freedom = freedom;
  const double reach = student_t_quantile(confidence, freedom) * result.log_error;
  result.interval = Interval{std::exp(difference - reach), std::exp(difference + reach)};
  result.p = student_t_two_sided(difference / result.log_error, freedom);
  return result;
}

std::optional<Comparison> compare_with_nought(std::span<const double> a, std::span<const double> b) {
  const auto is_nought = [](double value) { return value == 0; };
  const auto may_be = [](double value) { return value >= 0 && std::isfinite(value); };
  const bool first = std::ranges::all_of(a, is_nought), second = std::ranges::all_of(b, is_nought);
  if (a.empty() || b.empty() || (!first && !second) || !std::ranges::all_of(a, may_be) ||
      !std::ranges::all_of(b, may_be))
    return std::nullopt;
  Comparison result;
  result.with_nought = true;
  result.ratio = first && second ? 1 : first ? std::numeric_limits<double>::infinity() : 0;
  if (a.size() < 2 || b.size() < 2) return result;
  result.interval = Interval{result.ratio, result.ratio};
  if (first && second) return result;
  const std::span<const double> other = first ? b : a;
  const double count = static_cast<double>(other.size());
  const double mean = std::accumulate(other.begin(), other.end(), 0.0) / count;
  double variance = 0;
  for (const double value : other) variance += (value - mean) * (value - mean) / (count - 1);
  result.p = variance == 0 ? 0 : student_t_two_sided(mean / std::sqrt(variance / count), count - 1);
  return result;
}

std::vector<double> holm_adjusted(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) { return p[x] < p[y]; });
  std::vector<double> adjusted(p.size(), 1);
  double most = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    most = std::max(most, std::min(1.0, p[order[i]] * static_cast<double>(p.size() - i)));
    adjusted[order[i]] = most;
  }
  return adjusted;
}

std::optional<MeanRatio> mean_ratio(std::span<const Comparison> comparisons, double confidence,
                                    std::span<const std::size_t> runs) {
  if (comparisons.empty()) return std::nullopt;
  const double count = static_cast<double>(comparisons.size());
  struct Run {
    double error = 0, freedom = 0;
  };
  std::map<std::size_t, Run> errors;
  double sum = 0;
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    const Comparison& one = comparisons[i];
    sum += std::log(one.ratio) / count;
    if (one.log_error == 0) continue;
    Run& run = errors[runs.empty() ? i : runs[i]];
    run.error += one.log_error / count;
    run.freedom = run.freedom == 0 ? one.freedom : std::min(run.freedom, one.freedom);
  }
  double variance = 0, by_freedom = 0;
  for (const auto& [number, run] : errors) {
    const double own = run.error * run.error;
    variance += own, by_freedom += own * own / run.freedom;
  }
  if (variance == 0) return MeanRatio{std::exp(sum), {std::exp(sum), std::exp(sum)}};
  const double reach = student_t_quantile(confidence, variance * variance / by_freedom) * std::sqrt(variance);
  return MeanRatio{std::exp(sum), {std::exp(sum - reach), std::exp(sum + reach)}};
}

std::size_t values_needed(const Comparison& comparison, double size, double confidence) {
  const double step = std::log1p(size), power = 0.8416;  // normal quantile of 0.8
  if (step <= 0) return 0;
  const double z = normal_quantile(confidence) + power;
  const double variance =
      comparison.deviation_a * comparison.deviation_a + comparison.deviation_b * comparison.deviation_b;
  return static_cast<std::size_t>(std::min(1e6, std::ceil(std::max(2.0, z * z * variance / (step * step)))));
}

}  // namespace resident::stats
