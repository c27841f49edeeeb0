#include <algorithm>
#include <numeric>
#include <stats/pareto.hpp>

namespace resident::stats {

bool dominates(std::span<const double> one, std::span<const double> other) {
  bool is_better = false;
  for (std::size_t side = 0; side < one.size(); ++side) {
    if (one[side] < other[side]) return false;
    is_better = is_better || one[side] > other[side];
  }
  return is_better;
}

std::vector<int> pareto_layers(const std::vector<std::vector<double>>& points) {
  // From large to small: nothing is dominated by what comes later, so that each point needs a look at those before it.
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return points[a] > points[b]; });
  std::vector<int> layers(points.size(), 0);
  std::vector<std::vector<std::size_t>> members;  // by layer
  for (const std::size_t point : order) {
    std::size_t layer = 0;
    while (layer < members.size() && std::any_of(members[layer].begin(), members[layer].end(), [&](std::size_t other) {
             return dominates(points[other], points[point]);
           }))
      ++layer;
    if (layer == members.size()) members.emplace_back();
    members[layer].push_back(point);
    layers[point] = static_cast<int>(layer) + 1;
  }
  return layers;
}

}  // namespace resident::stats
