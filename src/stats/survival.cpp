#include <algorithm>
#include <cmath>
#include <stats/intervals.hpp>
#include <stats/ordering.hpp>
#include <stats/survival.hpp>

namespace resident::stats {

namespace {

constexpr double kTolerance = 1e-9;

// S to the power of exp(±z·se), se being the standard error of log(-log S).
void set_interval(SurvivalPoint& point, double log_survival, double greenwood, double z) {
  if (point.survival <= kTolerance) return;
  const double spread = z * std::sqrt(greenwood) / std::fabs(log_survival);
  point.low = std::exp(log_survival * std::exp(spread));
  point.high = std::exp(log_survival * std::exp(-spread));
}

}  // namespace

SurvivalCurve kaplan_meier(const std::vector<Observation>& observations, double confidence) {
  std::vector<double> events, censored;
  const auto happened =
      std::count_if(observations.begin(), observations.end(), [](const Observation& each) { return each.happened; });
  events.reserve(static_cast<std::size_t>(happened));
  censored.reserve(observations.size() - static_cast<std::size_t>(happened));
  for (const Observation& each : observations) (each.happened ? events : censored).push_back(each.time);
  return kaplan_meier(std::move(events), std::move(censored), confidence);
}

SurvivalCurve kaplan_meier(std::vector<double> events, std::vector<double> censored, double confidence) {
  sort_values(events);
  sort_values(censored);
  SurvivalCurve curve;
  curve.n = static_cast<std::int64_t>(events.size() + censored.size());
  curve.happened = static_cast<std::int64_t>(events.size());
  curve.leaving.resize(events.size() + censored.size());
  std::merge(events.begin(), events.end(), censored.begin(), censored.end(), curve.leaving.begin());
  const double z = normal_quantile(confidence);
  double survival = 1, log_survival = 0, greenwood = 0;
  auto left = censored.begin();
  for (auto at = events.begin(); at != events.end();) {
    const double time = *at;
    const auto begin = at;
    while (at != events.end() && *at == time) ++at;
    while (left != censored.end() && *left < time) ++left;
    const std::int64_t at_risk = curve.n - (begin - events.begin()) - (left - censored.begin()), count = at - begin;
    const double risk = static_cast<double>(at_risk), now = static_cast<double>(count);
    survival *= (risk - now) / risk;
    if (count < at_risk) {
      log_survival += std::log1p(-now / risk);
      greenwood += now / (risk * (risk - now));
    }
    SurvivalPoint point{time, survival, survival * std::sqrt(greenwood), {}, {}, at_risk, count};
    set_interval(point, log_survival, greenwood, z);
    curve.points.push_back(point);
  }
  return curve;
}

double SurvivalCurve::survival_at(double time) const {
  const auto after = std::upper_bound(points.begin(), points.end(), time,
                                      [](double value, const SurvivalPoint& point) { return value < point.time; });
  return after == points.begin() ? 1 : (after - 1)->survival;
}

std::int64_t SurvivalCurve::at_risk(double time) const {
  return leaving.end() - std::lower_bound(leaving.begin(), leaving.end(), time);
}

TimeEstimate time_until(const SurvivalCurve& curve, double p) {
  TimeEstimate estimate;
  const double level = 1 - p + kTolerance;
  for (const auto& point : curve.points) {
    if (!estimate.low && point.low && *point.low <= level) estimate.low = point.time;
    if (!estimate.value && point.survival <= level) estimate.value = point.time;
    if (!estimate.high && point.high && *point.high <= level) estimate.high = point.time;
    if (estimate.high) break;
  }
  return estimate;
}

}  // namespace resident::stats
