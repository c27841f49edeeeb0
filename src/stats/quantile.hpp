// Sample quantiles. Definition 7 of Hyndman & Fan, "Sample Quantiles in
// Statistical Packages" (1996): linear between order statistics, the default of
// R, NumPy and PostgreSQL's percentile_cont, so that figures agree with theirs.
#pragma once

#include <optional>
#include <vector>

namespace resident::stats {

// values in any order (they are reordered); p in 0..1. Nothing for no values.
std::optional<double> quantile(std::vector<double>& values, double p);

// The middle one, or the mean of the two in the middle; of at least one value.
double median(std::vector<double> values);

}  // namespace resident::stats
