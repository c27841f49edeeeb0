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

}  // namespace

Noise noise_of(std::span<const double> values) {
  Noise noise;
  noise.count = values.size();
  if (values.size() < 8) return noise;
  std::vector<double> batch(values.begin(), values.end());
  noise.deviation = difference_deviation(batch);
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
  return noise;
}

}  // namespace resident::stats
