#include <algorithm>
#include <cmath>
#include <stats/inverse_weights.hpp>
#include <stats/quantile.hpp>

namespace resident::stats {

namespace {

constexpr std::ptrdiff_t kFewest = 20;

double mean_of(const Eigen::VectorXd& values, const std::vector<bool>& group, bool side,
               const std::vector<double>& weights) {
  double sum = 0, all = 0;
  for (std::size_t i = 0; i < group.size(); ++i)
    if (group[i] == side) {
      sum += weights[i] * values[static_cast<Eigen::Index>(i)];
      all += weights[i];
    }
  return sum / all;
}

// Difference of means, in the root of the mean of the two unweighted variances (P. C. Austin, 2009).
std::vector<double> balance_of(const Eigen::MatrixXd& covariates, const std::vector<bool>& given,
                               const std::vector<double>& weights) {
  const std::vector<double> ones(given.size(), 1);
  std::vector<double> result;
  for (Eigen::Index j = 0; j < covariates.cols(); ++j) {
    const Eigen::VectorXd column = covariates.col(j);
    double variance = 0;
    for (const bool side : {true, false}) {
      const double center = mean_of(column, given, side, ones);
      variance += mean_of((column.array() - center).square(), given, side, ones) / 2;
    }
    const double difference = mean_of(column, given, true, weights) - mean_of(column, given, false, weights);
    result.push_back(variance > 0 ? difference / std::sqrt(variance) : 0);
  }
  return result;
}

}  // namespace

std::vector<double> logistic_fit(const Eigen::MatrixXd& covariates, const std::vector<bool>& happened) {
  const Eigen::Index n = covariates.rows(), count = covariates.cols() + 1;
  Eigen::MatrixXd x(n, count);
  x.col(0).setOnes();
  x.rightCols(count - 1) = covariates;
  Eigen::VectorXd beta = Eigen::VectorXd::Zero(count);
  for (int round = 0; round < 60; ++round) {
    const Eigen::VectorXd share = (1 + (-(x * beta)).array().exp()).inverse();
    Eigen::VectorXd slope = Eigen::VectorXd::Zero(count);
    for (Eigen::Index i = 0; i < n; ++i)
      slope += x.row(i).transpose() * ((happened[static_cast<std::size_t>(i)] ? 1.0 : 0.0) - share[i]);
    const Eigen::VectorXd spread = share.array() * (1 - share.array());
    const Eigen::MatrixXd curve = x.transpose() * spread.asDiagonal() * x;
    const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> solved(curve);
    if (solved.rank() < count) return {};
    const Eigen::VectorXd step = solved.solve(slope);
    beta += step;
    if (!beta.allFinite() || beta.cwiseAbs().maxCoeff() > 1e4) return {};
    if (step.cwiseAbs().maxCoeff() < 1e-10 * (1 + beta.cwiseAbs().maxCoeff())) {
      // Fitted shares at 0 or 1 alone are those of columns that tell all apart.
      if ((spread.array() < 1e-9).all()) return {};
      return {beta.data(), beta.data() + count};
    }
  }
  return {};
}

WeightedRatio weighted_ratio(const Eigen::MatrixXd& covariates, const std::vector<bool>& given,
                             const std::vector<bool>& happened) {
  WeightedRatio result;
  const auto sides = [&](bool side) { return std::count(given.begin(), given.end(), side); };
  if (std::min(sides(true), sides(false)) < kFewest) {
    result.missing = "fewer than 20 on one side";
    return result;
  }
  const auto beta = logistic_fit(covariates, given);
  if (beta.empty()) {
    result.missing = "what is known tells the two sides apart wholly";
    return result;
  }
  const Eigen::Map<const Eigen::VectorXd> slopes(beta.data() + 1, covariates.cols());
  const double usual = static_cast<double>(sides(true)) / static_cast<double>(given.size());
  std::vector<double> weights;
  for (Eigen::Index i = 0; i < covariates.rows(); ++i) {
    const double share = 1 / (1 + std::exp(-(beta[0] + covariates.row(i).dot(slopes))));
    weights.push_back(given[static_cast<std::size_t>(i)] ? usual / share : (1 - usual) / (1 - share));
  }
  auto sorted = weights;
  const double least = *quantile(sorted, 0.01), most = *quantile(sorted, 0.99);
  for (double& each : weights) each = std::clamp(each, least, most);
  double variance = 0;
  for (const bool side : {true, false}) {
    double all = 0, squares = 0, hits = 0;
    for (std::size_t i = 0; i < given.size(); ++i)
      if (given[i] == side) {
        all += weights[i];
        squares += weights[i] * weights[i];
        hits += happened[i] ? weights[i] : 0;
      }
    const double share = hits / all;
    (side ? result.given : result.others) = share;
    (side ? result.effective_given : result.effective_others) = all * all / squares;
    for (std::size_t i = 0; i < given.size(); ++i)
      if (given[i] == side) variance += std::pow(weights[i] * ((happened[i] ? 1.0 : 0.0) - share) / (share * all), 2);
  }
  if (!(result.given > 0) || !(result.others > 0)) {
    result.missing = "on one side it happened to nobody";
    return result;
  }
  result.is_answered = true;
  result.ratio = result.given / result.others;
  const double reach = 1.959963984540054 * std::sqrt(variance);
  result.low = result.ratio * std::exp(-reach);
  result.high = result.ratio * std::exp(reach);
  result.balance_before = balance_of(covariates, given, std::vector<double>(given.size(), 1));
  result.balance = balance_of(covariates, given, weights);
  return result;
}

}  // namespace resident::stats
