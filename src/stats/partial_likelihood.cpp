#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <stats/partial_likelihood.hpp>
#include <tuple>

namespace resident::stats {

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// The sum of weight × column × column'.
MatrixXd weighted_products(const MatrixXd& columns, const VectorXd& weights) {
  constexpr Eigen::Index kBlock = 256;
  MatrixXd sum = MatrixXd::Zero(columns.rows(), columns.rows()), scaled(columns.rows(), kBlock);
  for (Eigen::Index at = 0; at < columns.cols(); at += kBlock) {
    const Eigen::Index count = std::min(kBlock, columns.cols() - at);
    const auto block = columns.middleCols(at, count);
    scaled.leftCols(count).noalias() = block * weights.segment(at, count).asDiagonal();
    sum.noalias() += scaled.leftCols(count) * block.transpose();
  }
  return sum;
}

double to_power(double value, int power) {
  return power == 0 ? 1 : power == 1 ? value : value * value;
}

}  // namespace

PartialLikelihood::PartialLikelihood(const HazardData& data, Ties ties, bool competing)
    : data_(data), ties_(ties), competing_(competing) {
  const std::size_t n = data.time.size();
  const auto stratum_of = [&](std::size_t row) { return data.stratum.empty() ? 0 : data.stratum[row]; };
  // By stratum and time; of one time those first who have the event.
  std::vector<std::tuple<int, double, bool, std::size_t>> keys(n);
  for (std::size_t row = 0; row < n; ++row) keys[row] = {stratum_of(row), data.time[row], data.status[row] != 1, row};
  std::sort(keys.begin(), keys.end());
  order_.resize(n);
  for (std::size_t i = 0; i < n; ++i) order_[i] = std::get<3>(keys[i]);
  const auto columns = data.covariates.cols();
  center_ = data.covariates.colwise().mean();
  x_.resize(columns, static_cast<Eigen::Index>(n));
  for (std::size_t i = 0; i < n; ++i)
    x_.col(static_cast<Eigen::Index>(i)) =
        data.covariates.row(static_cast<Eigen::Index>(order_[i])).transpose() - center_;
  scale_ = (x_.rowwise().squaredNorm() / static_cast<double>(n)).cwiseSqrt();
  for (Eigen::Index j = 0; j < columns; ++j)
    if (scale_[j] <= 1e-12 * std::max(1.0, std::fabs(center_[j])))
      throw Error(ErrorKind::usage, "a covariate is the same for all, so it has no effect that could be estimated",
                  "leave out covariate " + std::to_string(j + 1));
  x_.array().colwise() /= scale_.array();
  later_.assign(n, 0);
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin;
    while (end < n && stratum_of(order_[end]) == stratum_of(order_[begin])) ++end;
    strata_.push_back({begin, end, {}});
    find_times(strata_.back());
    if (competing) find_censoring(strata_.back());
    begin = end;
  }
  if (events_ == 0) throw Error(ErrorKind::usage, "the event came to nobody", "status 1 says that it came");
  if (!competing) find_g();
}

void PartialLikelihood::find_times(Stratum& stratum) {
  for (std::size_t at = stratum.begin; at < stratum.end;) {
    EventTime each;
    each.time = data_.time[order_[at]];
    each.begin = at;
    for (; at < stratum.end && data_.time[order_[at]] == each.time; ++at) each.dead += data_.status[order_[at]] == 1;
    each.end = at;
    events_ += static_cast<std::int64_t>(each.dead);
    if (each.dead > 0) stratum.times.push_back(each);
  }
}

// Kaplan–Meier's estimate of not being censored; events come before censorings of the same time.
void PartialLikelihood::find_censoring(Stratum& stratum) {
  double censoring = 1;
  auto next = stratum.times.begin();
  for (std::size_t at = stratum.begin; at < stratum.end;) {
    const double time = data_.time[order_[at]];
    double censored = 0, happened = 0;
    const std::size_t begin = at;
    for (; at < stratum.end && data_.time[order_[at]] == time; ++at) {
      (data_.status[order_[at]] == 0 ? censored : happened) += 1;
      if (data_.status[order_[at]] > 1) later_[at] = 1 / censoring;
    }
    if (next != stratum.times.end() && next->time == time) (next++)->censoring = censoring;
    const double risk = static_cast<double>(stratum.end - begin) - happened;
    if (censored > 0) censoring *= (risk - censored) / risk;
  }
}

void PartialLikelihood::find_g() {
  std::vector<std::size_t> by_time = order_;
  if (strata_.size() > 1)
    std::stable_sort(by_time.begin(), by_time.end(),
                     [&](std::size_t a, std::size_t b) { return data_.time[a] < data_.time[b]; });
  std::vector<std::pair<double, double>> before;  // 1 - S(t-) at times of events
  double survival = 1, sum = 0;
  for (std::size_t at = 0; at < by_time.size();) {
    const double time = data_.time[by_time[at]], risk = static_cast<double>(by_time.size() - at);
    double dead = 0;
    for (; at < by_time.size() && data_.time[by_time[at]] == time; ++at) dead += data_.status[by_time[at]] == 1;
    if (dead == 0) continue;
    before.emplace_back(time, 1 - survival);
    sum += dead * (1 - survival);
    survival *= (risk - dead) / risk;
  }
  for (auto& stratum : strata_) {
    auto place = before.begin();
    for (auto& each : stratum.times) {
      while (place->first != each.time) ++place;
      each.g = place->second - sum / static_cast<double>(events_);
    }
  }
}

void PartialLikelihood::risk(const VectorXd& beta) {
  eta_.noalias() = x_.transpose() * beta;
  exp_ = eta_.array().exp();
  std::size_t steps = 0;
  time_first_step_.clear();
  for (const auto& stratum : strata_)
    for (const auto& each : stratum.times) {
      time_first_step_.push_back(steps);
      steps += static_cast<std::size_t>(steps_of(each));
    }
  const auto count = static_cast<Eigen::Index>(steps);
  means_.resize(x_.rows(), count);
  for (auto* each : {&step_total_, &step_weight_, &step_g_, &step_share_}) each->resize(count);
  log_likelihood_ = 0;
  std::size_t time = 0;
  for (const auto& stratum : strata_) {
    sum_stratum(stratum, time);
    time += stratum.times.size();
  }
}

void PartialLikelihood::sum_stratum(const Stratum& stratum, std::size_t first_time) {
  const Eigen::Index columns = x_.rows();
  // What those bring to each risk set that had a competing event before: from early to late.
  std::vector<double> later_total;
  MatrixXd later_sum;
  if (competing_) {
    later_total.resize(stratum.times.size());
    later_sum.resize(columns, static_cast<Eigen::Index>(stratum.times.size()));
    double total = 0;
    VectorXd sum = VectorXd::Zero(columns);
    std::size_t at = stratum.begin;
    for (std::size_t k = 0; k < stratum.times.size(); ++k) {
      for (; at < stratum.times[k].begin; ++at)
        if (later_[at] > 0) {
          const auto row = static_cast<Eigen::Index>(at);
          total += exp_[row] * later_[at];
          sum += exp_[row] * later_[at] * x_.col(row);
        }
      later_total[k] = total * stratum.times[k].censoring;
      later_sum.col(static_cast<Eigen::Index>(k)) = sum * stratum.times[k].censoring;
    }
  }
  double total = 0;
  VectorXd sum = VectorXd::Zero(columns), dead_sum(columns);
  std::size_t at = stratum.end;
  for (std::size_t k = stratum.times.size(); k-- > 0;) {
    const EventTime& each = stratum.times[k];
    while (at > each.begin) {
      --at;
      const double weight = exp_[static_cast<Eigen::Index>(at)];
      total += weight;
      sum += weight * x_.col(static_cast<Eigen::Index>(at));
    }
    const double dead = static_cast<double>(each.dead);
    double dead_total = 0;
    dead_sum.setZero();
    for (std::size_t row = each.begin; row < each.begin + each.dead; ++row) {
      const auto index = static_cast<Eigen::Index>(row);
      log_likelihood_ += eta_[index];
      dead_total += exp_[index];
      dead_sum += exp_[index] * x_.col(index);
    }
    const double all = total + (competing_ ? later_total[k] : 0);
    const double steps = steps_of(each);
    for (double l = 0; l < steps; ++l) {
      const auto step = static_cast<Eigen::Index>(time_first_step_[first_time + k] + static_cast<std::size_t>(l));
      const double share = ties_ == Ties::efron ? l / dead : 0;
      const double denominator = all - share * dead_total;
      const double count = dead / steps;
      step_total_[step] = denominator;
      step_weight_[step] = count;
      step_g_[step] = each.g;
      step_share_[step] = share;
      auto mean = means_.col(step);
      mean = sum - share * dead_sum;
      if (competing_) mean += later_sum.col(static_cast<Eigen::Index>(k));
      mean /= denominator;
      log_likelihood_ -= count * std::log(denominator);
    }
  }
}

VectorXd PartialLikelihood::row_weights(int power) const {
  VectorXd weights = VectorXd::Zero(x_.cols());
  std::size_t time = 0;
  for (const auto& stratum : strata_) {
    double now = 0;
    std::vector<double> later_at(competing_ ? stratum.times.size() + 1 : 0);
    std::size_t at = stratum.begin;
    for (std::size_t k = 0; k < stratum.times.size(); ++k) {
      const EventTime& each = stratum.times[k];
      for (; at < each.begin; ++at) weights[static_cast<Eigen::Index>(at)] = now;
      double all = 0, of_dead = 0;
      for (std::size_t l = 0; l < static_cast<std::size_t>(steps_of(each)); ++l) {
        const auto step = static_cast<Eigen::Index>(time_first_step_[time + k] + l);
        const double hazard = step_weight_[step] * to_power(step_g_[step], power) / step_total_[step];
        all += hazard;
        of_dead += hazard * (1 - step_share_[step]);
      }
      for (; at < each.end; ++at) weights[static_cast<Eigen::Index>(at)] = now + all;
      for (std::size_t row = each.begin; row < each.begin + each.dead; ++row)
        weights[static_cast<Eigen::Index>(row)] = now + of_dead;
      now += all;
      if (competing_) later_at[k] = all * each.censoring;
    }
    for (; at < stratum.end; ++at) weights[static_cast<Eigen::Index>(at)] = now;
    if (competing_) {
      double after = 0;  // of the event times later than the row's
      std::size_t k = stratum.times.size();
      for (std::size_t row = stratum.end; row-- > stratum.begin;) {
        while (k > 0 && stratum.times[k - 1].begin > row) after += later_at[--k];
        if (later_[row] > 0) weights[static_cast<Eigen::Index>(row)] += later_[row] * after;
      }
    }
    time += stratum.times.size();
  }
  return weights;
}

MatrixXd PartialLikelihood::information(int power) const {
  VectorXd of_steps = step_weight_;
  for (int i = 0; i < power; ++i) of_steps.array() *= step_g_.array();
  return weighted_products(x_, row_weights(power).cwiseProduct(exp_)) - weighted_products(means_, of_steps);
}

VectorXd PartialLikelihood::dead_sum(bool by_g) const {
  VectorXd sum = VectorXd::Zero(x_.rows());
  for (const auto& stratum : strata_)
    for (const auto& each : stratum.times)
      for (std::size_t row = each.begin; row < each.begin + each.dead; ++row)
        sum += (by_g ? each.g : 1) * x_.col(static_cast<Eigen::Index>(row));
  return sum;
}

PartialLikelihood::Derivatives PartialLikelihood::at(const VectorXd& beta) {
  risk(beta);
  Derivatives result;
  result.log_likelihood = log_likelihood_;
  result.score = dead_sum(false) - means_ * step_weight_;
  result.information = information(0);
  return result;
}

VectorXd PartialLikelihood::weighted_score() const {
  return dead_sum(true) - means_ * step_weight_.cwiseProduct(step_g_);
}

MatrixXd PartialLikelihood::score_residuals() const {
  const Eigen::Index columns = x_.rows();
  MatrixXd residuals = MatrixXd::Zero(columns, x_.cols());
  const VectorXd weights = row_weights(0);
  VectorXd now(columns), all(columns), of_dead(columns), mean(columns);
  std::size_t time = 0;
  for (const auto& stratum : strata_) {
    now.setZero();
    std::size_t at = stratum.begin;
    MatrixXd of_time(columns, static_cast<Eigen::Index>(competing_ ? stratum.times.size() : 0));
    for (std::size_t k = 0; k < stratum.times.size(); ++k) {
      const EventTime& each = stratum.times[k];
      for (; at < each.begin; ++at) residuals.col(static_cast<Eigen::Index>(at)) = now;
      all.setZero(), of_dead.setZero(), mean.setZero();
      double steps = 0;
      for (std::size_t l = 0; l < static_cast<std::size_t>(steps_of(each)); ++l, ++steps) {
        const auto step = static_cast<Eigen::Index>(time_first_step_[time + k] + l);
        const double hazard = step_weight_[step] / step_total_[step];
        all += hazard * means_.col(step);
        of_dead += hazard * (1 - step_share_[step]) * means_.col(step);
        mean += means_.col(step);
      }
      for (; at < each.end; ++at) residuals.col(static_cast<Eigen::Index>(at)) = now + all;
      for (std::size_t row = each.begin; row < each.begin + each.dead; ++row) {
        const auto index = static_cast<Eigen::Index>(row);
        // The sign is turned below for what is not of its own event.
        residuals.col(index) = now + of_dead + (x_.col(index) - mean / steps) / exp_[index];
      }
      now += all;
      if (competing_) of_time.col(static_cast<Eigen::Index>(k)) = all * each.censoring;
    }
    for (; at < stratum.end; ++at) residuals.col(static_cast<Eigen::Index>(at)) = now;
    if (competing_) {
      VectorXd after = VectorXd::Zero(columns);
      std::size_t k = stratum.times.size();
      for (std::size_t row = stratum.end; row-- > stratum.begin;) {
        while (k > 0 && stratum.times[k - 1].begin > row) after += of_time.col(static_cast<Eigen::Index>(--k));
        if (later_[row] > 0) residuals.col(static_cast<Eigen::Index>(row)) += later_[row] * after;
      }
    }
    time += stratum.times.size();
  }
  // exp(eta) (sum of hazard × mean - x × sum of hazard) + the event's own part.
  for (Eigen::Index row = 0; row < x_.cols(); ++row)
    residuals.col(row) = exp_[row] * (residuals.col(row) - weights[row] * x_.col(row));
  return residuals;
}

}  // namespace resident::stats
