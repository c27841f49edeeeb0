// Learns to rank from choices: given the candidates for a pull request and those
// who then reviewed it, a conditional logit (McFadden 1974; softmax over the candidates)
// gives each a probability of being the one. Weights are drawn to those it starts
// from (a ridge around the prior), so that a project with little history is ranked
// by what held elsewhere, and one with much by its own. No chance in it: the same
// history gives the same weights in every run.
#pragma once

#include <cstdint>
#include <learn/reviewers/signals.hpp>
#include <vector>

namespace resident::reviewers {

struct Choice {
  std::vector<Row> rows;
  std::vector<std::size_t> chosen;  // rows of those who did it
  double weight = 1;
};

class ChoiceRanker {
 public:
  // Round figures near what was learnt on several projects (docs/accuracy.md).
  static const Row& prior_weights();

  explicit ChoiceRanker(Row weights = prior_weights()) : prior_(weights), weights_(weights) {}
  // Newton's method from where it stands.
  void fit(const std::vector<Choice>& choices, double ridge = kRidge);
  double score(const Row& row) const;
  // Of each row among all, in order.
  std::vector<double> probabilities(const std::vector<Row>& rows) const;
  const Row& weights() const { return weights_; }
  void set_weights(const Row& weights) { weights_ = weights; }

  static constexpr double kRidge = 10;

 private:
  Row prior_, weights_;
};

}  // namespace resident::reviewers
