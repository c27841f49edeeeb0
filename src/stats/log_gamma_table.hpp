// Logarithms of the gamma function at whole numbers plus a fixed shift, as Beta-Binomial
// likelihoods need them by the million: a table for small counts, Stirling's series beyond.
// Promises an absolute error below 1e-10 for counts up to a million; safe in several threads.
#pragma once

#include <cstdint>
#include <vector>

namespace resident::stats {

// ln Γ(count + shift) for count = 0, 1, 2, …; shift > 0.
class LogGammaTable {
 public:
  explicit LogGammaTable(double shift, std::size_t size = 8192);
  double operator()(std::int64_t count) const {
    return static_cast<std::size_t>(count) < values_.size() ? values_[static_cast<std::size_t>(count)] : beyond(count);
  }

 private:
  double beyond(std::int64_t count) const;
  double shift_;
  std::vector<double> values_;
};

// A rate that is not known but for its prior Beta(alpha, beta).
struct BetaPrior {
  double alpha, beta;
  bool operator==(const BetaPrior&) const = default;
};

// Marginal log-likelihood of one exact sequence of trials, happened of n of them with the outcome, all with the same
// unknown rate: ln B(alpha + happened, beta + n - happened) - ln B(alpha, beta).
class BetaBinomial {
 public:
  explicit BetaBinomial(const BetaPrior& prior);
  double log_likelihood(std::int64_t happened, std::int64_t n) const {
    return happened_(happened) + other_(n - happened) - both_(n) - constant_;
  }
  const BetaPrior& prior() const { return prior_; }

 private:
  BetaPrior prior_;
  LogGammaTable happened_, other_, both_;
  double constant_;
};

}  // namespace resident::stats
