// The mean time until it happens, counted up to a limit: the area below the curve. Known
// also where half is never reached, and in days, which a hazard ratio is not. Variance as
// in P. K. Andersen et al., "Statistical Models Based on Counting Processes" (1993),
// IV.3.4; as R's print(survfit, rmean = ).
#pragma once

#include <stats/survival.hpp>

namespace resident::stats {

struct RestrictedMean {
  double value = 0, standard_error = 0;
};

// limit in the unit of the observations, not beyond the last of them, else the curve is taken as flat.
RestrictedMean restricted_mean(const SurvivalCurve& curve, double limit);

}  // namespace resident::stats
