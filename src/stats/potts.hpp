// A series as steps by least absolute deviations: the L1 Potts functional γ · (number of steps) + Σ|y − median|, with γ
// chosen by an information criterion that lets the noise be autocorrelated: what airspeed velocity (asv) does, exactly
// where asv approximates. F. Friedrich, A. Kempe, V. Liebscher, G. Winkler, "Complexity Penalized M-Estimation: Fast
// Computation", Journal of Computational and Graphical Statistics 17 (2008); asv.step_detect.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace resident::stats {

// Where each step but the first begins, in order. Segments have at least least_segment values. A segment is at most
// kLongestPotts values while searching and then joined to its neighbours where that lowers the functional, so that long
// series cost O(n · kLongestPotts · log).
inline constexpr std::size_t kLongestPotts = 150;
std::vector<std::size_t> l1_potts(std::span<const double> values, std::size_t least_segment = 2);

}  // namespace resident::stats
