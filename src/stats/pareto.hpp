// Which of several things are best where "best" has several sides that are not added up: one dominates another where it
// is at least as good on every side and better on one (V. Pareto; layers as in K. Deb et al., "A fast and elitist
// multiobjective genetic algorithm: NSGA-II", IEEE TEC 6, 2002, section III-A).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace resident::stats {

// More is better on every side. Points have equally many sides; no side may be NaN.
bool dominates(std::span<const double> one, std::span<const double> other);

// The layer of each point: 1 for those that no other dominates (the front), 2 for those that only points of layer 1
// dominate, and so on; equal points share one. O(layers · n² · sides) at worst.
std::vector<int> pareto_layers(const std::vector<std::vector<double>>& points);

}  // namespace resident::stats
