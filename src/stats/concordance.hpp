// Of two of whom it is known to whom it happened first: how often that is the one with
// the higher risk. F. E. Harrell et al., JAMA 247 (1982); equal risks count half, equal
// times of two events are left out, as in R's survival. By an index tree, n log n.
#pragma once

#include <optional>
#include <vector>

namespace resident::stats {

// stratum: of each, only pairs of one stratum are compared; empty: all are one. Nothing where no pair can be compared.
std::optional<double> concordance(const std::vector<double>& time, const std::vector<bool>& happened,
                                  const std::vector<double>& risk, const std::vector<int>& stratum = {});

}  // namespace resident::stats
