#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <stats/gray_test.hpp>
#include <stats/ordering.hpp>

namespace resident::stats {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Sums over the martingale of one group and kind of event, with integrands a - f c(t) whose c is known only at the end
// (it goes on growing after the event): so the products are kept apart and joined then.
struct Variation {
  explicit Variation(Index groups)
      : of_both(MatrixXd::Zero(groups, groups)),
        of_one(MatrixXd::Zero(groups, groups)),
        of_end(VectorXd::Zero(groups)) {}
  MatrixXd of_both, of_one;  // group tested × group of the event for of_one
  VectorXd of_end;

  void add(Index k, const VectorXd& integrand, double at_end, double variance) {
    of_both.noalias() += variance * integrand * integrand.transpose();
    of_one.col(k).noalias() += variance * at_end * integrand;
    of_end[k] += variance * at_end * at_end;
  }
  MatrixXd joined(const MatrixXd& final) const {
    const MatrixXd mixed = of_one * final.transpose();
    return of_both + mixed + mixed.transpose() + final * of_end.asDiagonal() * final.transpose();
  }
};

// The variance of a count of several at once of so many, against as many single ones (ties).
double tie_factor(double happened, double at_risk) {
  return happened > 1 && at_risk > 1 ? 1 - (happened - 1) / (at_risk - 1) : 1;
}

}  // namespace

GroupTest gray_test(const std::vector<CauseObservation>& observations, const std::vector<int>& group, int cause,
                    double rho) {
  GroupTest result;
  const Index groups = group.empty() ? 0 : *std::max_element(group.begin(), group.end()) + 1;
  if (groups < 2) return result;
  const auto order = order_of(observations, &CauseObservation::time);
  VectorXd at_risk = VectorXd::Zero(groups), survival = VectorXd::Ones(groups), incidence = VectorXd::Zero(groups);
  for (const int each : group) at_risk[each] += 1;
  double pooled = 0;  // incidence of all under the hypothesis that the groups do not differ
  VectorXd score = VectorXd::Zero(groups);
  MatrixXd drift = MatrixXd::Zero(groups, groups);  // c: what an error in each group's own curves does to the score
  Variation variation(groups);
  for (std::size_t at = 0; at < order.size();) {
    const double time = observations[order[at]].time;
    VectorXd leaving = VectorXd::Zero(groups), first = leaving, other = leaving;
    for (; at < order.size() && observations[order[at]].time == time; ++at) {
      const auto& each = observations[order[at]];
      const Index g = group[order[at]];
      leaving[g] += 1;
      if (each.cause == cause)
        first[g] += 1;
      else if (each.cause != 0)
        other[g] += 1;
    }
    const double all_first = first.sum(), all_other = other.sum();
    if (all_first + all_other > 0) {
      VectorXd after = survival, after_incidence = incidence, weight = VectorXd::Zero(groups);
      VectorXd subdistribution = VectorXd::Zero(groups);
      for (Index g = 0; g < groups; ++g) {
        if (at_risk[g] <= 0) continue;
        after[g] = survival[g] * (at_risk[g] - first[g] - other[g]) / at_risk[g];
        after_incidence[g] += survival[g] * first[g] / at_risk[g];
        weight[g] = at_risk[g] / survival[g];
        subdistribution[g] = weight[g] * (1 - incidence[g]);
      }
      const double total = weight.sum(), now = pooled + all_first / total;
      const double power = std::pow(1 - pooled, rho);
      MatrixXd integrand = power * (MatrixXd(weight.asDiagonal()) - weight * weight.transpose() / total);
      drift += integrand * (all_first / (total * (1 - pooled)));
      for (Index g = 0; g < groups; ++g)
        if (at_risk[g] > 0) score[g] += power * (first[g] - all_first * subdistribution[g] / subdistribution.sum());
      for (Index k = 0; k < groups; ++k) {
        if (at_risk[k] <= 0) continue;
        if (all_first > 0) {
          const double end = after[k] > 0 ? 1 - (1 - now) / after[k] : 1;
          const double factor = tie_factor(all_first, total * survival[k]);
          variation.add(k, integrand.col(k) - end * drift.col(k), end,
                        factor * survival[k] * all_first / (total * at_risk[k]));
        }
        if (other[k] > 0 && after[k] > 0) {
          const double end = (1 - now) / after[k];
          const double factor = tie_factor(other[k], at_risk[k]);
          variation.add(k, end * drift.col(k), -end,
                        factor * survival[k] * survival[k] * other[k] / (at_risk[k] * at_risk[k]));
        }
      }
      survival = after;
      incidence = after_incidence;
      pooled = now;
    }
    at_risk -= leaving;
  }
  const MatrixXd variance = variation.joined(drift);
  const Index kept = groups - 1;
  const VectorXd part = score.head(kept);
  result.degrees_of_freedom = static_cast<int>(kept);
  result.chi_squared = part.dot(variance.topLeftCorner(kept, kept).ldlt().solve(part));
  result.p = chi_squared_tail(result.chi_squared, result.degrees_of_freedom);
  return result;
}

}  // namespace resident::stats
