#include <algorithm>
#include <cmath>
#include <stats/noise.hpp>
#include <vector>

namespace resident::stats {

namespace {

constexpr double kNormal = 1.4826;  // a normal distribution's deviation in medians of absolute deviations

double middle(std::vector<double>& values) {
  const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), half, values.end());
  return *half;
}

// Robust deviation of differences of neighbours about 0, as of one of the two.
double difference_deviation(const std::vector<double>& values) {
  std::vector<double> differences;
  differences.reserve(values.size());
  for (std::size_t i = 1; i < values.size(); ++i) differences.push_back(std::abs(values[i] - values[i - 1]));
  if (differences.empty()) return 0;
  return kNormal * middle(differences) / std::sqrt(2.0);
}

// Two levels: the split of the sorted values that leaves least within, if the gap is wide and both are met again and
// again.
double gap_of_modes(std::span<const double> values, double deviation) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t count = sorted.size(), least = std::max<std::size_t>(4, count / 5);
  std::vector<double> sums(count + 1, 0);
  for (std::size_t i = 0; i < count; ++i) sums[i + 1] = sums[i] + sorted[i];
  std::size_t best = 0;
  double most = -1;
  for (std::size_t i = least; i + least <= count; ++i) {
    const double low = static_cast<double>(i), high = static_cast<double>(count - i);
    const double apart = sums[i] / low - (sums[count] - sums[i]) / high, between = apart * apart * low * high;
    if (between > most) most = between, best = i;
  }
  if (best == 0) return 0;
  std::vector<double> lower(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(best)),
      upper(sorted.begin() + static_cast<std::ptrdiff_t>(best), sorted.end());
  const double a = middle(lower), b = middle(upper), gap = b - a;
  std::vector<double> off;
  for (const double value : lower) off.push_back(std::abs(value - a));
  for (const double value : upper) off.push_back(std::abs(value - b));
  const double within = kNormal * middle(off);
  (void)deviation;
  if (gap < 6 * within) return 0;
  std::size_t crossings = 0;
  const double border = (a + b) / 2;
  for (std::size_t i = 1; i < values.size(); ++i) crossings += (values[i] > border) != (values[i - 1] > border);
  return crossings >= 6 ? gap : 0;
}

}  // namespace

Noise noise_of(std::span<const double> values) {
  Noise noise;
  noise.count = values.size();
  if (values.size() < 8) return noise;
  std::vector<double> batch(values.begin(), values.end());
  noise.deviation = difference_deviation(batch);
  noise.mode_gap = gap_of_modes(values, noise.deviation);
  noise.long_run = noise.deviation;
  for (std::size_t size = 2; values.size() / size >= 10; size *= 2) {
    batch.clear();
    for (std::size_t begin = 0; begin + size <= values.size(); begin += size) {
      double sum = 0;
      for (std::size_t i = begin; i < begin + size; ++i) sum += values[i];
      batch.push_back(sum / static_cast<double>(size));
    }
    const double spread = difference_deviation(batch) * std::sqrt(static_cast<double>(size));
    // The estimate itself wavers by about 1.2/√differences.
    const double sure = spread * std::max(0.0, 1 - 1.0 / std::sqrt(static_cast<double>(batch.size() - 1)));
    noise.long_run = std::max(noise.long_run, sure);
  }
  // Values that are often equal have a median difference of 0 though they waver.
  if (noise.long_run == 0) {
    double squares = 0;
    for (std::size_t i = 1; i < values.size(); ++i)
      squares += (values[i] - values[i - 1]) * (values[i] - values[i - 1]);
    noise.deviation = noise.long_run = std::sqrt(squares / 2 / static_cast<double>(values.size() - 1));
  }
  const double ratio = noise.long_run > 0 ? noise.deviation * noise.deviation / (noise.long_run * noise.long_run) : 1;
  noise.autocorrelation = (1 - ratio) / (1 + ratio);  // of an AR(1) with that long-run variance
  return noise;
}

double smallest_step(const Noise& noise, std::size_t before, std::size_t after) {
  if (before == 0 || after == 0) return 0;
  return 5 * noise.long_run * std::sqrt(1 / static_cast<double>(before) + 1 / static_cast<double>(after));
}

}  // namespace resident::stats
