#include <algorithm>
#include <numeric>
#include <stats/false_discovery.hpp>

namespace resident::stats {

double false_discovery_bound(std::span<const double> p, double q, std::size_t tests) {
  std::vector<double> sorted(p.begin(), p.end());
  std::sort(sorted.begin(), sorted.end());
  const double count = static_cast<double>(std::max(tests, sorted.size()));
  for (std::size_t i = sorted.size(); i-- > 0;)
    if (sorted[i] <= q * static_cast<double>(i + 1) / count) return sorted[i];
  return 0;
}

std::vector<double> false_discovery_adjusted(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size(), 1);
  double least = 1;
  for (std::size_t i = order.size(); i-- > 0;) {
    least = std::min(least, p[order[i]] * static_cast<double>(p.size()) / static_cast<double>(i + 1));
    adjusted[order[i]] = least;
  }
  return adjusted;
}

}  // namespace resident::stats
