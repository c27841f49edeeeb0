// A table read from CSV (RFC 4180) with a header line, as commands take it by --from: quoted cells, either line ending,
// a byte order mark, spaces around names. Whatever cannot be read is an Error{failed} that names the line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

class CsvTable {
 public:
  // what: the file's name, for messages.
  CsvTable(std::string_view text, std::string what);

  std::size_t size() const { return rows_.size(); }
  const std::vector<std::string>& header() const { return header_; }
  // Index of a column; nothing where there is none. need_column throws instead.
  std::optional<std::size_t> column(std::string_view name) const;
  std::size_t need_column(std::string_view name) const;
  const std::string& text(std::size_t row, std::size_t column) const { return rows_[row].cells[column]; }
  // Finite, with a decimal point; nothing for an empty cell.
  std::optional<double> number(std::size_t row, std::size_t column) const;
  std::optional<std::int64_t> integer(std::size_t row, std::size_t column) const;

 private:
  struct Row {
    std::size_t line;  // of the file, from 1
    std::vector<std::string> cells;
  };
  [[noreturn]] void refuse(std::size_t line, const std::string& why) const;
  Row read_row(std::string_view text, std::size_t& at, std::size_t& line) const;

  std::string what_;
  std::vector<std::string> header_;
  std::vector<Row> rows_;
};

}  // namespace resident
