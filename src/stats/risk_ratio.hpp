// Of two groups, how much more often something happened in the first; and how strongly something unmeasured would have
// to go with both group and outcome to explain that away: the E-value of T. J. VanderWeele and P. Ding, Annals of
// Internal Medicine 167 (2017). Interval: of the logarithm, D. Katz et al., Biometrics 34 (1978).
#pragma once

#include <cstdint>
#include <optional>

namespace resident::stats {

struct RiskRatio {
  double ratio = 1, low = 1, high = 1;  // 95 %
  double e_value = 1;                   // of the ratio
  double e_value_of_interval = 1;       // of the bound nearer to 1; 1 where the interval holds 1
};

// Nothing where it happened to none of a group, or to all of both.
std::optional<RiskRatio> risk_ratio(std::int64_t happened_first, std::int64_t first, std::int64_t happened_second,
                                    std::int64_t second);
// Of a ratio above 0; below 1 that of its inverse.
double e_value(double ratio);

}  // namespace resident::stats
