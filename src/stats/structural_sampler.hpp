// What a series would have been: a Bayesian structural time series (K. H. Brodersen, F. Gallusser, J. Koehler, N. Remy
// and S. L. Scott, "Inferring Causal Impact Using Bayesian Structural Time-Series Models", Annals of Applied Statistics
// 9, 2015), as R's CausalImpact over bsts: a level that wanders, a season, and controls by regression with spike and
// slab (E. I. George and R. E. McCulloch, Statistica Sinica 7, 1997). Gibbs sampling from a seed: the same question,
// the same draws. Its interval takes the model for true; stats/placebo.hpp is what says whether it may be believed.
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace resident::stats {

struct StructuralPriors {  // of standard deviations, in those of the series before the start; as CausalImpact's
  double level = 0.01, level_weight = 32;
  double season = 0.01, season_weight = 0.01;
  double expected_controls = 3, expected_r2 = 0.8, residual_weight = 50;
};

struct StructuralQuestion {
  std::vector<double> series;
  Eigen::MatrixXd controls;  // a row a step; they may be left out by the spike
  std::size_t always = 0;    // so many of the first columns are never left out (a season's waves)
  std::size_t start = 0;     // what is from here on is foreseen from what was before
  std::size_t season = 0;    // dummies; at most 13 steps
  StructuralPriors priors;
  std::size_t block = 1;        // what is foreseen are means of so many steps; the last block may be shorter
  std::optional<double> least;  // what is drawn below it is taken for it
  std::size_t draws = 1000, burn_in = 200;
  std::uint64_t seed = 1;
};

struct StructuralAnswer {
  std::vector<double> mean, low, high;  // 95 %, of each block since the start
  std::vector<double> averages;         // of the steps since the start together: a draw each
  std::vector<double> inclusion;        // of each control: in how many draws it is used
};

// At least 8 steps before the start, one after it, a season of at most 13; else Error.
StructuralAnswer structural_counterfactual(const StructuralQuestion& question);

}  // namespace resident::stats
