#include <algorithm>
#include <optional>
#include <stats/suppression.hpp>
#include <utility>

namespace resident::stats {

namespace {

using Place = std::pair<std::size_t, std::size_t>;

// A table with its margins as one transport problem: beside each row stands total − its sum, below each column the
// same, so that every row and every column of the whole adds up to the total, whatever the hidden cells are.
class Table {
 public:
  Table(const std::vector<std::vector<std::int64_t>>& counts, std::int64_t least)
      : rows_(counts.size()), columns_(counts.empty() ? 0 : counts.front().size()), least_(least) {
    value_.assign(rows_ + 1, std::vector<std::int64_t>(columns_ + 1));
    hidden_.assign(rows_ + 1, std::vector<bool>(columns_ + 1));
    for (std::size_t row = 0; row < rows_; ++row)
      for (std::size_t column = 0; column < columns_; ++column) {
        value_[row][column] = counts[row][column];
        value_[row][columns_] += counts[row][column];
        value_[rows_][column] += counts[row][column];
        total_ += counts[row][column];
      }
    for (std::size_t row = 0; row <= rows_; ++row)
      for (std::size_t column = 0; column <= columns_; ++column)
        hidden_[row][column] = (row < rows_ || column < columns_) && value_[row][column] < least_;
  }

  void protect() {
    while (protect_lines() || protect_cells()) {
    }
  }

  bool is_hidden(std::size_t row, std::size_t column) const { return hidden_[row][column]; }

 private:
  bool is_margin(Place place) const { return place.first == rows_ || place.second == columns_; }
  std::int64_t at(Place place) const { return value_[place.first][place.second]; }

  // A line is a row or column of the table with its margin, or the margins themselves, which add up to the total.
  std::vector<Place> line(std::size_t index) const {
    std::vector<Place> places;
    if (index <= rows_)
      for (std::size_t column = 0; column < columns_ + (index < rows_ ? 1 : 0); ++column)
        places.emplace_back(index, column);
    else
      for (std::size_t row = 0; row < rows_ + (index - rows_ - 1 < columns_ ? 1 : 0); ++row)
        places.emplace_back(row, index - rows_ - 1);
    return places;
  }

  // The hidden cells of a line are together what the shown ones leave: one alone, or few people, would be computed.
  bool protect_lines() {
    bool has_changed = false;
    for (std::size_t index = 0; index < rows_ + columns_ + 2; ++index) {
      const std::vector<Place> places = line(index);
      for (;;) {
        std::size_t hidden = 0;
        std::int64_t together = 0;
        bool margin_is_hidden = false;
        for (const Place& place : places) {
          if (!hidden_[place.first][place.second]) continue;
          ++hidden;
          const bool is_sum = is_margin(place) && index != rows_ && index != rows_ + 1 + columns_;
          if (is_sum)
            margin_is_hidden = true;
          else
            together += at(place);
        }
        if (hidden == 0 || (hidden >= 2 && (margin_is_hidden || together >= least_))) break;
        if (!hide_smallest(places)) break;
        has_changed = true;
      }
    }
    return has_changed;
  }

  bool hide_smallest(const std::vector<Place>& places) {
    std::optional<Place> smallest;
    for (const Place& place : places)
      if (!hidden_[place.first][place.second] && (!smallest || at(place) < at(*smallest))) smallest = place;
    if (smallest) hidden_[smallest->first][smallest->second] = true;
    return smallest.has_value();
  }

  // A small cell must be able to be another number, as far as anybody sees: there is a circle of hidden cells along
  // which people can be moved, one at a time, so that all that is shown stays (transport polytopes are whole-numbered).
  bool protect_cells() {
    for (std::size_t row = 0; row <= rows_; ++row)
      for (std::size_t column = 0; column <= columns_; ++column) {
        if (!hidden_[row][column] || at({row, column}) >= least_ || can_vary(row, column)) continue;
        std::vector<Place> near;
        for (std::size_t other = 0; other <= columns_; ++other)
          if (row < rows_ || other < columns_) near.emplace_back(row, other);
        for (std::size_t other = 0; other <= rows_; ++other)
          if (column < columns_ || other < rows_) near.emplace_back(other, column);
        if (hide_smallest(near)) return true;
        std::vector<Place> all;
        for (std::size_t one = 0; one <= rows_; ++one)
          for (std::size_t other = 0; other <= columns_; ++other)
            if (one < rows_ || other < columns_) all.emplace_back(one, other);
        if (hide_smallest(all)) return true;
      }
    return false;
  }

  // Whether a hidden cell of the transport table can grow or shrink: the margins' cells hold total − sum.
  bool can_grow(Place place) const { return is_margin(place) ? at(place) > 0 : true; }
  bool can_shrink(Place place) const { return is_margin(place) ? at(place) < total_ : at(place) > 0; }

  bool can_vary(std::size_t row, std::size_t column) const {
    const Place place{row, column};
    return (can_grow(place) && has_way(row, column, true)) || (can_shrink(place) && has_way(row, column, false));
  }

  // One more in the cell means one less in another of its column, one more in that one's row, and so on, back to its
  // row.
  bool has_way(std::size_t from_row, std::size_t from_column, bool grows) const {
    std::vector<bool> seen_rows(rows_ + 1), seen_columns(columns_ + 1);
    std::vector<std::size_t> columns{from_column};
    seen_columns[from_column] = true;
    while (!columns.empty()) {
      const std::size_t column = columns.back();
      columns.pop_back();
      for (std::size_t row = 0; row <= rows_; ++row) {
        const Place place{row, column};
        if (seen_rows[row] || !hidden_[row][column] || place == Place{from_row, from_column}) continue;
        if (!(grows ? can_shrink(place) : can_grow(place))) continue;
        if (row == from_row) return true;
        seen_rows[row] = true;
        for (std::size_t next = 0; next <= columns_; ++next) {
          const Place other{row, next};
          if (seen_columns[next] || !hidden_[row][next] || !(grows ? can_grow(other) : can_shrink(other))) continue;
          seen_columns[next] = true;
          columns.push_back(next);
        }
      }
    }
    return false;
  }

  std::size_t rows_, columns_;
  std::int64_t least_, total_ = 0;
  std::vector<std::vector<std::int64_t>> value_;
  std::vector<std::vector<bool>> hidden_;
};

}  // namespace

std::vector<bool> hidden_cells(const std::vector<std::int64_t>& counts, std::int64_t least) {
  std::vector<bool> hidden(counts.size());
  std::size_t number = 0;
  std::int64_t together = 0;
  const auto hide = [&](std::size_t i) { hidden[i] = true, ++number, together += counts[i]; };
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] < least) hide(i);
  while (number > 0 && number < counts.size() && (number < 2 || together < least)) {
    std::size_t smallest = counts.size();
    for (std::size_t i = 0; i < counts.size(); ++i)
      if (!hidden[i] && (smallest == counts.size() || counts[i] < counts[smallest])) smallest = i;
    hide(smallest);
  }
  return hidden;
}

HiddenTable hidden_table(const std::vector<std::vector<std::int64_t>>& counts, std::int64_t least) {
  HiddenTable result;
  if (counts.empty()) return result;
  Table table(counts, least);
  table.protect();
  const std::size_t columns = counts.front().size();
  for (std::size_t row = 0; row < counts.size(); ++row) {
    result.cells.emplace_back();
    for (std::size_t column = 0; column < columns; ++column)
      result.cells.back().push_back(table.is_hidden(row, column));
    result.rows.push_back(table.is_hidden(row, columns));
  }
  for (std::size_t column = 0; column < columns; ++column)
    result.columns.push_back(table.is_hidden(counts.size(), column));
  return result;
}

}  // namespace resident::stats
