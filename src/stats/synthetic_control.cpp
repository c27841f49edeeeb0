#include <algorithm>
#include <cmath>
#include <stats/synthetic_control.hpp>

namespace resident::stats {

namespace {

// The least squares over the columns in use, their weights summing to one, without a sign.
Eigen::VectorXd on_the_plane(const Eigen::MatrixXd& inner, const Eigen::VectorXd& along,
                             const std::vector<Eigen::Index>& in) {
  const auto count = static_cast<Eigen::Index>(in.size());
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(count + 1, count + 1);
  matrix.topLeftCorner(count, count) = inner(in, in);
  matrix.col(count).head(count).setOnes();
  matrix.row(count).head(count).setOnes();
  Eigen::VectorXd right(count + 1);
  right.head(count) = along(in);
  right[count] = 1;
  return Eigen::VectorXd(matrix.completeOrthogonalDecomposition().solve(right)).head(count);
}

struct Fit {
  std::vector<double> weights;
  Eigen::VectorXd gap;  // of each step
  double before = 0, after = 0, effect = 0;
};

Fit fit_unit(const Eigen::MatrixXd& outcomes, Eigen::Index unit, const std::vector<Eigen::Index>& donors,
             Eigen::Index start) {
  const Eigen::MatrixXd others = outcomes(Eigen::all, donors);
  Fit fit;
  fit.weights = simplex_weights(others.topRows(start), outcomes.col(unit).head(start));
  fit.gap = outcomes.col(unit) - others * Eigen::Map<const Eigen::VectorXd>(
                                              fit.weights.data(), static_cast<Eigen::Index>(fit.weights.size()));
  const Eigen::Index after = outcomes.rows() - start;
  fit.before = std::sqrt(fit.gap.head(start).squaredNorm() / static_cast<double>(start));
  fit.after = std::sqrt(fit.gap.tail(after).squaredNorm() / static_cast<double>(after));
  fit.effect = fit.gap.tail(after).mean();
  return fit;
}

}  // namespace

std::vector<double> simplex_weights(const Eigen::MatrixXd& donors, const Eigen::VectorXd& target,
                                    const Eigen::VectorXd& importance) {
  const Eigen::Index count = donors.cols();
  if (count == 0) return {};
  const Eigen::VectorXd root = importance.size() > 0 ? Eigen::VectorXd(importance.cwiseMax(0).cwiseSqrt())
                                                     : Eigen::VectorXd::Ones(target.size());
  const Eigen::MatrixXd x = root.asDiagonal() * donors;
  const Eigen::MatrixXd inner = x.transpose() * x;
  const Eigen::VectorXd along = x.transpose() * (root.asDiagonal() * target);
  Eigen::Index nearest = 0;
  (inner.diagonal() - 2 * along).minCoeff(&nearest);
  Eigen::VectorXd weights = Eigen::VectorXd::Zero(count);
  weights[nearest] = 1;
  std::vector<Eigen::Index> in{nearest};
  const double small = 1e-11 * (1e-300 + inner.diagonal().maxCoeff());
  for (Eigen::Index round = 0; round < 20 * (count + 2); ++round) {
    // As far towards the best of the columns in use as no weight falls below 0.
    for (;;) {
      const Eigen::VectorXd best = on_the_plane(inner, along, in);
      double step = 1;
      std::size_t blocking = in.size();
      for (std::size_t i = 0; i < in.size(); ++i) {
        const double now = weights[in[i]], then = best[static_cast<Eigen::Index>(i)];
        if (then < 0 && now / (now - then) < step) {
          step = now / (now - then);
          blocking = i;
        }
      }
      for (std::size_t i = 0; i < in.size(); ++i)
        weights[in[i]] += step * (best[static_cast<Eigen::Index>(i)] - weights[in[i]]);
      if (blocking == in.size()) break;
      weights[in[blocking]] = 0;
      in.erase(in.begin() + static_cast<std::ptrdiff_t>(blocking));
    }
    const Eigen::VectorXd slope = inner * weights - along;
    const double level = slope.dot(weights);
    Eigen::Index steepest = -1;
    for (Eigen::Index j = 0; j < count; ++j)
      if (std::find(in.begin(), in.end(), j) == in.end() && slope[j] < level - small &&
          (steepest < 0 || slope[j] < slope[steepest]))
        steepest = j;
    if (steepest < 0) break;
    in.push_back(steepest);
  }
  weights = weights.cwiseMax(0);
  weights /= weights.sum();
  return {weights.data(), weights.data() + count};
}

SyntheticAnswer synthetic_control(const Eigen::MatrixXd& outcomes, std::size_t start) {
  SyntheticAnswer answer;
  const auto at = static_cast<Eigen::Index>(start);
  if (outcomes.cols() < 5) answer.missing = "fewer than four others to mix";
  if (start < 8) answer.missing = "fewer than 8 steps before the start";
  if (at >= outcomes.rows()) answer.missing = "nothing is known after the start";
  if (!answer.missing.empty()) return answer;
  std::vector<Eigen::Index> donors;
  for (Eigen::Index j = 1; j < outcomes.cols(); ++j) donors.push_back(j);
  const Fit own = fit_unit(outcomes, 0, donors, at);
  answer.is_answered = true;
  answer.weights = own.weights;
  for (Eigen::Index t = 0; t < outcomes.rows(); ++t) answer.synthetic.push_back(outcomes(t, 0) - own.gap[t]);
  answer.effect = own.effect;
  answer.before = own.before;
  answer.after = own.after;
  const double least = 1e-12 * (1 + outcomes.cwiseAbs().maxCoeff());
  const auto ratio = [&](const Fit& fit) { return fit.after / std::max(fit.before, least); };
  std::size_t as_far = 1;
  for (std::size_t k = 0; k < donors.size(); ++k) {
    auto rest = donors;  // never the unit itself: it may have been changed
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(k));
    const Fit other = fit_unit(outcomes, donors[k], rest, at);
    as_far += ratio(other) >= ratio(own) * (1 - 1e-12);
    answer.placebo_effects.push_back(other.effect);
    answer.without_donor.push_back(own.weights[k] > 0 ? fit_unit(outcomes, 0, rest, at).effect : own.effect);
  }
  answer.placebos = donors.size();
  answer.p = static_cast<double>(as_far) / static_cast<double>(donors.size() + 1);
  return answer;
}

}  // namespace resident::stats
