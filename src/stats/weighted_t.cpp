#include <algorithm>
#include <cmath>
#include <limits>
#include <stats/weighted_t.hpp>

namespace resident::stats {

namespace {

struct Side {
  double mean = 0, variance = 0, count = 0;
};

// value(i): the i-th from the place; weights fall linearly from 1.
template <class Value>
Side side_of(std::size_t count, const Value& value) {
  Side side;
  double weights = 0, squares = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double weight = static_cast<double>(count - i) / static_cast<double>(count);
    weights += weight;
    side.mean += weight * value(i);
  }
  side.mean /= weights;
  for (std::size_t i = 0; i < count; ++i) {
    const double off = value(i) - side.mean;
    squares += static_cast<double>(count - i) / static_cast<double>(count) * off * off;
  }
  side.count = static_cast<double>(count);
  side.variance = count > 1 ? squares / weights * side.count / (side.count - 1) : 0;
  return side;
}

}  // namespace

std::vector<ChangePoint> weighted_t(std::span<const double> values, const WeightedTOptions& options) {
  const std::size_t count = values.size();
  std::vector<double> t(count, 0), freedom(count, 1);
  for (std::size_t at = options.least_back; at < count; ++at) {
    const std::size_t back = std::min(options.back, at), fore = std::min(options.fore, count - at);
    if (fore < 2) continue;
    const Side before = side_of(back, [&](std::size_t i) { return values[at - 1 - i]; }),
               after = side_of(fore, [&](std::size_t i) { return values[at + i]; });
    const double error = std::sqrt(before.variance / before.count + after.variance / after.count);
    const double difference = std::abs(after.mean - before.mean);
    t[at] = difference == 0 ? 0 : error == 0 ? std::numeric_limits<double>::infinity() : difference / error;
    freedom[at] = before.count + after.count - 2;
  }
  std::vector<ChangePoint> points;
  for (std::size_t at = 0; at < count; ++at) {
    if (!(t[at] > options.t)) continue;
    const bool before_is_larger = at > 0 && t[at - 1] > t[at], after_is_larger = at + 1 < count && t[at + 1] > t[at];
    if (before_is_larger || after_is_larger) continue;
    // Of a plateau, and of what stands within the values that both looked at, the largest.
    if (!points.empty() && at - points.back().index < options.fore) {
      if (t[at] > t[points.back().index]) points.back().index = at;
      continue;
    }
    points.push_back({at, 0});
  }
  for (auto& point : points) point.p = student_t_two_sided(t[point.index], freedom[point.index]);
  return points;
}

}  // namespace resident::stats
