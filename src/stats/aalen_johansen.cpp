#include <algorithm>
#include <cmath>
#include <stats/aalen_johansen.hpp>
#include <stats/intervals.hpp>
#include <stats/ordering.hpp>

namespace resident::stats {

const IncidencePoint* Incidence::point_at(double time) const {
  const auto after = std::upper_bound(points.begin(), points.end(), time,
                                      [](double value, const IncidencePoint& point) { return value < point.time; });
  return after == points.begin() ? nullptr : &*(after - 1);
}

Incidence aalen_johansen(const std::vector<CauseObservation>& observations, int causes) {
  const auto order = order_of(observations, &CauseObservation::time);
  Incidence result;
  result.n = static_cast<std::int64_t>(observations.size());
  result.causes = causes;
  const auto count = static_cast<std::size_t>(causes);
  // Sums over all of squared influences on S, on each share, and of their products. Those at risk have one and the same
  // influence, as nothing has happened to them yet, and what each adds at a time sums to 0 over them: so no product of
  // old and new remains, and the sums can be carried on without the single ones.
  double survival = 1, of_survival = 0;
  std::vector<double> share(count, 0), of_share(count, 0), of_both(count, 0);
  for (std::size_t at = 0; at < observations.size();) {
    IncidencePoint point;
    point.time = observations[order[at]].time;
    point.at_risk = result.n - static_cast<std::int64_t>(at);
    point.censored = 0;
    point.happened.assign(count, 0);
    for (; at < order.size() && observations[order[at]].time == point.time; ++at) {
      const int cause = observations[order[at]].cause;
      ++(cause > 0 ? point.happened[static_cast<std::size_t>(cause - 1)] : point.censored);
    }
    const double risk = static_cast<double>(point.at_risk);
    double all = 0;
    for (const auto each : point.happened) all += static_cast<double>(each) / risk;
    if (all > 0) {
      const double squared = survival * survival;
      for (std::size_t cause = 0; cause < count; ++cause) {
        const double hazard = static_cast<double>(point.happened[cause]) / risk;
        of_share[cause] +=
            2 * of_both[cause] * hazard + of_survival * hazard * hazard + squared * hazard * (1 - hazard) / risk;
        of_both[cause] = (1 - all) * (of_both[cause] + of_survival * hazard) - squared * hazard * (1 - all) / risk;
        share[cause] += survival * hazard;
      }
      of_survival = of_survival * (1 - all) * (1 - all) + squared * all * (1 - all) / risk;
      survival *= 1 - all;
    }
    point.event_free = survival;
    point.event_free_error = std::sqrt(std::max(0.0, of_survival));
    point.share = share;
    for (const double each : of_share) point.error.push_back(std::sqrt(std::max(0.0, each)));
    result.points.push_back(std::move(point));
  }
  return result;
}

Bounds share_interval(double share, double error, IntervalScale scale, double confidence) {
  const double z = normal_quantile(confidence);
  if (scale == IntervalScale::plain) return {std::max(0.0, share - z * error), std::min(1.0, share + z * error)};
  if (share <= 0) return {};
  if (scale == IntervalScale::log) {
    const double spread = z * error / share;
    return {share * std::exp(-spread), std::min(1.0, share * std::exp(spread))};
  }
  if (share >= 1) return {};
  const double rest = 1 - share, log_rest = std::log(rest);
  const double spread = z * error / (rest * std::fabs(log_rest));
  return {1 - std::exp(log_rest * std::exp(-spread)), 1 - std::exp(log_rest * std::exp(spread))};
}

}  // namespace resident::stats
