// Which candidate is the same report: weights of the signals, and how they are
// learnt. A conditional logit (McFadden 1974): of each list of candidates one is right,
// and its chance is the softmax of the weighted sums. The built-in weights are where the
// learning begins, and stay where a project has few known duplicates; they were learnt
// from which issue a pull request says it fixes, in other projects (docs/accuracy.md).
#pragma once

#include <text/item_index.hpp>
#include <vector>

namespace resident::duplicates {

using Weights = std::array<double, text::kSignals>;

// Learnt on links of pull requests to issues of secp256k1, cfrg-vdaf and mls-protocol. Neither how far apart in time
// two reports are nor whose they are can be learnt from such links; a project's own duplicates teach that.
inline constexpr Weights kBuiltInWeights{3.1, 3.3, 1.3, 1.0, 0.0, 0.8, 0.0, 0.0, 0.0};
// Of meaning, where an embedding model takes part: as much as likeness and the title's words together. To let words and
// meaning say the same is what is customary where nothing is known of either (Bruch et al. 2023, "An analysis of fusion
// functions for hybrid retrieval"); so a report that means the very same without sharing a word is worth a look
// (kLikelyScore), and one that is half as near is not. Not tuned on anything.
inline constexpr double kMeaningWeight = 6.4;
Weights built_in_weights(bool with_meaning);

double weigh(const text::Signals& signals, const Weights& weights);

struct Choice {
  std::vector<text::Signals> candidates;
  std::vector<bool> right;  // of candidates; at least one
};

// The weights that make the choices likeliest, pulled to `prior` (a Gaussian, of standard deviation kPriorSpread in
// each weight). Newton's method on a convex function: the same choices always give the same weights. Without meaning
// its weight stays the prior's.
Weights learn(const std::vector<Choice>& choices, const Weights& prior, bool with_meaning = false);

// Chance that a score means a duplicate: a logistic curve of it (Platt 1999).
struct Calibration {
  double slope = 1.0, offset = -8.0;
  double operator()(double score) const;
};
// From scores and whether it was so; pulled to the prior as if it were a few cases.
Calibration calibrate(const std::vector<std::pair<double, bool>>& known, const Calibration& prior);

}  // namespace resident::duplicates
