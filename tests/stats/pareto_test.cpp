#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <stats/pareto.hpp>

namespace resident::stats {

namespace {

using Points = std::vector<std::vector<double>>;

// Small whole numbers, so that many are equal on a side.
Points arbitrary_points(std::size_t sides) {
  const auto whole = *rc::gen::container<std::vector<std::vector<int>>>(
      rc::gen::container<std::vector<int>>(sides, rc::gen::inRange(0, 8)));
  Points points;
  for (const auto& each : whole) points.emplace_back(each.begin(), each.end());
  return points;
}

bool is_dominated_by_layer(const Points& points, const std::vector<int>& layers, std::size_t point, int layer) {
  for (std::size_t other = 0; other < points.size(); ++other)
    if (layers[other] == layer && dominates(points[other], points[point])) return true;
  return false;
}

TEST(Pareto, IsAsOnPaper) {
  EXPECT_EQ(pareto_layers({{3, 1}, {1, 3}, {2, 2}, {1, 1}, {2, 1}, {0, 0}}), (std::vector<int>{1, 1, 1, 3, 2, 4}));
  EXPECT_EQ(pareto_layers({{1, 1}, {1, 1}}), (std::vector<int>{1, 1}));  // equal: neither is better
  EXPECT_TRUE(pareto_layers({}).empty());
  const std::vector<double> high{1, 2}, low{1, 1};
  EXPECT_TRUE(dominates(high, low));
  EXPECT_FALSE(dominates(low, high));
  EXPECT_FALSE(dominates(high, high));
}

RC_GTEST_PROP(Pareto, NoMemberOfTheFrontIsDominatedAndEveryOtherIs, ()) {
  const auto sides = *rc::gen::inRange<std::size_t>(1, 5);
  const Points points = arbitrary_points(sides);
  const std::vector<int> layers = pareto_layers(points);
  RC_ASSERT(layers.size() == points.size());
  for (std::size_t point = 0; point < points.size(); ++point) {
    RC_ASSERT(layers[point] >= 1);
    for (std::size_t other = 0; other < points.size(); ++other)
      if (dominates(points[other], points[point])) RC_ASSERT(layers[other] < layers[point]);
    // Each layer below is why it is not of that layer.
    for (int layer = 1; layer < layers[point]; ++layer) RC_ASSERT(is_dominated_by_layer(points, layers, point, layer));
  }
}

RC_GTEST_PROP(Pareto, OrderAndScaleOfASideDoNotMatter, ()) {
  Points points = arbitrary_points(3);
  const std::vector<int> layers = pareto_layers(points);
  Points turned(points.rbegin(), points.rend());
  for (auto& each : turned) each[1] = 100 * each[1] * each[1] * each[1] - 7;  // keeps the order of that side
  std::vector<int> again = pareto_layers(turned);
  std::reverse(again.begin(), again.end());
  RC_ASSERT(again == layers);
}

}  // namespace

}  // namespace resident::stats
