// How long until something happens, where for some it has not happened yet.
// Leaving those out, or taking their waiting so far for an answer, makes a slow
// project look fast; Kaplan–Meier with right censoring uses what is known of them:
// that it took at least so long.
//
// Estimate: E. L. Kaplan and P. Meier, JASA 53 (1958). Variance: M. Greenwood
// (1926). Pointwise intervals: log(-log S), J. D. Kalbfleisch and R. L. Prentice,
// "The Statistical Analysis of Failure Time Data" (1980), as R's survfit gives with
// conf.type = "log-log". Equal to published figures and tested for coverage.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace resident::stats {

struct Observation {
  double time;    // until it happened, or how long it has been known not to have
  bool happened;  // false: censored at time
};

// The curve from one time at which it happened to somebody until the next.
struct SurvivalPoint {
  double time;
  double survival;                  // share to whom it has not happened by then
  double standard_error;            // of survival, by Greenwood
  std::optional<double> low, high;  // nothing where survival is 0
  std::int64_t at_risk;             // just before; those censored at this very time are among them
  std::int64_t happened;            // at this time
};

struct SurvivalCurve {
  std::int64_t n = 0, happened = 0;
  std::vector<SurvivalPoint> points;  // in order of time
  std::vector<double> leaving;        // times of all observations, in order

  // Share to whom it has not happened by then: 1 before the first point.
  double survival_at(double time) const;
  // How many are known not to have had it just before that time.
  std::int64_t at_risk(double time) const;
};

// A time with its interval; nothing where the curve, or its bound, does not get there.
struct TimeEstimate {
  std::optional<double> value, low, high;
};

SurvivalCurve kaplan_meier(const std::vector<Observation>& observations, double confidence = 0.95);
// The same from the times at which it happened, and those of the others.
SurvivalCurve kaplan_meier(std::vector<double> events, std::vector<double> censored, double confidence = 0.95);

// The time by which it has happened to a share p: the smallest t with
// S(t) <= 1 - p (up to 1e-9, for rounding), in the unit of the observations. The
// interval holds the times at which the pointwise interval holds 1 - p: R.
// Brookmeyer and J. Crowley, Biometrics 38 (1982), on the log-log scale.
TimeEstimate time_until(const SurvivalCurve& curve, double p);
inline TimeEstimate median_time(const SurvivalCurve& curve) {
  return time_until(curve, 0.5);
}

}  // namespace resident::stats
