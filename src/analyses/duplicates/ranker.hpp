// Which candidate is the same report: weights of the signals, and how they are
// learnt. A conditional logit (McFadden 1974): of each list of candidates one is right,
// and its chance is the softmax of the weighted sums. The built-in weights are where the
// learning begins, and stay where a project has few known duplicates; they were learnt
// from which issue a pull request says it fixes, in other projects (docs/accuracy.md).
#pragma once

#include <analyses/text/item_index.hpp>
#include <vector>

namespace resident::duplicates {

using Weights = std::array<double, text::kSignals>;

// Learnt on links of pull requests to issues of secp256k1, cfrg-vdaf and mls-protocol. Neither how far apart in time
// two reports are nor whose they are can be learnt from such links; a project's own duplicates teach that.
inline constexpr Weights kBuiltInWeights{3.1, 3.3, 1.3, 1.0, 0.0, 0.8, 0.0, 0.0};

double weigh(const text::Signals& signals, const Weights& weights);

struct Choice {
  std::vector<text::Signals> candidates;
  std::vector<bool> right;  // of candidates; at least one
};

// The weights that make the choices likeliest, pulled to `prior` (a Gaussian, of standard deviation kPriorSpread in
// each weight). Newton's method on a convex function: the same choices always give the same weights.
Weights learn(const std::vector<Choice>& choices, const Weights& prior);

// Chance that a score means a duplicate: a logistic curve of it (Platt 1999).
struct Calibration {
  double slope = 1.0, offset = -8.0;
  double operator()(double score) const;
};
// From scores and whether it was so; pulled to the prior as if it were a few cases.
Calibration calibrate(const std::vector<std::pair<double, bool>>& known, const Calibration& prior);

}  // namespace resident::duplicates
