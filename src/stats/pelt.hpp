// Steps of the mean by penalized least squares, exactly and in about linear time: PELT. R. Killick, P. Fearnhead,
// I. A. Eckley, "Optimal Detection of Changepoints With a Linear Computational Cost", JASA 107 (2012).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace resident::stats {

struct PeltOptions {
  double penalty = 0;  // what a change must lower the sum of squares by; for noise of variance v, 3 v log n and more
  std::size_t least_segment = 2;
};
// Where each segment but the first begins, in order.
std::vector<std::size_t> pelt(std::span<const double> values, const PeltOptions& options);

}  // namespace resident::stats
