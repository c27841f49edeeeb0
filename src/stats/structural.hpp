// Structural time series: a level that wanders, a slope, a season, and series that move along, each with a variance of
// its own (A. C. Harvey, "Forecasting, Structural Time Series Models and the Kalman Filter", 1989). Of greatest
// likelihood, with an exact diffuse start of all states (stats/kalman.hpp), regression coefficients among them. The
// likelihood is the diffuse one, without 2π for the observations that the start takes; R's StructTS fits the same
// models, with a large number for the start.
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <vector>

namespace resident::stats {

struct StructuralForm {
  bool has_slope = false;
  std::size_t season = 0;  // period in steps; 0: none. As dummies that sum to a disturbance.
};

struct StructuralVariances {
  double irregular = 1, level = 0, slope = 0, season = 0;
};

struct StructuralFit {
  StructuralForm form;
  StructuralVariances variances;
  double log_likelihood = 0;
  double level = 0, slope = 0;                   // foreseen for the step after the last
  std::vector<double> coefficients, deviations;  // of the columns moving along
};

// Steps that are not finite were not observed. along: a row a step; no columns: none.
double structural_log_likelihood(const std::vector<double>& series, const Eigen::MatrixXd& along,
                                 const StructuralForm& form, const StructuralVariances& variances);
// Throws Error for a series with fewer observations than states and three, and for a constant one.
StructuralFit structural_fit(const std::vector<double>& series, const Eigen::MatrixXd& along,
                             const StructuralForm& form);

}  // namespace resident::stats
