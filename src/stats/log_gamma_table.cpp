#include <cmath>
#include <stats/log_gamma_table.hpp>

namespace resident::stats {

namespace {

// Stirling's series, for x > 1,000: the first term left out is below 1e-12.
double stirling(double x) {
  constexpr double kHalfLogTwoPi = 0.91893853320467274178;
  return (x - 0.5) * std::log(x) - x + kHalfLogTwoPi + 1 / (12 * x) - 1 / (360 * x * x * x);
}

// ln Γ(x) for x > 0: Γ(x) = Γ(x + 1) / x until the series holds. std::lgamma writes a global sign in some libraries.
double log_gamma(double x) {
  double below = 0;
  while (x < 30) {
    below += std::log(x);
    x += 1;
  }
  const double cube = x * x * x;
  return stirling(x) + 1 / (1260 * cube * x * x) - below;
}

}  // namespace

LogGammaTable::LogGammaTable(double shift, std::size_t size) : shift_(shift), values_(size) {
  double value = log_gamma(shift);
  for (std::size_t i = 0; i < size; ++i) {
    // Started anew now and then, so that rounding does not add up.
    if (i % 64 == 0) value = log_gamma(static_cast<double>(i) + shift);
    values_[i] = value;
    value += std::log(static_cast<double>(i) + shift);
  }
}

double LogGammaTable::beyond(std::int64_t count) const {
  return stirling(static_cast<double>(count) + shift_);
}

BetaBinomial::BetaBinomial(const BetaPrior& prior)
    : prior_(prior),
      happened_(prior.alpha),
      other_(prior.beta),
      both_(prior.alpha + prior.beta),
      constant_(log_gamma(prior.alpha) + log_gamma(prior.beta) - log_gamma(prior.alpha + prior.beta)) {}

}  // namespace resident::stats
