// Difference in differences with an event study: units that were touched from one moment on against units that were
// not, each against its own past and all against the common course (two-way fixed effects; one moment for all, so that
// the weights of A. Goodman-Bacon, Journal of Econometrics 225, 2021, do no harm). Errors are robust by unit (K.-Y.
// Liang and S. L. Zeger, Biometrika 73, 1986; as R's sandwich::vcovCL with HC1 over lm), intervals by t of units less
// one, and beside them a permutation of who was touched, which also holds for few units (D. B. Rubin; C. F. Manski's
// and others' randomisation inference as in T. G. Conley and C. R. Taber, Review of Economics and Statistics 93, 2011).
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace resident::stats {

struct EventStudyPeriod {
  int period = 0;  // 0: the first after the start; -1 is what the others are held against
  double effect = 0, deviation = 0, low = 0, high = 0;
};

struct EventStudyAnswer {
  bool is_answered = false;
  std::string missing;
  double effect = 0, deviation = 0, low = 0, high = 0, p = 1;  // 95 %
  double permutation_p = 1;
  double pre_trend_p = 1;  // all periods before together; 1 where there are too few units to test it
  bool is_pre_trend_tested = false;
  std::size_t touched = 0, untouched = 0;
  std::vector<EventStudyPeriod> periods;
};

// outcomes: a row a unit, a column a period, none missing. start: the first period after it. Fewer than three touched
// or untouched units, two periods before or one after: `missing`.
EventStudyAnswer event_study(const Eigen::MatrixXd& outcomes, const std::vector<bool>& is_touched, std::size_t start,
                             std::uint64_t seed = 1);

}  // namespace resident::stats
