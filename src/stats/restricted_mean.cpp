#include <algorithm>
#include <cmath>
#include <stats/restricted_mean.hpp>

namespace resident::stats {

RestrictedMean restricted_mean(const SurvivalCurve& curve, double limit) {
  RestrictedMean result;
  double variance = 0, end = limit;
  // From late to early: the area that remains behind each point is what its error weighs.
  for (std::size_t i = curve.points.size(); i-- > 0;) {
    const auto& point = curve.points[i];
    if (point.time >= limit) continue;
    result.value += point.survival * (end - point.time);
    end = point.time;
    const double risk = static_cast<double>(point.at_risk), happened = static_cast<double>(point.happened);
    if (risk > happened) variance += result.value * result.value * happened / (risk * (risk - happened));
  }
  result.value += end;  // nothing had happened before the first point
  result.standard_error = std::sqrt(variance);
  return result;
}

}  // namespace resident::stats
