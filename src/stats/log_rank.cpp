#include <Eigen/Dense>
#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <stats/log_rank.hpp>
#include <stats/ordering.hpp>

namespace resident::stats {

double chi_squared_tail(double value, int degrees_of_freedom) {
  if (degrees_of_freedom <= 0 || !(value > 0)) return 1;
  return boost::math::cdf(boost::math::complement(boost::math::chi_squared(degrees_of_freedom), value));
}

GroupTest log_rank(const std::vector<Observation>& observations, const std::vector<int>& group, double rho) {
  GroupTest result;
  const int groups = group.empty() ? 0 : *std::max_element(group.begin(), group.end()) + 1;
  const auto count = static_cast<std::size_t>(groups);
  const auto order = order_of(observations, &Observation::time);
  std::vector<double> risk(count, 0), happened(count, 0);
  for (const int each : group) ++risk[static_cast<std::size_t>(each)];
  int present = 0;
  std::size_t last = 0;
  for (std::size_t g = 0; g < count; ++g)
    if (risk[g] > 0) ++present, last = g;
  result.observed.assign(count, 0);
  result.expected.assign(count, 0);
  Eigen::MatrixXd variance = Eigen::MatrixXd::Zero(groups, groups);
  std::vector<double> leaving(count, 0);
  double survival = 1, total = static_cast<double>(observations.size());
  for (std::size_t at = 0; at < order.size();) {
    const double time = observations[order[at]].time;
    std::fill(happened.begin(), happened.end(), 0);
    std::fill(leaving.begin(), leaving.end(), 0);
    double dead = 0;
    for (; at < order.size() && observations[order[at]].time == time; ++at) {
      const auto g = static_cast<std::size_t>(group[order[at]]);
      ++leaving[g];
      happened[g] += observations[order[at]].happened;
      dead += observations[order[at]].happened;
    }
    if (dead > 0) {
      const double weight = rho == 0 ? 1 : std::pow(survival, rho);
      const double spread = total > 1 ? dead * (total - dead) / (total - 1) : 0;
      for (std::size_t g = 0; g < count; ++g) {
        result.observed[g] += weight * happened[g];
        result.expected[g] += weight * dead * risk[g] / total;
        for (std::size_t h = 0; h < count; ++h)
          variance(static_cast<Eigen::Index>(g), static_cast<Eigen::Index>(h)) +=
              weight * weight * spread * risk[g] / total * ((g == h) - risk[h] / total);
      }
      survival *= (total - dead) / total;
    }
    for (std::size_t g = 0; g < count; ++g) {
      risk[g] -= leaving[g];
      total -= leaving[g];
    }
  }
  if (present < 2) return result;
  // One group follows from the others: it is left out, and so are those that were never at risk.
  std::vector<Eigen::Index> kept;
  for (std::size_t g = 0; g < count; ++g)
    if (g != last && result.expected[g] > 0) kept.push_back(static_cast<Eigen::Index>(g));
  if (kept.empty()) return result;
  Eigen::VectorXd difference(static_cast<Eigen::Index>(kept.size()));
  for (std::size_t i = 0; i < kept.size(); ++i)
    difference[static_cast<Eigen::Index>(i)] =
        result.observed[static_cast<std::size_t>(kept[i])] - result.expected[static_cast<std::size_t>(kept[i])];
  const Eigen::MatrixXd part = variance(kept, kept);
  result.degrees_of_freedom = static_cast<int>(kept.size());
  result.chi_squared = difference.dot(part.ldlt().solve(difference));
  result.p = chi_squared_tail(result.chi_squared, result.degrees_of_freedom);
  return result;
}

}  // namespace resident::stats
