#include <algorithm>
#include <base/data_table.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>

namespace resident {

DataTable::DataTable(std::string text, const std::string& what) : text_(std::move(text)), what_(what) {
  std::string_view all = text_;
  if (all.starts_with("\xEF\xBB\xBF")) all.remove_prefix(3);
  const auto headings = all.substr(0, all.find('\n'));
  char separator = ',';
  for (const char each : {';', '\t'})
    if (std::count(headings.begin(), headings.end(), each) > std::count(headings.begin(), headings.end(), separator))
      separator = each;
  read(all, separator);
  if (names_.empty())
    throw Error(ErrorKind::usage, one_line(what_) + " has no headings", "the first line names the columns");
  auto sorted = names_;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    throw Error(ErrorKind::usage, one_line(what_) + " has two columns called " + one_line(*twice), "name them apart");
}

void DataTable::read(std::string_view text, char separator) {
  std::vector<std::string_view> row;
  const char* at = text.data();
  const char* const end = at + text.size();
  constexpr std::uint64_t kMostLength = (1 << 24) - 1, kMostBegin = (std::uint64_t{1} << 40) - 1;
  const auto is_short = [](std::string_view cell) { return cell.size() <= kMostLength; };
  if (text.size() > kMostBegin) throw Error(ErrorKind::usage, one_line(what_) + " is too large", "split it");
  while (at < end) {
    row.clear();
    const char* const begin_of_row = at;
    for (;;) {
      const char* begin = at;
      bool is_quoted = at < end && *at == '"';
      if (is_quoted) {
        for (++at; at < end; ++at) {
          if (*at != '"') continue;
          if (at + 1 < end && at[1] == '"')
            ++at;
          else
            break;
        }
      }
      while (at < end && *at != separator && *at != '\n') ++at;
      std::string_view cell(begin, static_cast<std::size_t>(at - begin));
      if (cell.ends_with('\r')) cell.remove_suffix(1);
      row.push_back(is_quoted ? unquoted(cell) : cell);
      if (at >= end || *at == '\n') break;
      ++at;
    }
    if (at < end) ++at;
    if (row.size() == 1 && row[0].empty()) continue;
    if (names_.empty()) {
      for (const auto each : row) {
        const auto from = each.find_first_not_of(' '), to = each.find_last_not_of(' ');
        names_.emplace_back(from == std::string_view::npos ? "" : each.substr(from, to - from + 1));
      }
    } else if (row.size() == names_.size() && std::all_of(row.begin(), row.end(), is_short)) {
      // As many as there would be if all rows were as long as this one, and no more than a byte each allows.
      if (cells_.empty())
        cells_.reserve(std::min(text.size() / static_cast<std::size_t>(at - begin_of_row) * 9 / 8 + 1, text.size()) *
                       names_.size());
      for (const auto each : row)
        cells_.push_back({static_cast<std::uint64_t>(each.data() - text_.data()) & kMostBegin,
                          static_cast<std::uint64_t>(each.size()) & kMostLength});
    } else {
      ++set_aside_;
    }
  }
}

// In its place, as it only gets shorter.
std::string_view DataTable::unquoted(std::string_view cell) {
  cell.remove_prefix(1);
  if (cell.ends_with('"')) cell.remove_suffix(1);
  if (cell.find('"') == std::string_view::npos) return cell;
  char* const begin = text_.data() + (cell.data() - text_.data());
  char* to = begin;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    *to++ = cell[i];
    if (cell[i] == '"' && i + 1 < cell.size() && cell[i + 1] == '"') ++i;
  }
  return {begin, static_cast<std::size_t>(to - begin)};
}

std::optional<std::size_t> DataTable::find(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

std::size_t DataTable::column(std::string_view name) const {
  if (const auto found = find(name)) return *found;
  const std::string nearest = near_miss(name, names_);
  std::string all;
  for (const auto& each : names_) all += (all.empty() ? "" : ", ") + one_line(each);
  throw Error(ErrorKind::usage, one_line(what_) + " has no column called " + one_line(name),
              nearest.empty() ? "they are " + all : "did you mean " + one_line(nearest) + "?");
}

std::optional<double> table_number(std::string_view cell) {
  while (cell.starts_with(' ')) cell.remove_prefix(1);
  while (cell.ends_with(' ')) cell.remove_suffix(1);
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double value = 0;
  const auto read = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (cell.empty() || read.ec != std::errc() || read.ptr != cell.data() + cell.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::string read_text_file(const std::string& path) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (file) {
    file.seekg(0, std::ios::end);
    const auto size = file.tellg();
    if (size > 0) {
      // In parts, so that the memory is not filled twice.
      text.reserve(static_cast<std::size_t>(size));
      file.seekg(0);
      std::vector<char> part(std::size_t{1} << 17);
      while (file.read(part.data(), static_cast<std::streamsize>(part.size())) || file.gcount() > 0)
        text.append(part.data(), static_cast<std::size_t>(file.gcount()));
    } else {
      file.clear();
      text.assign(std::istreambuf_iterator<char>(file), {});
    }
  }
  if (!file && !file.eof()) throw Error("cannot read " + one_line(path), "is it there, and a file?");
  return text;
}

}  // namespace resident
