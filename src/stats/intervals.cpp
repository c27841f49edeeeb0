#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <stats/intervals.hpp>

namespace resident::stats {

double normal_quantile(double confidence) {
  return boost::math::quantile(boost::math::normal(), 0.5 + confidence / 2);
}

std::optional<Interval> wilson_interval(std::int64_t happened, std::int64_t n, double confidence) {
  if (n <= 0) return std::nullopt;
  const double z = normal_quantile(confidence), count = static_cast<double>(n);
  const double share = static_cast<double>(happened) / count;
  const double divisor = 1 + z * z / count;
  const double center = (share + z * z / (2 * count)) / divisor;
  const double half = z / divisor * std::sqrt(share * (1 - share) / count + z * z / (4 * count * count));
  // At the ends the formula gives 0 and 1 but for rounding.
  return Interval{happened == 0 ? 0.0 : std::max(0.0, center - half),
                  happened == n ? 1.0 : std::min(1.0, center + half)};
}

double binomial_upper_bound(std::int64_t happened, std::int64_t n, double confidence) {
  if (happened >= n) return 1;
  return boost::math::ibeta_inv(static_cast<double>(happened) + 1, static_cast<double>(n - happened), confidence);
}

std::optional<Interval> median_interval(std::vector<double>& values, double confidence) {
  const std::size_t n = values.size();
  if (n == 0) return std::nullopt;
  // How many of n values lie below the median is Binomial(n, 1/2). The largest r with
  // P(B < r) <= alpha / 2 gives the r-th smallest and the r-th largest value.
  const boost::math::binomial below(static_cast<double>(n), 0.5);
  const double tail = (1 - confidence) / 2;
  std::size_t rank = static_cast<std::size_t>(std::max(
      0.0,
      std::floor(static_cast<double>(n) / 2 - normal_quantile(confidence) * std::sqrt(static_cast<double>(n)) / 2)));
  const auto fits = [&](std::size_t r) { return r > 0 && boost::math::cdf(below, static_cast<double>(r - 1)) <= tail; };
  while (rank > 0 && !fits(rank)) --rank;
  while (rank < n / 2 && fits(rank + 1)) ++rank;
  if (rank == 0) return std::nullopt;
  const auto nth = [&](std::size_t index) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(index), values.end());
    return values[index];
  };
  const double low = nth(rank - 1), high = nth(n - rank);
  return Interval{low, high};
}

std::optional<Interval> rate_ratio_interval(std::int64_t first, std::int64_t second, double dispersion,
                                            double confidence) {
  if (first <= 0 || second <= 0) return std::nullopt;
  const double a = static_cast<double>(first), b = static_cast<double>(second);
  const double half = normal_quantile(confidence) * std::sqrt(dispersion * (1 / a + 1 / b));
  return Interval{a / b * std::exp(-half), a / b * std::exp(half)};
}

}  // namespace resident::stats
