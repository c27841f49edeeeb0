#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>
#include <stats/event_study.hpp>
#include <stats/random.hpp>

namespace resident::stats {

namespace {

// Less the means of rows and columns, plus that of all: the two-way fixed effects of a whole panel.
Eigen::MatrixXd within(const Eigen::MatrixXd& panel) {
  Eigen::MatrixXd result = panel;
  result.colwise() -= panel.rowwise().mean();
  result.rowwise() -= panel.colwise().mean();
  result.array() += panel.mean();
  return result;
}

struct Regression {
  Eigen::VectorXd beta;
  Eigen::MatrixXd variance;  // robust by unit
};

Regression regress(const Eigen::MatrixXd& outcomes, const std::vector<Eigen::MatrixXd>& regressors) {
  const auto count = static_cast<Eigen::Index>(regressors.size());
  const Eigen::Index units = outcomes.rows(), periods = outcomes.cols();
  const Eigen::MatrixXd y = within(outcomes);
  std::vector<Eigen::MatrixXd> x;
  for (const auto& each : regressors) x.push_back(within(each));
  Eigen::MatrixXd inner(count, count);
  Eigen::VectorXd along(count);
  for (Eigen::Index j = 0; j < count; ++j) {
    const auto& left = x[static_cast<std::size_t>(j)];
    along[j] = left.cwiseProduct(y).sum();
    for (Eigen::Index k = 0; k < count; ++k) inner(j, k) = left.cwiseProduct(x[static_cast<std::size_t>(k)]).sum();
  }
  const Eigen::MatrixXd inverse = inner.inverse();
  Regression result;
  result.beta = inverse * along;
  Eigen::MatrixXd residual = y;
  for (Eigen::Index j = 0; j < count; ++j) residual -= result.beta[j] * x[static_cast<std::size_t>(j)];
  Eigen::MatrixXd middle = Eigen::MatrixXd::Zero(count, count);
  for (Eigen::Index i = 0; i < units; ++i) {
    Eigen::VectorXd score(count);
    for (Eigen::Index j = 0; j < count; ++j) score[j] = x[static_cast<std::size_t>(j)].row(i).dot(residual.row(i));
    middle += score * score.transpose();
  }
  const double g = static_cast<double>(units), n = static_cast<double>(units * periods),
               k = static_cast<double>(units + periods - 1 + count);
  result.variance = inverse * middle * inverse * (g / (g - 1) * (n - 1) / (n - k));
  return result;
}

// Studentised difference of the mean changes.
double difference(const std::vector<double>& changes, const std::vector<bool>& is_touched) {
  double sums[2] = {0, 0}, squares[2] = {0, 0}, counts[2] = {0, 0};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const int side = is_touched[i];
    sums[side] += changes[i];
    squares[side] += changes[i] * changes[i];
    ++counts[side];
  }
  double error = 0;
  for (int side = 0; side < 2; ++side) {
    const double mean = sums[side] / counts[side];
    error += std::max(0.0, squares[side] / counts[side] - mean * mean) / (counts[side] - 1);
  }
  return (sums[1] / counts[1] - sums[0] / counts[0]) / std::sqrt(error + 1e-300);
}

double permutation(const Eigen::MatrixXd& outcomes, std::vector<bool> is_touched, Eigen::Index start,
                   std::uint64_t seed) {
  std::vector<double> changes;
  for (Eigen::Index i = 0; i < outcomes.rows(); ++i)
    changes.push_back(outcomes.row(i).tail(outcomes.cols() - start).mean() - outcomes.row(i).head(start).mean());
  const double own = std::fabs(difference(changes, is_touched));
  Random random(seed);
  constexpr int kShuffles = 4999;
  int as_far = 1;
  for (int shuffle = 0; shuffle < kShuffles; ++shuffle) {
    for (std::size_t i = is_touched.size() - 1; i > 0; --i) {
      const std::size_t j = random.below(i + 1);
      const bool kept = is_touched[i];
      is_touched[i] = is_touched[j];
      is_touched[j] = kept;
    }
    as_far += std::fabs(difference(changes, is_touched)) >= own * (1 - 1e-12);
  }
  return as_far / (kShuffles + 1.0);
}

}  // namespace

EventStudyAnswer event_study(const Eigen::MatrixXd& outcomes, const std::vector<bool>& is_touched, std::size_t start,
                             std::uint64_t seed) {
  EventStudyAnswer answer;
  answer.touched = static_cast<std::size_t>(std::count(is_touched.begin(), is_touched.end(), true));
  answer.untouched = is_touched.size() - answer.touched;
  const Eigen::Index units = outcomes.rows(), periods = outcomes.cols(), first = static_cast<Eigen::Index>(start);
  if (answer.touched < 3 || answer.untouched < 3)
    answer.missing = "three that were touched and three that were not are needed";
  else if (first < 2 || first >= periods)
    answer.missing = "two periods before the start and one after it are needed";
  if (!answer.missing.empty()) return answer;
  Eigen::VectorXd touched(units);
  for (Eigen::Index i = 0; i < units; ++i) touched[i] = is_touched[static_cast<std::size_t>(i)];
  const auto indicator = [&](Eigen::Index from, Eigen::Index to) {
    Eigen::MatrixXd panel = Eigen::MatrixXd::Zero(units, periods);
    for (Eigen::Index t = from; t < to; ++t) panel.col(t) = touched;
    return panel;
  };
  if (within(outcomes).squaredNorm() < 1e-18 * (1 + outcomes.squaredNorm())) {
    answer.missing = "all units went the very same way";
    return answer;
  }
  answer.is_answered = true;
  const boost::math::students_t t(static_cast<double>(units - 1));
  const double reach = boost::math::quantile(t, 0.975);
  const Regression whole = regress(outcomes, {indicator(first, periods)});
  answer.effect = whole.beta[0];
  answer.deviation = std::sqrt(whole.variance(0, 0));
  answer.low = answer.effect - reach * answer.deviation;
  answer.high = answer.effect + reach * answer.deviation;
  if (answer.deviation > 0)
    answer.p = 2 * boost::math::cdf(boost::math::complement(t, std::fabs(answer.effect / answer.deviation)));
  answer.permutation_p = permutation(outcomes, is_touched, first, seed);
  std::vector<Eigen::MatrixXd> each;
  for (Eigen::Index k = 0; k < periods; ++k)
    if (k != first - 1) each.push_back(indicator(k, k + 1));
  const Regression course = regress(outcomes, each);
  for (Eigen::Index k = 0, j = 0; k < periods; ++k) {
    EventStudyPeriod period{static_cast<int>(k - first)};
    if (k != first - 1) {
      period.effect = course.beta[j];
      period.deviation = std::sqrt(std::max(0.0, course.variance(j, j)));
      ++j;
    }
    period.low = period.effect - reach * period.deviation;
    period.high = period.effect + reach * period.deviation;
    answer.periods.push_back(period);
  }
  const Eigen::Index leads = first - 1;
  if (leads >= 1 && leads < units / 2) {
    const Eigen::VectorXd before = course.beta.head(leads);
    const Eigen::MatrixXd variance = course.variance.topLeftCorner(leads, leads);
    const double wald = before.dot(variance.ldlt().solve(before)) / static_cast<double>(leads);
    if (std::isfinite(wald) && wald >= 0) {
      answer.is_pre_trend_tested = true;
      answer.pre_trend_p = boost::math::cdf(boost::math::complement(
          boost::math::fisher_f(static_cast<double>(leads), static_cast<double>(units - 1)), wald));
    }
  }
  return answer;
}

}  // namespace resident::stats
