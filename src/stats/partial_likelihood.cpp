#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <stats/ordering.hpp>
#include <stats/partial_likelihood.hpp>

namespace resident::stats {

using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// The sum of weight × column × column': the lower half, four columns at a time, two rows in a register. For some tens
// of covariates a product of matrices would take longer to bring its blocks into order than to multiply them.
MatrixXd weighted_products(const MatrixXd& columns, const VectorXd& weights) {
  using Pair = Eigen::Map<const Eigen::Array2d>;
  const Eigen::Index p = columns.rows(), wide = (p + 1) / 2 * 2, whole = columns.cols() / 4 * 4;
  std::vector<double> lower(static_cast<std::size_t>(p * wide), 0), x(static_cast<std::size_t>(4 * wide), 0);
  const auto column = [&](Eigen::Index i) { return x.data() + i * wide; };
  for (Eigen::Index at = 0; at < whole; at += 4) {
    for (Eigen::Index i = 0; i < 4; ++i) std::copy_n(columns.data() + (at + i) * p, p, column(i));
    for (Eigen::Index j = 0; j < p; ++j) {
      const double a = weights[at] * column(0)[j], b = weights[at + 1] * column(1)[j],
                   c = weights[at + 2] * column(2)[j], d = weights[at + 3] * column(3)[j];
      double* const row = lower.data() + j * wide;
      for (Eigen::Index k = 0; k <= j; k += 2)
        Eigen::Map<Eigen::Array2d>(row + k) +=
            (a * Pair(column(0) + k) + b * Pair(column(1) + k)) + (c * Pair(column(2) + k) + d * Pair(column(3) + k));
    }
  }
  MatrixXd sum(p, p);
  for (Eigen::Index j = 0; j < p; ++j)
    for (Eigen::Index k = 0; k <= j; ++k) {
      double each = lower[static_cast<std::size_t>(j * wide + k)];
      for (Eigen::Index at = whole; at < columns.cols(); ++at) each += weights[at] * columns(j, at) * columns(k, at);
      sum(j, k) = sum(k, j) = each;
    }
  return sum;
}

// sum += weight × column.
void add_scaled(double* sum, double weight, const double* column, std::size_t size) {
  for (std::size_t j = 0; j < size; ++j) sum[j] += weight * column[j];
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
  order_ = order_of(data.time);
  if (!data.stratum.empty())
    std::stable_sort(order_.begin(), order_.end(), [&](auto a, auto b) { return data.stratum[a] < data.stratum[b]; });
  for (auto begin = order_.begin(); begin != order_.end();) {
    auto end = begin + 1;
    while (end != order_.end() && data.time[*end] == data.time[*begin] && stratum_of(*end) == stratum_of(*begin)) ++end;
    if (end - begin > 1) std::stable_partition(begin, end, [&](auto row) { return data.status[row] == 1; });
    begin = end;
  }
  const auto columns = data.covariates.cols();
  center_ = data.covariates.colwise().mean();
  x_.resize(columns, static_cast<Eigen::Index>(n));
  for (Eigen::Index j = 0; j < columns; ++j) {
    const double* const from = data.covariates.data() + j * data.covariates.rows();
    double* to = x_.data() + j;
    for (std::size_t i = 0; i < n; ++i, to += columns) *to = from[order_[i]] - center_[j];
  }
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
  dead_sum_ = dead_sum(false);
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
  std::vector<std::uint32_t> by_time = order_;
  if (strata_.size() > 1)
    std::stable_sort(by_time.begin(), by_time.end(), [&](auto a, auto b) { return data_.time[a] < data_.time[b]; });
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
  const auto size = static_cast<std::size_t>(columns);
  const double* const x = x_.data();
  double total = 0;
  std::vector<double> sum(size, 0), of_dead(size);
  std::size_t at = stratum.end;
  for (std::size_t k = stratum.times.size(); k-- > 0;) {
    const EventTime& each = stratum.times[k];
    while (at > each.begin) {
      --at;
      const double weight = exp_[static_cast<Eigen::Index>(at)];
      total += weight;
      add_scaled(sum.data(), weight, x + at * size, size);
    }
    const double dead = static_cast<double>(each.dead);
    double dead_total = 0;
    // With one death nothing is taken off for ties.
    const bool has_shares = ties_ == Ties::efron && each.dead > 1;
    if (has_shares) std::fill(of_dead.begin(), of_dead.end(), 0.0);
    for (std::size_t row = each.begin; row < each.begin + each.dead; ++row) {
      const auto index = static_cast<Eigen::Index>(row);
      log_likelihood_ += eta_[index];
      if (!has_shares) continue;
      dead_total += exp_[index];
      add_scaled(of_dead.data(), exp_[index], x + row * size, size);
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
      double* const mean = means_.data() + step * columns;
      const double* const later = competing_ ? later_sum.data() + static_cast<Eigen::Index>(k) * columns : nullptr;
      const double scale = 1 / denominator;
      if (share > 0)
        for (std::size_t j = 0; j < size; ++j) mean[j] = (sum[j] - share * of_dead[j]) * scale;
      else
        for (std::size_t j = 0; j < size; ++j) mean[j] = sum[j] * scale;
      for (std::size_t j = 0; later != nullptr && j < size; ++j) mean[j] += later[j] * scale;
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
  result.score = dead_sum_ - means_ * step_weight_;
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
