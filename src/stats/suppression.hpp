// Which cells of a table of people must not be shown, so that nobody can compute from the rest, by adding and
// subtracting, a number of people below `least` (5 unless told). Small cells go first (zero is small, too: it tells of
// everybody that they did not), then others, the smallest of a line first, until none of these can be computed. A.
// Hundepool et al., "Statistical Disclosure Control" (2012), chapter 4, for the terms; what can be computed is decided
// exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace resident::stats {

inline constexpr std::int64_t kLeastCell = 5;

// Cells that add up to a total which is shown: true where a cell must be hidden.
std::vector<bool> hidden_cells(const std::vector<std::int64_t>& counts, std::int64_t least = kLeastCell);

// Of so many people, so many chose an option among several: whether that must be hidden. Who did not choose is a cell,
// too.
inline bool is_hidden_choice(std::int64_t chose, std::int64_t all, std::int64_t least = kLeastCell) {
  return chose < least || all - chose < least;
}

// Rows of cells, all of one length; the margins (a row's sum, a column's sum) are shown beside them unless hidden, the
// total of all always. cells: [row][column]; rows, columns: the margins.
struct HiddenTable {
  std::vector<std::vector<bool>> cells;
  std::vector<bool> rows, columns;
};
HiddenTable hidden_table(const std::vector<std::vector<std::int64_t>>& counts, std::int64_t least = kLeastCell);

}  // namespace resident::stats
