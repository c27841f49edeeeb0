// Do groups differ in how long it takes? The log-rank test (N. Mantel, Cancer
// Chemotherapy Reports 50, 1966) and its G-rho family (D. P. Harrington and T. R. Fleming,
// Biometrika 69, 1982; rho 0 log-rank, 1 Peto and Peto's Wilcoxon), as R's survdiff.
#pragma once

#include <cstdint>
#include <stats/survival.hpp>
#include <vector>

namespace resident::stats {

struct GroupTest {
  double chi_squared = 0;
  int degrees_of_freedom = 0;
  double p = 1;
  std::vector<double> observed, expected;  // by group
};

// The probability of so much or more, chi-squared with that many degrees of freedom; 1 for none.
double chi_squared_tail(double value, int degrees_of_freedom);

// group: from 0. Groups without observations do not count; fewer than two: no degrees of freedom, p 1.
GroupTest log_rank(const std::vector<Observation>& observations, const std::vector<int>& group, double rho = 0);

}  // namespace resident::stats
