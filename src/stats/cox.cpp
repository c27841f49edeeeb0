#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <stats/concordance.hpp>
#include <stats/cox.hpp>
#include <stats/partial_likelihood.hpp>
#include <unordered_map>

namespace resident::stats {

namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int kMostIterations = 50;
constexpr double kTolerance = 1e-12;  // of the log-likelihood, relative
constexpr double kNear = 1e-7;        // the last step, in standard deviations of the covariates
constexpr double kNothing = 1e-9;     // a step that moves nothing that is told
constexpr double kRounding = 1e-12;   // of the log-likelihood, relative
constexpr double kRunsAway = 60;      // standard deviations of the covariate times its coefficient

// Sums of columns by cluster, squared. order: which of the data each column is.
MatrixXd squared_by_cluster(const MatrixXd& columns, const std::vector<std::uint32_t>& order,
                            const std::vector<std::int64_t>& cluster, std::int64_t& clusters) {
  clusters = columns.cols();
  if (cluster.empty()) return columns * columns.transpose();
  std::unordered_map<std::int64_t, Eigen::Index> place;
  for (const auto each : cluster) place.emplace(each, static_cast<Eigen::Index>(place.size()));
  MatrixXd sums = MatrixXd::Zero(columns.rows(), static_cast<Eigen::Index>(place.size()));
  for (std::size_t i = 0; i < order.size(); ++i)
    sums.col(place.at(cluster[order[i]])) += columns.col(static_cast<Eigen::Index>(i));
  clusters = sums.cols();
  return sums * sums.transpose();
}

HazardFit::Proportionality proportionality_of(const PartialLikelihood& likelihood, const MatrixXd& information) {
  const Eigen::Index p = information.rows();
  MatrixXd whole(2 * p, 2 * p);
  const MatrixXd once = likelihood.information(1);
  whole << information, once, once, likelihood.information(2);
  const VectorXd score = likelihood.weighted_score();
  HazardFit::Proportionality result;
  // Of the block that remains when the coefficients themselves are fitted.
  const MatrixXd solved = information.ldlt().solve(once);
  const MatrixXd rest = whole.bottomRightCorner(p, p) - once * solved;
  for (Eigen::Index j = 0; j < p; ++j) result.chi_squared.push_back(score[j] * score[j] / rest(j, j));
  result.global = score.dot(rest.ldlt().solve(score));
  return result;
}

HazardFit fit(const HazardData& data, Ties ties, bool competing) {
  PartialLikelihood likelihood(data, ties, competing);
  const Eigen::Index p = data.covariates.cols();
  HazardFit result;
  result.n = static_cast<std::int64_t>(data.time.size());
  result.events = likelihood.event_count();
  VectorXd beta = VectorXd::Zero(p);
  auto now = likelihood.at(beta);
  result.null_log_likelihood = now.log_likelihood;
  if (Eigen::FullPivLU<MatrixXd> lu(now.information); lu.setThreshold(1e-9), lu.rank() < p)
    throw Error(ErrorKind::usage, "the covariates tell nothing apart from each other, so their effects can't be either",
                "leave one out that follows from the others, or that is the same in all risk sets");
  const VectorXd told_at_first = now.information.diagonal();
  result.score_test = now.score.dot(now.information.ldlt().solve(now.score));
  for (; result.iterations < kMostIterations && !result.has_converged; ++result.iterations) {
    VectorXd step = now.information.ldlt().solve(now.score);
    // The derivatives are those of its end, too.
    if (result.iterations > 0 && step.cwiseAbs().maxCoeff() < kNothing) {
      beta += step;
      result.has_converged = true;
      continue;
    }
    auto next = likelihood.at(beta + step);
    for (int halved = 0;
         halved < 30 && !(next.log_likelihood >= now.log_likelihood - kRounding * std::fabs(now.log_likelihood));
         ++halved) {
      step /= 2;
      next = likelihood.at(beta + step);
    }
    beta += step;
    result.has_converged =
        std::fabs(next.log_likelihood - now.log_likelihood) <= kTolerance * std::fabs(next.log_likelihood) &&
        step.cwiseAbs().maxCoeff() < kNear;
    now = std::move(next);
    if (beta.cwiseAbs().maxCoeff() > kRunsAway) break;
  }
  // Where a coefficient goes to infinity the likelihood gets flat, and steps end by rounding alone.
  const bool is_flat = (now.information.diagonal().array() < 1e-7 * told_at_first.array()).any();
  if (!result.has_converged || is_flat)
    throw Error(ErrorKind::usage, "a coefficient runs away: some covariate tells wholly who has the event",
                "leave it out, or join its groups");
  const VectorXd back = likelihood.scale().cwiseInverse();
  result.coefficients = beta.cwiseProduct(back);
  result.log_likelihood = now.log_likelihood;
  const MatrixXd inverse = now.information.ldlt().solve(MatrixXd::Identity(p, p));
  result.variance = back.asDiagonal() * inverse * back.asDiagonal();
  const MatrixXd squares =
      squared_by_cluster(likelihood.score_residuals(), likelihood.order(), data.cluster, result.clusters);
  result.robust_variance = back.asDiagonal() * (inverse * squares * inverse) * back.asDiagonal();
  if (!competing) {
    result.proportionality = proportionality_of(likelihood, now.information);
    std::vector<bool> happened;
    for (const int status : data.status) happened.push_back(status == 1);
    const VectorXd risk = data.covariates * result.coefficients;
    result.concordance = concordance(data.time, happened, {risk.data(), risk.data() + risk.size()}, data.stratum);
  }
  return result;
}

}  // namespace

HazardFit cox(const HazardData& data, Ties ties) {
  return fit(data, ties, false);
}

HazardFit fine_gray(const HazardData& data, Ties ties) {
  return fit(data, ties, true);
}

}  // namespace resident::stats
