// How long until one of several things happens, each of which rules out the others: a
// pull request is merged or closed unmerged. The share to whom each has happened by a
// time is Aalen and Johansen's (O. O. Aalen and S. Johansen, Scandinavian Journal of
// Statistics 5, 1978); one minus Kaplan–Meier of a single one, which takes the others for
// censoring, would say too much.
//
// Standard errors are the infinitesimal jackknife's (L. A. Jaeckel, 1972), summed by
// recursion in one pass; intervals on the log scale, or log–log of the share, which stays
// within 0 and 1. Equal to R's survfit of a multi-state Surv.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace resident::stats {

struct CauseObservation {
  double time;
  int cause;  // 0: censored at time; else 1 to the number of causes
};

struct IncidencePoint {
  double time;
  std::int64_t at_risk, censored;
  std::vector<std::int64_t> happened;  // by cause, from 0
  double event_free;                   // share to whom nothing has happened
  double event_free_error;
  std::vector<double> share, error;  // by cause: to whom it has happened by then, and its standard error
};

struct Incidence {
  std::int64_t n = 0;
  int causes = 0;
  std::vector<IncidencePoint> points;  // every time at which somebody leaves, censored or not
  // The newest point not later; nothing before the first.
  const IncidencePoint* point_at(double time) const;
};

Incidence aalen_johansen(const std::vector<CauseObservation>& observations, int causes);

enum class IntervalScale { plain, log, log_log };
struct Bounds {
  std::optional<double> low, high;
};
// Pointwise interval of a share with its standard error; nothing where the scale has none (a share of 0 on log).
// On log the interval is that of R's default: of the share itself, cut at 1. log_log is that of 1 - share.
Bounds share_interval(double share, double error, IntervalScale scale, double confidence = 0.95);

}  // namespace resident::stats
