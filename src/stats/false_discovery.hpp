// Of many tests at once, those that stand when at most a share q of what stands may be false. Y. Benjamini and
// Y. Hochberg, "Controlling the False Discovery Rate", JRSS B 57 (1995).
#pragma once

#include <span>
#include <vector>

namespace resident::stats {

// The bound below which (and at which) a p stands; 0 where none does. tests: how many were made, where those with a
// large p are not listed; at least the number of p.
double false_discovery_bound(std::span<const double> p, double q, std::size_t tests = 0);
// p as they would be compared with q, in the same order.
std::vector<double> false_discovery_adjusted(std::span<const double> p);

}  // namespace resident::stats
