#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <random>
#include <set>
#include <stats/suppression.hpp>

namespace resident::stats {
namespace {

using Counts = std::vector<std::vector<std::int64_t>>;

TEST(Suppression, AListHidesTheSmallAndWhatWouldGiveThemAway) {
  using Hidden = std::vector<bool>;
  EXPECT_EQ(hidden_cells({10, 20, 30}), (Hidden{false, false, false}));
  EXPECT_EQ(hidden_cells({10, 20, 3}), (Hidden{true, false, true}));           // 3 alone would be the rest
  EXPECT_EQ(hidden_cells({10, 2, 3}), (Hidden{false, true, true}));            // together 5
  EXPECT_EQ(hidden_cells({10, 12, 1, 1}), (Hidden{true, false, true, true}));  // together 2: one more
  EXPECT_EQ(hidden_cells({30, 0}), (Hidden{true, true}));                      // everybody said so: that tells of each
  EXPECT_TRUE(hidden_cells({}).empty());
  EXPECT_TRUE(is_hidden_choice(4, 20));
  EXPECT_TRUE(is_hidden_choice(17, 20));
  EXPECT_FALSE(is_hidden_choice(5, 10));
}

// Somebody who knows the rules of adding up and every number that is shown, and tries out all tables: for each hidden
// small number there must be two tables at least that differ in it. Shares no code with what is tested.
class Attacker {
 public:
  Attacker(const Counts& counts, const HiddenTable& hidden) : counts_(counts), hidden_(hidden) {
    rows_ = counts.size();
    columns_ = counts.front().size();
    for (const auto& row : counts)
      for (const std::int64_t cell : row) total_ += cell;
    guess_.assign(rows_, std::vector<std::int64_t>(columns_));
    seen_.assign((rows_ + 1) * (columns_ + 1), {});
  }

  // The small numbers that were computed, the margins' among them.
  int computed() {
    try_cell(0, total_);
    int count = 0;
    for (std::size_t row = 0; row <= rows_; ++row)
      for (std::size_t column = 0; column <= columns_; ++column)
        if (row < rows_ || column < columns_)
          count += truth(row, column) < kLeastCell && seen_[row * (columns_ + 1) + column].size() < 2;
    return count;
  }
  bool found_the_truth() const { return solutions_ > 0; }

 private:
  std::int64_t sum(const Counts& cells, std::size_t row, std::size_t column) const {
    std::int64_t result = 0;
    for (std::size_t r = 0; r < rows_; ++r)
      for (std::size_t c = 0; c < columns_; ++c)
        if ((row == rows_ || r == row) && (column == columns_ || c == column)) result += cells[r][c];
    return result;
  }
  std::int64_t truth(std::size_t row, std::size_t column) const { return sum(counts_, row, column); }

  void try_cell(std::size_t at, std::int64_t left) {
    if (at == rows_ * columns_) {
      if (left == 0) note();
      return;
    }
    const std::size_t row = at / columns_, column = at % columns_;
    const bool is_last_of_row = column + 1 == columns_, is_last_row = row + 1 == rows_;
    const bool is_shown = !hidden_.cells[row][column];
    for (std::int64_t value = is_shown ? counts_[row][column] : 0; value <= (is_shown ? counts_[row][column] : left);
         ++value) {
      if (value > left) break;
      guess_[row][column] = value;
      if (is_last_of_row && !hidden_.rows[row] && sum(guess_, row, columns_) != truth(row, columns_)) {
        guess_[row][column] = 0;
        continue;
      }
      if (is_last_row && !hidden_.columns[column] && sum(guess_, rows_, column) != truth(rows_, column)) {
        guess_[row][column] = 0;
        continue;
      }
      try_cell(at + 1, left - value);
      guess_[row][column] = 0;
    }
  }

  void note() {
    ++solutions_;
    for (std::size_t row = 0; row <= rows_; ++row)
      for (std::size_t column = 0; column <= columns_; ++column)
        seen_[row * (columns_ + 1) + column].insert(sum(guess_, row, column));
  }

  const Counts& counts_;
  const HiddenTable& hidden_;
  std::size_t rows_ = 0, columns_ = 0;
  std::int64_t total_ = 0;
  std::int64_t solutions_ = 0;
  Counts guess_;
  std::vector<std::set<std::int64_t>> seen_;
};

TEST(Suppression, NoSmallNumberOfATableCanBeComputed) {
  std::mt19937 random(18);
  std::int64_t hidden = 0, shown = 0;
  for (int round = 0; round < 400; ++round) {
    const std::size_t rows = 2 + random() % 2, columns = 2 + random() % 2;
    Counts counts(rows, std::vector<std::int64_t>(columns));
    std::int64_t total = 0;
    const int most = 3 + static_cast<int>(random() % 9);
    for (auto& row : counts)
      for (std::int64_t& cell : row) total += cell = static_cast<std::int64_t>(random() % static_cast<unsigned>(most));
    if (total < kLeastCell || total > 26) continue;  // more would take the attacker too long
    const HiddenTable table = hidden_table(counts);
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t column = 0; column < columns; ++column) {
        (table.cells[row][column] ? hidden : shown) += 1;
        if (counts[row][column] < kLeastCell) {
          ASSERT_TRUE(table.cells[row][column]);
        }
      }
    Attacker attacker(counts, table);
    std::string text;
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t column = 0; column < columns; ++column)
        text += std::to_string(counts[row][column]) + (table.cells[row][column] ? "h " : " ");
    EXPECT_EQ(attacker.computed(), 0) << text;
    ASSERT_TRUE(attacker.found_the_truth());
  }
  EXPECT_GT(shown, 0);
  EXPECT_GT(hidden, 0);
}

// The attacker does find what a table that hides the small cells alone gives away.
TEST(Suppression, TheAttackerIsNoStrawMan) {
  const Counts counts{{3, 9}, {8, 6}};
  HiddenTable careless{{{true, false}, {false, false}}, {false, false}, {false, false}};
  EXPECT_EQ(Attacker(counts, careless).computed(), 1);
  EXPECT_EQ(Attacker(counts, hidden_table(counts)).computed(), 0);
}

TEST(Suppression, LargeTablesOfLargeNumbersAreShownWhole) {
  const Counts counts(6, std::vector<std::int64_t>(5, 40));
  const HiddenTable table = hidden_table(counts);
  for (const auto& row : table.cells)
    for (const bool cell : row) EXPECT_FALSE(cell);
  // One small cell takes three more along: its row's, its column's, and the fourth of the circle.
  Counts other = counts;
  other[2][3] = 2;
  int hidden = 0;
  for (const auto& row : hidden_table(other).cells)
    for (const bool cell : row) hidden += cell;
  EXPECT_EQ(hidden, 4);
}

}  // namespace
}  // namespace resident::stats
