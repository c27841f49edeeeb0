// Perfherder's test for a change: at each place Student's t between the values before and after, those that are nearer
// counting more; a change is where |t| is largest among its neighbours and beyond a bound. Mozilla, treeherder,
// perfalert (W. Lachance 2015).
#pragma once

#include <span>
#include <stats/edivisive.hpp>

namespace resident::stats {

struct WeightedTOptions {
  std::size_t back = 24, fore = 12;  // values looked at on each side, at most
  std::size_t least_back = 12;       // fewer are no ground to judge on
  double t = 7;
};
// p: of Student's t at the change, not corrected for the many places that were looked at.
std::vector<ChangePoint> weighted_t(std::span<const double> values, const WeightedTOptions& options = {});

}  // namespace resident::stats
