#include <algorithm>
#include <cmath>
#include <stats/raking.hpp>

namespace resident::stats {

namespace {

std::vector<double> sums_of(const std::vector<double>& weights, const Margin& margin) {
  std::vector<double> sums(margin.population.size());
  for (std::size_t i = 0; i < weights.size(); ++i) sums[margin.category[i]] += weights[i];
  return sums;
}

double worst_of(const std::vector<double>& weights, const std::vector<Margin>& margins) {
  double worst = 0;
  for (const Margin& margin : margins) {
    const std::vector<double> sums = sums_of(weights, margin);
    for (std::size_t i = 0; i < sums.size(); ++i)
      if (margin.population[i] > 0) worst = std::max(worst, std::fabs(sums[i] / margin.population[i] - 1));
  }
  return worst;
}

}  // namespace

Raked rake(std::vector<double> weights, const std::vector<Margin>& margins, int most_rounds, double tolerance) {
  Raked raked;
  while (!raked.converged && raked.rounds < most_rounds) {
    for (const Margin& margin : margins) {
      const std::vector<double> sums = sums_of(weights, margin);
      for (std::size_t i = 0; i < weights.size(); ++i)
        if (const double sum = sums[margin.category[i]]; sum > 0)
          weights[i] *= margin.population[margin.category[i]] / sum;
    }
    ++raked.rounds;
    raked.worst = worst_of(weights, margins);
    raked.converged = raked.worst <= tolerance;
  }
  raked.weights = std::move(weights);
  return raked;
}

double effective_size(const std::vector<double>& weights) {
  double sum = 0, squares = 0;
  for (const double weight : weights) sum += weight, squares += weight * weight;
  return squares > 0 ? sum * sum / squares : 0;
}

double design_effect(const std::vector<double>& weights) {
  const double effective = effective_size(weights);
  return effective > 0 ? static_cast<double>(weights.size()) / effective : 0;
}

Interval weighted_share_interval(double share, double n, double confidence) {
  const double z = normal_quantile(confidence), z2 = z * z;
  const double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half = z / (1 + z2 / n) * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

}  // namespace resident::stats
