#include <algorithm>
#include <cmath>
#include <stats/intervals.hpp>
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

SurvivalCurve kaplan_meier(std::vector<Observation> observations, double confidence) {
  std::sort(observations.begin(), observations.end(),
            [](const Observation& a, const Observation& b) { return a.time < b.time; });
  SurvivalCurve curve;
  curve.n = static_cast<std::int64_t>(observations.size());
  curve.leaving.reserve(observations.size());
  const double z = normal_quantile(confidence);
  double survival = 1, log_survival = 0, greenwood = 0;
  for (std::size_t at = 0; at < observations.size();) {
    const double time = observations[at].time;
    const std::int64_t at_risk = curve.n - static_cast<std::int64_t>(at);
    std::int64_t happened = 0;
    for (; at < observations.size() && observations[at].time == time; ++at) {
      happened += observations[at].happened;
      curve.leaving.push_back(time);
    }
    if (happened == 0) continue;
    const double risk = static_cast<double>(at_risk), events = static_cast<double>(happened);
    survival *= (risk - events) / risk;
    if (happened < at_risk) {
      log_survival += std::log1p(-events / risk);
      greenwood += events / (risk * (risk - events));
    }
    SurvivalPoint point{time, survival, survival * std::sqrt(greenwood), {}, {}, at_risk, happened};
    set_interval(point, log_survival, greenwood, z);
    curve.points.push_back(point);
    curve.happened += happened;
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
