#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <map>
#include <numeric>
#include <stats/partial_likelihood.hpp>

namespace resident::stats {

using Eigen::MatrixXd;
using Eigen::VectorXd;

PartialLikelihood::PartialLikelihood(const HazardData& data, Ties ties, bool competing)
    : data_(data), ties_(ties), competing_(competing) {
  const std::size_t n = data.time.size();
  order_.resize(n);
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  const auto stratum_of = [&](std::size_t row) { return data.stratum.empty() ? 0 : data.stratum[row]; };
  std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(stratum_of(a), data.time[a]) < std::pair(stratum_of(b), data.time[b]);
  });
  const auto columns = data.covariates.cols();
  x_.resize(static_cast<Eigen::Index>(n), columns);
  for (std::size_t i = 0; i < n; ++i)
    x_.row(static_cast<Eigen::Index>(i)) = data.covariates.row(static_cast<Eigen::Index>(order_[i]));
  center_ = x_.colwise().mean();
  x_.rowwise() -= center_.transpose();
  scale_ = (x_.colwise().squaredNorm() / static_cast<double>(n)).cwiseSqrt();
  for (Eigen::Index j = 0; j < columns; ++j) {
    if (scale_[j] <= 1e-12 * std::max(1.0, std::fabs(center_[j])))
      throw Error(ErrorKind::usage, "a covariate is the same for all, so it has no effect that could be estimated",
                  "leave out covariate " + std::to_string(j + 1));
    x_.col(j) /= scale_[j];
  }
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
    for (; at < stratum.end && data_.time[order_[at]] == each.time; ++at)
      if (data_.status[order_[at]] == 1) each.dead.push_back(at);
    each.end = at;
    events_ += static_cast<std::int64_t>(each.dead.size());
    if (!each.dead.empty()) stratum.times.push_back(std::move(each));
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
  std::vector<std::pair<double, bool>> all;
  for (std::size_t row = 0; row < data_.time.size(); ++row) all.emplace_back(data_.time[row], data_.status[row] == 1);
  std::sort(all.begin(), all.end());
  std::map<double, double> before;  // S(t-) at times of events
  double survival = 1, sum = 0;
  for (std::size_t at = 0; at < all.size();) {
    const double time = all[at].first, risk = static_cast<double>(all.size() - at);
    double dead = 0;
    for (; at < all.size() && all[at].first == time; ++at) dead += all[at].second;
    if (dead == 0) continue;
    before[time] = 1 - survival;
    sum += dead * (1 - survival);
    survival *= (risk - dead) / risk;
  }
  for (auto& stratum : strata_)
    for (auto& each : stratum.times) each.g = before[each.time] - sum / static_cast<double>(events_);
}

void PartialLikelihood::risk(const VectorXd& beta) {
  eta_ = x_ * beta;
  exp_ = eta_.array().exp();
  std::size_t steps = 0;
  time_first_step_.clear();
  for (const auto& stratum : strata_)
    for (const auto& each : stratum.times) {
      time_first_step_.push_back(steps);
      steps += static_cast<std::size_t>(steps_of(each));
    }
  const auto rows = static_cast<Eigen::Index>(steps);
  means_.resize(rows, x_.cols());
  for (auto* each : {&step_total_, &step_weight_, &step_g_, &step_share_}) each->resize(rows);
  log_likelihood_ = 0;
  std::size_t time = 0;
  for (const auto& stratum : strata_) {
    sum_stratum(stratum, time);
    time += stratum.times.size();
  }
}

void PartialLikelihood::sum_stratum(const Stratum& stratum, std::size_t first_time) {
  const Eigen::Index columns = x_.cols();
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
          sum += exp_[row] * later_[at] * x_.row(row).transpose();
        }
      later_total[k] = total * stratum.times[k].censoring;
      later_sum.col(static_cast<Eigen::Index>(k)) = sum * stratum.times[k].censoring;
    }
  }
  const MatrixXd columnwise =
      x_.middleRows(static_cast<Eigen::Index>(stratum.begin), static_cast<Eigen::Index>(stratum.end - stratum.begin))
          .transpose();
  double total = 0;
  VectorXd sum = VectorXd::Zero(columns);
  std::size_t at = stratum.end;
  for (std::size_t k = stratum.times.size(); k-- > 0;) {
    const EventTime& each = stratum.times[k];
    while (at > each.begin) {
      --at;
      const double weight = exp_[static_cast<Eigen::Index>(at)];
      total += weight;
      sum.noalias() += weight * columnwise.col(static_cast<Eigen::Index>(at - stratum.begin));
    }
    const double dead = static_cast<double>(each.dead.size());
    double dead_total = 0;
    VectorXd dead_sum = VectorXd::Zero(columns);
    for (const auto row : each.dead) {
      const auto index = static_cast<Eigen::Index>(row);
      log_likelihood_ += eta_[index];
      dead_total += exp_[index];
      dead_sum += exp_[index] * x_.row(index).transpose();
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
      if (competing_)
        means_.row(step) =
            ((sum + later_sum.col(static_cast<Eigen::Index>(k)) - share * dead_sum) / denominator).transpose();
      else
        means_.row(step) = ((sum - share * dead_sum) / denominator).transpose();
      log_likelihood_ -= count * std::log(denominator);
    }
  }
}

VectorXd PartialLikelihood::row_weights(int power) const {
  VectorXd weights = VectorXd::Zero(x_.rows());
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
        const double hazard = step_weight_[step] * std::pow(step_g_[step], power) / step_total_[step];
        all += hazard;
        of_dead += hazard * (1 - step_share_[step]);
      }
      for (; at < each.end; ++at) weights[static_cast<Eigen::Index>(at)] = now + all;
      for (const auto row : each.dead) weights[static_cast<Eigen::Index>(row)] = now + of_dead;
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
  const VectorXd weights = row_weights(power).cwiseProduct(exp_);
  const VectorXd of_steps = (step_weight_.array() * step_g_.array().pow(power)).matrix();
  return x_.transpose() * weights.asDiagonal() * x_ - means_.transpose() * of_steps.asDiagonal() * means_;
}

PartialLikelihood::Derivatives PartialLikelihood::at(const VectorXd& beta) {
  risk(beta);
  Derivatives result;
  result.log_likelihood = log_likelihood_;
  result.score = -means_.transpose() * step_weight_;
  for (const auto& stratum : strata_)
    for (const auto& each : stratum.times)
      for (const auto row : each.dead) result.score += x_.row(static_cast<Eigen::Index>(row)).transpose();
  result.information = information(0);
  return result;
}

VectorXd PartialLikelihood::weighted_score() const {
  VectorXd score = -means_.transpose() * step_weight_.cwiseProduct(step_g_);
  for (const auto& stratum : strata_)
    for (const auto& each : stratum.times)
      for (const auto row : each.dead) score += each.g * x_.row(static_cast<Eigen::Index>(row)).transpose();
  return score;
}

MatrixXd PartialLikelihood::score_residuals() const {
  const Eigen::Index columns = x_.cols();
  MatrixXd residuals = MatrixXd::Zero(x_.rows(), columns);
  const VectorXd weights = row_weights(0);
  std::size_t time = 0;
  for (const auto& stratum : strata_) {
    VectorXd now = VectorXd::Zero(columns);
    std::size_t at = stratum.begin;
    MatrixXd of_time(columns, static_cast<Eigen::Index>(stratum.times.size()));
    for (std::size_t k = 0; k < stratum.times.size(); ++k) {
      const EventTime& each = stratum.times[k];
      for (; at < each.begin; ++at) residuals.row(static_cast<Eigen::Index>(at)) = now.transpose();
      VectorXd all = VectorXd::Zero(columns), of_dead = all, mean = all;
      double steps = 0;
      for (std::size_t l = 0; l < static_cast<std::size_t>(steps_of(each)); ++l, ++steps) {
        const auto step = static_cast<Eigen::Index>(time_first_step_[time + k] + l);
        const VectorXd hazard = means_.row(step).transpose() * (step_weight_[step] / step_total_[step]);
        all += hazard;
        of_dead += hazard * (1 - step_share_[step]);
        mean += means_.row(step).transpose();
      }
      for (; at < each.end; ++at) residuals.row(static_cast<Eigen::Index>(at)) = (now + all).transpose();
      for (const auto row : each.dead) {
        const auto index = static_cast<Eigen::Index>(row);
        // The sign is turned below for what is not of its own event.
        residuals.row(index) = (now + of_dead).transpose() + (x_.row(index) - mean.transpose() / steps) / exp_[index];
      }
      now += all;
      of_time.col(static_cast<Eigen::Index>(k)) = all * each.censoring;
    }
    for (; at < stratum.end; ++at) residuals.row(static_cast<Eigen::Index>(at)) = now.transpose();
    if (competing_) {
      VectorXd after = VectorXd::Zero(columns);
      std::size_t k = stratum.times.size();
      for (std::size_t row = stratum.end; row-- > stratum.begin;) {
        while (k > 0 && stratum.times[k - 1].begin > row) after += of_time.col(static_cast<Eigen::Index>(--k));
        if (later_[row] > 0) residuals.row(static_cast<Eigen::Index>(row)) += later_[row] * after.transpose();
      }
    }
    time += stratum.times.size();
  }
  // exp(eta) (sum of hazard × mean - x × sum of hazard) + the event's own part.
  MatrixXd in_order(x_.rows(), columns);
  for (Eigen::Index row = 0; row < x_.rows(); ++row)
    in_order.row(static_cast<Eigen::Index>(order_[static_cast<std::size_t>(row)])) =
        exp_[row] * (residuals.row(row) - weights[row] * x_.row(row));
  return in_order;
}

}  // namespace resident::stats
