// Do two series move together, step by step? One is shifted against the other by every number of steps, in a ring, and
// the correlation as it is takes its rank among those: what each series does by itself (autocorrelation, tails) stays.
// H. W. Lotwick and B. W. Silverman, JRSS B 44 (1982), whose shifts on a torus this is in one dimension. Both are freed
// of a straight line first. No randomness.
#pragma once

#include <cstddef>
#include <vector>

namespace resident::stats {

inline constexpr std::size_t kFewestShifts = 20;

struct ShiftAnswer {
  bool is_answered = false;  // false: fewer than 21 steps, or one of them does not vary
  double correlation = 0;
  double p = 1;  // of how many shifts, none among them, it is at least as far from 0
};

// Of the same length.
ShiftAnswer shift_test(std::vector<double> first, std::vector<double> second);

}  // namespace resident::stats
