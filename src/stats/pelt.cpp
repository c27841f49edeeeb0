#include <algorithm>
#include <cmath>
#include <limits>
#include <stats/pelt.hpp>

namespace resident::stats {

std::vector<std::size_t> pelt(std::span<const double> values, const PeltOptions& options) {
  const std::size_t count = values.size(), least = std::max<std::size_t>(1, options.least_segment);
  if (count < 2 * least) return {};
  std::vector<double> sums(count + 1, 0), squares(count + 1, 0);
  double centre = 0;
  for (const double value : values) centre += value / static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double off = values[i] - centre;
    sums[i + 1] = sums[i] + off;
    squares[i + 1] = squares[i] + off * off;
  }
  const auto cost = [&](std::size_t begin, std::size_t end) {
    const double length = static_cast<double>(end - begin), sum = sums[end] - sums[begin];
    return squares[end] - squares[begin] - sum * sum / length + (options.is_modified_bic ? std::log(length) : 0);
  };
  std::vector<double> best(count + 1, std::numeric_limits<double>::infinity());
  std::vector<std::size_t> from(count + 1, 0), alive{0};
  best[0] = -options.penalty;
  std::vector<double> costs;
  for (std::size_t end = least; end <= count; ++end) {
    if (end >= 2 * least) alive.push_back(end - least);
    costs.clear();
    for (const std::size_t begin : alive) {
      const double without = best[begin] + cost(begin, end);
      costs.push_back(without);
      if (without + options.penalty < best[end]) best[end] = without + options.penalty, from[end] = begin;
    }
    // What cannot win from here on: the cost of a stretch never grows by being cut. log of lengths may undo that by
    // this much.
    const double slack = options.is_modified_bic ? std::log(static_cast<double>(count)) : 0;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < alive.size(); ++i)
      if (costs[i] <= best[end] + slack) alive[kept++] = alive[i];
    alive.resize(kept);
  }
  std::vector<std::size_t> starts;
  for (std::size_t end = count; from[end] > 0; end = from[end]) starts.push_back(from[end]);
  std::reverse(starts.begin(), starts.end());
  return starts;
}

}  // namespace resident::stats
