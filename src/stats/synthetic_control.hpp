// A unit compared with a mixture of others that went the same way before: A. Abadie, A. Diamond and J. Hainmueller,
// "Synthetic Control Methods for Comparative Case Studies", JASA 105 (2010). Weights are none below 0 and sum to one,
// so nothing is carried beyond what the others did. Each other is put in the unit's place in turn (placebos in space):
// how much further each moved after the start than before it gives the rank that p is. The weights are exact (an active
// set, as C. L. Lawson and R. J. Hanson, "Solving Least Squares Problems", 1974, chapter 23). No randomness.
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <string>
#include <vector>

namespace resident::stats {

// Weights of the columns of `donors` that come nearest to `target` in squares, each row counting by its importance
// (empty: all alike).
std::vector<double> simplex_weights(const Eigen::MatrixXd& donors, const Eigen::VectorXd& target,
                                    const Eigen::VectorXd& importance = {});

struct SyntheticAnswer {
  bool is_answered = false;
  std::string missing;
  std::vector<double> weights;    // of each other unit
  std::vector<double> synthetic;  // of each step
  double effect = 0;              // mean of the unit less the synthetic since the start
  double before = 0, after = 0;   // root mean square of that, before and since
  double p = 1;                   // of how many units, itself among them, after / before is at least as large
  std::size_t placebos = 0;
  std::vector<double> placebo_effects;
  std::vector<double> without_donor;  // the effect with each used one left out; those not used: the effect
};

// outcomes: a row a step, a column a unit, the first the one asked about; alike in scale. Fewer than four others, fewer
// than 8 steps before, or none after: `missing`.
SyntheticAnswer synthetic_control(const Eigen::MatrixXd& outcomes, std::size_t start);

}  // namespace resident::stats
