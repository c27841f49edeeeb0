#include <stats/random.hpp>

namespace resident::stats {

double Random::gamma(double shape) {
  if (shape < 1) return gamma(shape + 1) * std::pow(1 - uniform(), 1 / shape);
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal(), cube = 1 + c * x;
    if (cube <= 0) continue;
    const double v = cube * cube * cube;
    if (std::log(1 - uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

std::int64_t Random::poisson(double mean) {
  std::int64_t before = 0;
  // The time of the m-th arrival is Gamma(m); where it comes too late, the count before it is binomial.
  while (mean > 20) {
    const auto m = static_cast<std::int64_t>(mean * 7 / 8);
    const double at = gamma(static_cast<double>(m));
    if (at > mean) return before + binomial(m - 1, mean / at);
    before += m;
    mean -= at;
  }
  std::int64_t count = 0;
  for (double sum = exponential(); sum < mean; sum += exponential()) ++count;
  return before + count;
}

std::int64_t Random::binomial(std::int64_t n, double probability) {
  if (probability <= 0 || n <= 0) return 0;
  if (probability >= 1) return n;
  std::int64_t before = 0;
  // The median of the uniforms is Beta; what lies on one side of it is decided at once.
  while (n > 30) {
    const std::int64_t i = 1 + n / 2;
    const double x = gamma(static_cast<double>(i)), y = gamma(static_cast<double>(n + 1 - i)), median = x / (x + y);
    if (median >= probability) {
      n = i - 1;
      probability /= median;
    } else {
      before += i;
      n -= i;
      probability = (probability - median) / (1 - median);
    }
  }
  for (std::int64_t i = 0; i < n; ++i) before += chance(probability);
  return before;
}

std::int64_t Random::negative_binomial(double mean, double size) {
  if (mean <= 0) return 0;
  return poisson(size > 0 ? gamma(size) * mean / size : mean);
}

}  // namespace resident::stats
