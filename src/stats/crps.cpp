#include <algorithm>
#include <cmath>
#include <stats/crps.hpp>

namespace resident::stats {

double crps_normal(double mean, double deviation, double observed) {
  constexpr double kPi = 3.14159265358979323846;
  if (!(deviation > 0)) return std::fabs(observed - mean);
  const double z = (observed - mean) / deviation;
  const double density = std::exp(-z * z / 2) / std::sqrt(2 * kPi), below = std::erfc(-z / std::sqrt(2.0)) / 2;
  return deviation * (z * (2 * below - 1) + 2 * density - 1 / std::sqrt(kPi));
}

double crps_sample(std::vector<double>& sample, double observed) {
  std::sort(sample.begin(), sample.end());
  const double n = static_cast<double>(sample.size());
  double away = 0, apart = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    away += std::fabs(sample[i] - observed);
    apart += sample[i] * (2 * static_cast<double>(i) + 1 - n);
  }
  return n > 0 ? away / n - apart / (n * n) : 0;
}

}  // namespace resident::stats
