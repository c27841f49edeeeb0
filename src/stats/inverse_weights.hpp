// How much more often something happened to those who were given something than to those who were not, when both are
// weighted to be alike in what is known of them: inverse probability weights from a logistic regression (J. M. Robins,
// M. A. Hernán and B. Brumback, Epidemiology 11, 2000), weights cut at their 1st and 99th hundredth (S. R. Cole and
// M. A. Hernán, American Journal of Epidemiology 168, 2008), the interval of the ratio's logarithm with the weights
// taken as known, which is too wide rather than too narrow (J. K. Lunceford and M. Davidian, Statistics in Medicine 23,
// 2004). Nothing unmeasured is taken out. No randomness.
#pragma once

#include <Eigen/Dense>
#include <string>
#include <vector>

namespace resident::stats {

// Coefficients of greatest likelihood, the intercept first (Newton's method, as R's glm). Empty where there are none:
// columns that follow from others, or that tell the two apart wholly.
std::vector<double> logistic_fit(const Eigen::MatrixXd& covariates, const std::vector<bool>& happened);

struct WeightedRatio {
  bool is_answered = false;
  std::string missing;
  double given = 0, others = 0;                 // shares to whom it happened, weighted
  double ratio = 1, low = 1, high = 1;          // 95 %
  std::vector<double> balance_before, balance;  // of each covariate: difference of means in deviations, then weighted
  double effective_given = 0, effective_others = 0;  // as so many unweighted ones
};

// A row each. Fewer than 20 on a side, or nobody to whom it happened on one: `missing`.
WeightedRatio weighted_ratio(const Eigen::MatrixXd& covariates, const std::vector<bool>& given,
                             const std::vector<bool>& happened);

}  // namespace resident::stats
