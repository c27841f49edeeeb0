// Proportional hazards: D. R. Cox, "Regression Models and Life-Tables", JRSS B 34
// (1972), by Newton's method on the partial likelihood; ties by B. Efron, JASA 72 (1977)
// or N. E. Breslow, JRSS B 34 (1972). Robust variance, by cluster where observations of
// one author belong together: D. Y. Lin and L. J. Wei, JASA 84 (1989).
//
// The same code fits the subdistribution hazard of J. P. Fine and R. J. Gray, JASA 94
// (1999): who had a competing event stays at risk, with the weight G(t-)/G(s-) of the
// censoring distribution, which is what R's finegray() hands to coxph().
//
// Equal to R's survival 3.5 to 1e-6 and better (tests/oracle/survival_figures.py).
#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace resident::stats {

struct HazardData {
  std::vector<double> time;    // of the event, or until when it is known not to have come
  std::vector<int> status;     // 0 censored, 1 the event, 2 and more: another event (fine_gray alone; cox: censored)
  Eigen::MatrixXd covariates;  // a row an observation; no constant
  std::vector<std::int64_t> cluster = {};  // of each; empty: each is its own
  std::vector<int> stratum = {};           // of each; empty: all in one. Not for fine_gray.
};

enum class Ties { efron, breslow };

struct HazardFit {
  std::int64_t n = 0, events = 0, clusters = 0;
  Eigen::VectorXd coefficients;     // logarithms of the hazard ratios
  Eigen::MatrixXd variance;         // inverse information
  Eigen::MatrixXd robust_variance;  // sandwich, summed by cluster; of Fine–Gray it does not count G's own error
  double null_log_likelihood = 0, log_likelihood = 0;
  double score_test = 0;  // at coefficients of 0
  int iterations = 0;
  bool has_converged = false;
  std::optional<double> concordance;  // F. E. Harrell; nothing for Fine–Gray, or where no pair can be compared

  // P. M. Grambsch and T. M. Therneau, Biometrika 81 (1994), as the score test of a
  // coefficient that goes with g(t) = 1 - S(t-), S being Kaplan–Meier's of all.
  struct Proportionality {
    std::vector<double> chi_squared;  // of each covariate, one degree of freedom
    double global = 0;                // all together
  };
  std::optional<Proportionality> proportionality;
};

// Throws Error{usage} for no event, for a covariate that is constant or a combination of others, and where a
// coefficient runs away (a covariate that tells the events apart wholly has no finite estimate).
HazardFit cox(const HazardData& data, Ties ties = Ties::efron);
HazardFit fine_gray(const HazardData& data, Ties ties = Ties::efron);

}  // namespace resident::stats
