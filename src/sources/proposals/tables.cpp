#include <algorithm>
#include <base/text.hpp>
#include <map>
#include <optional>
#include <sources/proposals/tables.hpp>

namespace resident {

namespace {

constexpr std::size_t kMostRows = 20'000, kMostCells = 40, kMostCell = 4000, kMostText = 500, kMostAddress = 1000;

using Definitions = std::map<std::string, std::string>;

std::string reference_name(std::string_view text) {
  return to_lower(trim(text));
}

// "[name]: address" lines, wherever they stand.
Definitions read_definitions(std::string_view text) {
  Definitions definitions;
  for (auto line : split(text, '\n')) {
    line = trim(line);
    const std::size_t end = line.starts_with('[') ? line.find("]:") : std::string_view::npos;
    if (end == std::string_view::npos || end < 2 || definitions.size() > kMostRows) continue;
    auto address = trim(line.substr(end + 2));
    address = address.substr(0, address.find_first_of(" \t"));
    if (address.starts_with('<') && address.ends_with('>')) address = address.substr(1, address.size() - 2);
    definitions.emplace(reference_name(line.substr(1, end - 1)), clean_text(address, kMostAddress));
  }
  return definitions;
}

// Where the bracket that opens at `at` closes, as brackets nest outside of code; npos: nowhere.
std::size_t closing(std::string_view text, std::size_t at, char open, char close) {
  int depth = 0;
  bool in_code = false;
  for (std::size_t i = at; i < text.size(); ++i) {
    if (text[i] == '`') in_code = !in_code;
    if (text[i] == '\\') {
      ++i;
    } else if (!in_code && text[i] == open) {
      ++depth;
    } else if (!in_code && text[i] == close && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

struct Link {
  std::string_view words;
  std::string address;
  std::size_t end = 0;  // behind it
};

// The link whose words begin with the bracket at `at`.
std::optional<Link> link_at(std::string_view text, std::size_t at, const Definitions& definitions) {
  const std::size_t end = closing(text, at, '[', ']');
  if (end == std::string_view::npos) return std::nullopt;
  Link link{text.substr(at + 1, end - at - 1), {}, end + 1};
  std::string name = reference_name(link.words);
  if (link.end < text.size() && text[link.end] == '(') {
    const std::size_t close = closing(text, link.end, '(', ')');
    if (close == std::string_view::npos) return std::nullopt;
    auto address = trim(text.substr(link.end + 1, close - link.end - 1));
    link.address = clean_text(address.substr(0, address.find_first_of(" \t")), kMostAddress);
    link.end = close + 1;
    return link;
  }
  if (link.end < text.size() && text[link.end] == '[') {
    const std::size_t close = text.find(']', link.end);
    if (close == std::string_view::npos) return std::nullopt;
    if (close > link.end + 1) name = reference_name(text.substr(link.end + 1, close - link.end - 1));
    link.end = close + 1;
  }
  const auto found = definitions.find(name);
  if (found != definitions.end()) link.address = found->second;
  return link;
}

// Links in links are no links: deeper than this their brackets are only brackets.
constexpr int kDeepest = 3;

std::string strip(std::string_view text, const Definitions& definitions, std::string* first_link, int depth = 0) {
  text = text.substr(0, kMostCell);
  bool may_link = depth < kDeepest;
  std::string plain;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '[' && may_link) {
      if (const auto link = link_at(text, i, definitions)) {
        if (first_link && first_link->empty()) *first_link = link->address;
        plain += strip(link->words, {}, nullptr, depth + 1);
        i = link->end;
        continue;
      }
      may_link = false;
    }
    if (c == '<') {
      const std::size_t end = text.find('>', i);
      if (end != std::string_view::npos) {
        const auto inside = text.substr(i + 1, end - i - 1);
        if (first_link && first_link->empty() && inside.starts_with("http"))
          *first_link = clean_text(inside, kMostAddress);
        plain += ' ';
        i = end + 1;
        continue;
      }
    }
    if (c == '\\' && i + 1 < text.size()) {
      plain += text[i + 1];
      i += 2;
      continue;
    }
    if (c != '`' && c != '*') plain += c;
    ++i;
  }
  std::string result;
  for (const char c : clean_text(plain, kMostText)) {
    const bool is_space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!is_space)
      result += c;
    else if (!result.empty() && result.back() != ' ')
      result += ' ';
  }
  if (result.ends_with(' ')) result.pop_back();
  return one_line(result);
}

// A line's cells: bars that are escaped, or stand in code, separate none.
std::vector<std::string_view> split_cells(std::string_view line) {
  line = trim(line);
  if (line.starts_with('|')) line.remove_prefix(1);
  if (line.ends_with('|') && !line.ends_with("\\|")) line.remove_suffix(1);
  std::vector<std::string_view> cells;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= line.size() && cells.size() < kMostCells; ++i) {
    if (i < line.size() && line[i] == '\\') {
      ++i;
    } else if (i == line.size() || line[i] == '|') {
      cells.push_back(trim(line.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  return cells;
}

bool is_rule(std::string_view line) {
  line = trim(line);
  return line.find('-') != std::string_view::npos && line.find('|') != std::string_view::npos &&
         line.find_first_not_of("|-: \t") == std::string_view::npos;
}

}  // namespace

const TableCell* TableRow::below(std::string_view word) const {
  for (std::size_t i = 0; i < titles.size() && i < cells.size(); ++i)
    if (contains_ignoring_case(titles[i], word)) return &cells[i];
  return nullptr;
}

std::string plain_markdown(std::string_view text) {
  return strip(text, {}, nullptr);
}

std::vector<TableRow> markdown_rows(std::string_view text) {
  std::vector<TableRow> rows;
  const Definitions definitions = read_definitions(text);
  std::string heading;
  std::vector<std::string> titles;
  std::string_view before;
  bool in_table = false;
  for (auto line : split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto bare = trim(line);
    if (bare.starts_with('#'))
      heading = strip(bare.substr(bare.find_first_not_of('#') == std::string_view::npos ? bare.size()
                                                                                        : bare.find_first_not_of('#')),
                      definitions, nullptr);
    if (is_rule(bare) && before.find('|') != std::string_view::npos) {
      titles.clear();
      for (const auto cell : split_cells(before)) titles.push_back(strip(cell, definitions, nullptr));
      in_table = true;
    } else if (in_table && bare.find('|') != std::string_view::npos) {
      TableRow row{heading, titles, {}};
      for (const auto cell : split_cells(bare)) {
        TableCell read;
        read.text = strip(cell, definitions, &read.link);
        row.cells.push_back(std::move(read));
      }
      if (rows.size() < kMostRows) rows.push_back(std::move(row));
    } else {
      in_table = false;
    }
    before = bare;
  }
  return rows;
}

}  // namespace resident
