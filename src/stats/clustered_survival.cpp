#include <algorithm>
#include <cmath>
#include <stats/clustered_survival.hpp>
#include <stats/intervals.hpp>

namespace resident::stats {

namespace {

constexpr double kTolerance = 1e-9;

// Student's t for a two-sided confidence, from the normal quantile: the Cornish–Fisher
// expansion, M. Abramowitz and I. Stegun, 26.7.5; within 1 % from 3 degrees of freedom.
double t_quantile(double z, double degrees) {
  const double z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
  return z + (z3 + z) / (4 * degrees) + (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees * degrees) +
         (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees * degrees * degrees);
}

}  // namespace

const SurvivalPoint* ClusteredCurve::point_at(double time) const {
  const auto after = std::upper_bound(curve.points.begin(), curve.points.end(), time,
                                      [](double value, const SurvivalPoint& point) { return value < point.time; });
  return after == curve.points.begin() ? nullptr : &*(after - 1);
}

ClusteredCurve clustered_kaplan_meier(std::vector<GroupedObservation> observations, double confidence) {
  ClusteredCurve result;
  std::erase_if(observations, [](const GroupedObservation& each) { return each.count <= 0; });
  if (observations.empty()) return result;
  std::sort(observations.begin(), observations.end(),
            [](const GroupedObservation& a, const GroupedObservation& b) { return a.cluster < b.cluster; });
  for (const auto& each : observations) result.longest = std::max(result.longest, each.time);
  const auto size = static_cast<std::size_t>(result.longest) + 1;

  // By time: to how many it happened, and how many were still at risk.
  std::vector<std::int64_t> happened(size, 0), at_risk(size + 1, 0);
  for (const auto& each : observations) {
    at_risk[static_cast<std::size_t>(each.time)] += each.count;
    if (each.happened) happened[static_cast<std::size_t>(each.time)] += each.count;
  }
  for (std::size_t time = size; time-- > 0;) at_risk[time] += at_risk[time + 1];

  // Influence on log S(t) of one that leaves at time j: of the event, -1/(Y-d), and of
  // having been at risk at k, +(d/Y)/(Y-d), where the last is summed over all k ≤ j.
  std::vector<double> of_event(size, 0), of_risk(size, 0), variance(size, 0);
  for (std::size_t time = 0; time < size; ++time) {
    const double risk = static_cast<double>(at_risk[time]), events = static_cast<double>(happened[time]);
    if (events <= 0 || events >= risk) continue;
    of_event[time] = 1 / (risk - events);
    of_risk[time] = events / risk / (risk - events);
  }
  double squares = 0;  // of the clusters' sizes
  std::vector<std::int64_t> cluster_happened(size), cluster_risk(size + 1);
  for (std::size_t begin = 0; begin < observations.size();) {
    std::size_t end = begin, last = 0;
    for (; end < observations.size() && observations[end].cluster == observations[begin].cluster; ++end) {
      const auto time = static_cast<std::size_t>(observations[end].time);
      cluster_risk[time] += observations[end].count;
      if (observations[end].happened) cluster_happened[time] += observations[end].count;
      last = std::max(last, time);
    }
    for (std::size_t time = last + 1; time-- > 0;) cluster_risk[time] += cluster_risk[time + 1];
    squares += static_cast<double>(cluster_risk[0]) * static_cast<double>(cluster_risk[0]);
    double influence = 0;
    for (std::size_t time = 0; time < size; ++time) {
      if (time <= last)
        influence += static_cast<double>(cluster_risk[time]) * of_risk[time] -
                     static_cast<double>(cluster_happened[time]) * of_event[time];
      variance[time] += influence * influence;
    }
    std::fill_n(cluster_risk.begin(), last + 1, 0);
    std::fill_n(cluster_happened.begin(), last + 1, 0);
    ++result.clusters;
    begin = end;
  }

  const double n = static_cast<double>(at_risk[0]);
  result.effective_clusters = n * n / squares;
  const bool has_intervals = result.effective_clusters >= kFewestClusters;
  const double t = has_intervals ? t_quantile(normal_quantile(confidence), result.effective_clusters - 1) : 0;
  const double groups = static_cast<double>(result.clusters);
  SurvivalCurve& curve = result.curve;
  curve.n = at_risk[0];
  double survival = 1, log_survival = 0, greenwood = 0;
  for (std::size_t time = 0; time < size; ++time) {
    if (happened[time] == 0) continue;
    const double risk = static_cast<double>(at_risk[time]), events = static_cast<double>(happened[time]);
    survival *= (risk - events) / risk;
    curve.happened += happened[time];
    SurvivalPoint point{static_cast<double>(time), survival, 0, {}, {}, at_risk[time], happened[time]};
    double effect = 0;
    if (events < risk) {
      log_survival += std::log1p(-events / risk);
      greenwood += events / (risk * (risk - events));
      if (has_intervals) {
        const double clustered = variance[time] * groups / (groups - 1);
        point.standard_error = survival * std::sqrt(clustered);
        effect = clustered / greenwood;
        if (survival > kTolerance) {
          const double spread = t * std::sqrt(clustered) / std::fabs(log_survival);
          point.low = std::exp(log_survival * std::exp(spread));
          point.high = std::exp(log_survival * std::exp(-spread));
        }
      }
    }
    curve.points.push_back(point);
    result.design_effect.push_back(effect);
  }
  return result;
}

}  // namespace resident::stats
