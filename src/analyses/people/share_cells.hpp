// A share with its interval as cells of a row: what all tables about people show.
#pragma once

#include <framework/result.hpp>
#include <stats/intervals.hpp>
#include <vector>

namespace resident {

inline Cell cell_of(const std::optional<double>& value) {
  Cell cell;
  if (value) cell = *value;
  return cell;
}

// count / n with Wilson's 95 % interval: three cells, empty ones for n = 0.
inline void add_share(std::vector<Cell>& row, std::int64_t count, std::int64_t n) {
  std::optional<double> share, low, high;
  if (const auto interval = stats::wilson_interval(count, n)) {
    share = static_cast<double>(count) / static_cast<double>(n);
    low = interval->low;
    high = interval->high;
  }
  for (const auto& value : {share, low, high}) row.push_back(cell_of(value));
}

}  // namespace resident
