#include <fmt/format.h>

#include <algorithm>
#include <base/csv_table.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <cmath>

namespace resident {

CsvTable::CsvTable(std::string_view text, std::string what) : what_(std::move(what)) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::size_t at = 0, line = 1;
  while (at < text.size()) {
    Row row = read_row(text, at, line);
    if (row.cells.size() == 1 && row.cells.front().empty()) continue;  // an empty line
    if (header_.empty()) {
      for (auto& name : row.cells) header_.emplace_back(trim(name));
      continue;
    }
    if (row.cells.size() != header_.size())
      refuse(row.line, fmt::format("{} where the header has {}",
                                   plural(static_cast<long long>(row.cells.size()), "cell"), header_.size()));
    rows_.push_back(std::move(row));
  }
  if (header_.empty()) throw Error(fmt::format("{} is empty", one_line(what_)), "its first line names the columns");
}

CsvTable::Row CsvTable::read_row(std::string_view text, std::size_t& at, std::size_t& line) const {
  Row row{line, {{}}};
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        row.cells.back() += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        row.cells.back() += text[++at];
      } else {
        quoted = false;
      }
    } else if (c == '"' && row.cells.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      row.cells.emplace_back();
    } else if (c == '\n') {
      ++at;
      return row;
    } else if (c != '\r') {
      row.cells.back() += c;
    }
  }
  if (quoted) refuse(row.line, "a quoted cell does not end");
  return row;
}

void CsvTable::refuse(std::size_t line, const std::string& why) const {
  throw Error(fmt::format("{}, line {}: {}", one_line(what_), line, why));
}

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  if (found == header_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header_.begin());
}

std::size_t CsvTable::need_column(std::string_view name) const {
  if (const auto found = column(name)) return *found;
  std::string there;
  for (const auto& each : header_) there += (there.empty() ? "" : ", ") + one_line(each);
  throw Error(fmt::format("{} has no column {}", one_line(what_), name), fmt::format("its columns are: {}", there));
}

std::optional<double> CsvTable::number(std::size_t row, std::size_t column) const {
  const std::string_view cell = trim(text(row, column));
  if (cell.empty()) return std::nullopt;
  double value = 0;
  const auto [end, problem] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (problem != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value))
    refuse(rows_[row].line, fmt::format("{} is no number: {}", header_[column], one_line(cell)));
  return value;
}

std::optional<std::int64_t> CsvTable::integer(std::size_t row, std::size_t column) const {
  const std::string_view cell = trim(text(row, column));
  if (cell.empty()) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (problem != std::errc() || end != cell.data() + cell.size())
    refuse(rows_[row].line, fmt::format("{} is no whole number: {}", header_[column], one_line(cell)));
  return value;
}

}  // namespace resident
