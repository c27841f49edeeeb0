// A CSV file (RFC 4180) of data with a line of headings, as columns: cells are views into the
// text, so that a million rows cost no copies (csv_table.hpp is for tables that must be right
// to the last row). Comma, semicolon or tab between cells: the one that the headings hold most
// of. Rows of another length, or with a cell of 16 MB and more, are set aside and counted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

class DataTable {
 public:
  // Throws Error for a text without headings or with two alike. what: a name for messages.
  DataTable(std::string text, const std::string& what);
  DataTable(const DataTable&) = delete;
  DataTable& operator=(const DataTable&) = delete;

  const std::vector<std::string>& names() const { return names_; }
  std::size_t row_count() const { return names_.empty() ? 0 : cells_.size() / names_.size(); }
  std::string_view cell(std::size_t row, std::size_t column) const {
    const Place place = cells_[row * names_.size() + column];
    return {text_.data() + place.begin, place.length};
  }
  std::optional<std::size_t> find(std::string_view name) const;
  // Throws Error{usage} with the nearest name.
  std::size_t column(std::string_view name) const;
  std::int64_t set_aside() const { return set_aside_; }

 private:
  void read(std::string_view text, char separator);
  std::string_view unquoted(std::string_view cell);
  // Where a cell stands in the text; eight bytes, as there are many.
  struct Place {
    std::uint64_t begin : 40, length : 24;
  };

  std::string text_, what_;
  std::vector<std::string> names_;
  std::vector<Place> cells_;
  std::int64_t set_aside_ = 0;
};

// A number as programs write it; nothing for anything else, "NA" and "" too, and for what is not finite.
std::optional<double> table_number(std::string_view cell);

// What stands at the path, "-" for what is piped in. Throws Error where it cannot be read.
std::string read_text_file(const std::string& path);

}  // namespace resident
