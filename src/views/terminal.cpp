// Tables for people at a terminal: the title, the claim, the rows in aligned columns
// fitted to the width, then what is needed to judge the figures. Columns that hold
// text give way first; figures are never cut while text can be.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <numeric>
#include <views/view.hpp>

namespace resident {

namespace {

constexpr std::size_t kGap = 2;          // between columns
constexpr std::size_t kNarrowText = 12;  // text columns are not cut below this
constexpr const char* kBold = "\x1b[1m";
constexpr const char* kDim = "\x1b[2m";
constexpr const char* kPlain = "\x1b[0m";

std::string styled(const std::string& text, const char* style, const RenderOptions& options) {
  return options.color && !text.empty() ? style + text + kPlain : text;
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::size_t taken = display_width(text);
  const std::string space(taken < width ? width - taken : 0, ' ');
  return right ? space + text : text + space;
}

std::string without_end_spaces(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

// Breaks text into lines of at most width columns, the later ones indented.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string result;
  std::size_t used = 0;
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    const std::size_t columns = display_width(word);
    if (used && width && used + 1 + columns > width) {
      result += "\n" + std::string(indent, ' ');
      used = indent;
    } else if (used) {
      result += ' ';
      ++used;
    }
    result += word;
    used += columns;
  }
  return result;
}

struct Table {
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> widths;
  std::vector<bool> right;
};

Table table_of(const Result& result, const std::vector<std::size_t>& chosen) {
  Table table;
  for (const std::size_t i : chosen) {
    const Column& column = result.columns[i];
    table.titles.push_back(one_line(column.title.empty() ? column.name : column.title));
    table.right.push_back(is_numeric(column.type));
    table.widths.push_back(display_width(table.titles.back()));
  }
  for (const auto& row : result.rows) {
    std::vector<std::string> cells;
    for (std::size_t at = 0; at < chosen.size(); ++at) {
      const std::size_t i = chosen[at];
      cells.push_back(one_line(format_cell(row.at(i), result.columns[i].type)));
      table.widths[at] = std::max(table.widths[at], display_width(cells.back()));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

// Narrows the widest columns until the table fits, but none below its least width.
void fit(Table& table, std::size_t width) {
  const std::size_t count = table.widths.size();
  if (width == 0 || count == 0) return;
  std::vector<std::size_t> least(count);
  for (std::size_t at = 0; at < count; ++at) {
    if (table.right[at]) {
      for (const auto& row : table.rows) least[at] = std::max(least[at], display_width(row[at]));
    } else {
      least[at] = std::min(table.widths[at], kNarrowText);
    }
  }
  std::size_t total = std::accumulate(table.widths.begin(), table.widths.end(), kGap * (count - 1));
  while (total > width) {
    std::size_t widest = count, next = 0;
    for (std::size_t at = 0; at < count; ++at) {
      if (table.widths[at] <= least[at]) continue;
      if (widest == count || table.widths[at] > table.widths[widest]) {
        next = widest == count ? 0 : table.widths[widest];
        widest = at;
      } else {
        next = std::max(next, table.widths[at]);
      }
    }
    if (widest == count) return;  // cannot be fitted: the terminal will wrap it
    const std::size_t target = std::max({least[widest], std::min(next, table.widths[widest] - 1), std::size_t{1}});
    const std::size_t cut = std::min(table.widths[widest] - target, total - width);
    table.widths[widest] -= cut;
    total -= cut;
  }
}

std::string row_of(const Table& table, const std::vector<std::string>& cells) {
  std::string text;
  for (std::size_t at = 0; at < cells.size(); ++at) {
    if (at) text += std::string(kGap, ' ');
    text += padded(fit_width(cells[at], table.widths[at]), table.widths[at], table.right[at]);
  }
  return without_end_spaces(std::move(text));
}

void add_table(std::string& out, const Result& result, const RenderOptions& options) {
  const std::vector<std::size_t> chosen = chosen_columns(result, options, Hidden::leave_out);
  if (chosen.empty()) return;
  out += '\n';
  if (result.rows.empty()) {
    out += "No rows.\n";
    return;
  }
  Table table = table_of(result, chosen);
  fit(table, options.width);
  out += styled(row_of(table, table.titles), kBold, options) + "\n";
  for (const auto& row : table.rows) out += row_of(table, row) + "\n";
}

void add_note(std::string& out, const std::string& label, std::string_view text, const RenderOptions& options) {
  const std::string line = one_line(text);
  if (trim(line).empty()) return;
  const std::size_t width = options.width ? std::min<std::size_t>(options.width, 100) : 0;
  out += styled(wrapped(label + line, width, 2), kDim, options) + "\n";
}

}  // namespace

std::string render_terminal(const std::vector<Result>& results, const RenderOptions& options) {
  check_fields(results, options);
  std::string out;
  for (const Result& result : results) {
    if (!out.empty()) out += "\n\n";
    const std::string title = one_line(result.title.empty() ? result.name : result.title);
    out += styled(options.width ? fit_width(title, options.width) : title, kBold, options) + "\n";
    if (result.simulated) out += "Simulated data: these figures come from a simulation, not from a project.\n";
    if (!result.claim.empty()) out += wrapped(one_line(result.claim), options.width, 0) + "\n";
    add_table(out, result, options);
    std::string notes;
    add_note(notes, "Definition: ", result.definition, options);
    add_note(notes, "Coverage: ", result.coverage, options);
    add_note(notes, "Uncertainty: ", result.uncertainty, options);
    for (const std::string& note : result.notes) add_note(notes, "Note: ", note, options);
    add_note(notes, "Basis: ", basis_line(result), options);
    if (!notes.empty()) out += "\n" + notes;
  }
  return out;
}

}  // namespace resident
