// Tables for people at a terminal: the title, the claim, the rows in aligned columns
// fitted to the width, then what is needed to judge the figures. Columns that hold
// text give way first; figures are never cut while text can be, and columns for which no room is left are named below.
// Queues have two lines a row instead: what to do and the title; why.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <numeric>
#include <optional>
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

std::string title_of(const Column& column) {
  return one_line(column.title.empty() ? column.name : column.title);
}

std::size_t longest_word(std::string_view text) {
  std::size_t longest = 0;
  for (const std::string_view word : split(text, ' ')) longest = std::max(longest, display_width(word));
  return longest;
}

Table table_of(const Result& result, const std::vector<std::size_t>& chosen) {
  Table table;
  for (const std::size_t i : chosen) {
    const Column& column = result.columns[i];
    table.titles.push_back(title_of(column));
    table.right.push_back(is_numeric(column.type));
    table.widths.push_back(display_width(table.titles.back()));
  }
  for (const auto& row : result.rows) {
    std::vector<std::string> cells;
    for (std::size_t at = 0; at < chosen.size(); ++at) {
      const std::size_t i = chosen[at];
      cells.push_back(one_line(shown_cell(row.at(i), result.columns[i])));
      table.widths[at] = std::max(table.widths[at], display_width(cells.back()));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

// How far columns may be narrowed: figures not at all, words to kNarrowText, and titles to their longest word.
std::vector<std::size_t> least_widths(const Table& table) {
  std::vector<std::size_t> least(table.widths.size());
  for (std::size_t at = 0; at < least.size(); ++at) {
    least[at] = std::min(longest_word(table.titles[at]), kNarrowText);
    if (table.right[at])
      for (const auto& row : table.rows) least[at] = std::max(least[at], display_width(row[at]));
    else
      least[at] = std::max(least[at], std::min(table.widths[at], kNarrowText));
  }
  return least;
}

// How many columns, from the first, there is room for.
std::size_t columns_with_room(const std::vector<std::size_t>& least, std::size_t width) {
  std::size_t total = 0;
  for (std::size_t at = 0; at < least.size(); ++at) {
    total += least[at] + (at ? kGap : 0);
    if (total > width) return std::max<std::size_t>(at, 1);
  }
  return least.size();
}

// Narrows the widest columns until the table fits, but none below its least width. Gives how many columns are left:
// the others have no room.
std::size_t fit(Table& table, std::size_t width) {
  if (width == 0 || table.widths.empty()) return table.widths.size();
  const std::vector<std::size_t> least = least_widths(table);
  const std::size_t count = columns_with_room(least, width);
  table.widths.resize(count);
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
    if (widest == count) break;  // one column that is wider than the terminal
    const std::size_t target = std::max({least[widest], std::min(next, table.widths[widest] - 1), std::size_t{1}});
    const std::size_t cut = std::min(table.widths[widest] - target, total - width);
    table.widths[widest] -= cut;
    total -= cut;
  }
  if (total > width && count == 1) table.widths[0] = width;
  return count;
}

std::string row_of(const Table& table, const std::vector<std::string>& cells) {
  std::string text;
  for (std::size_t at = 0; at < table.widths.size(); ++at) {
    if (at) text += std::string(kGap, ' ');
    text += padded(fit_width(cells[at], table.widths[at]), table.widths[at], table.right[at]);
  }
  return without_end_spaces(std::move(text));
}

// Titles that are wider than their columns stand on several lines, the last ones of all beside each other.
std::string head_of(const Table& table, const RenderOptions& options) {
  std::vector<std::vector<std::string>> titles;
  std::size_t height = 1;
  for (std::size_t at = 0; at < table.widths.size(); ++at) {
    const std::string broken = wrapped(table.titles[at], table.widths[at], 0);
    titles.emplace_back();
    for (const std::string_view line : split(broken, '\n')) titles.back().emplace_back(line);
    height = std::max(height, titles.back().size());
  }
  std::string out;
  for (std::size_t line = 0; line < height; ++line) {
    std::vector<std::string> cells;
    for (const auto& title : titles) {
      const std::size_t above = height - title.size();
      cells.push_back(line < above ? std::string() : title[line - above]);
    }
    out += styled(row_of(table, cells), kBold, options) + "\n";
  }
  return out;
}

// Which columns are not shown, if any.
std::string left_out_line(const Result& result, const std::vector<std::size_t>& chosen, std::size_t shown) {
  if (shown == chosen.size()) return {};
  std::vector<std::string> names;
  for (std::size_t at = shown; at < chosen.size(); ++at) names.push_back(title_of(result.columns[chosen[at]]));
  return fmt::format("No room for: {} (a wider terminal, or --format csv, shows all)", fmt::join(names, ", "));
}

// --- Queues ---

// A row of a queue as words: what stands on the first line at its left and right, and below.
struct QueueRow {
  std::string place, verb, title, wait, below;
};

// Columns by what is made of them.
struct QueueColumns {
  std::optional<std::size_t> place, verb, item, title, wait, reason;
  std::vector<std::size_t> others;
};

QueueColumns queue_columns(const Result& result, const std::vector<std::size_t>& chosen) {
  QueueColumns columns;
  columns.verb = column_of_role(result, chosen, ColumnRole::verb);
  columns.title = column_of_role(result, chosen, ColumnRole::title);
  columns.reason = column_of_role(result, chosen, ColumnRole::reason);
  for (const std::size_t i : chosen) {
    const ColumnType type = result.columns[i].type;
    if (i == columns.verb || i == columns.title || i == columns.reason) continue;
    if (!columns.place && type == ColumnType::integer && i == chosen.front())
      columns.place = i;
    else if (!columns.item && type == ColumnType::item)
      columns.item = i;
    else if (!columns.wait && type == ColumnType::duration)
      columns.wait = i;
    else
      columns.others.push_back(i);
  }
  return columns;
}

QueueRow queue_row(const Result& result, const QueueColumns& columns, const std::vector<Cell>& row) {
  const auto text = [&](const std::optional<std::size_t>& i) {
    if (!i || std::holds_alternative<std::monostate>(row.at(*i))) return std::string();
    return std::string(trim(one_line(format_cell(row.at(*i), result.columns[*i].type))));
  };
  QueueRow out{text(columns.place), text(columns.verb), text(columns.item), text(columns.wait), text(columns.reason)};
  if (const std::string title = text(columns.title); !title.empty())
    out.title += (out.title.empty() ? "" : " ") + title;
  for (const std::size_t i : columns.others) {
    const std::string value = text(i);
    if (value.empty()) continue;
    const bool says_itself = result.columns[i].role == ColumnRole::label;
    const std::string said = says_itself ? value : fmt::format("{} {}", to_lower(title_of(result.columns[i])), value);
    out.below += (out.below.empty() ? "" : " · ") + said;
  }
  return out;
}

void add_queue(std::string& out, const Result& result, const std::vector<std::size_t>& chosen,
               const RenderOptions& options) {
  const QueueColumns columns = queue_columns(result, chosen);
  std::vector<QueueRow> rows;
  std::size_t place = 0, verb = 0;
  for (const auto& row : result.rows) {
    rows.push_back(queue_row(result, columns, row));
    place = std::max(place, display_width(rows.back().place));
    verb = std::max(verb, display_width(rows.back().verb));
  }
  const std::size_t indent = place + (place ? kGap : 0), before = indent + verb + (verb ? kGap : 0);
  for (const QueueRow& row : rows) {
    const std::size_t end = row.wait.empty() ? 0 : display_width(row.wait) + kGap;
    std::string title = row.title.empty() ? "(no title)" : row.title;
    if (options.width) {
      const std::size_t room = options.width > before + end + kNarrowText ? options.width - before - end : kNarrowText;
      title = padded(fit_width(title, room), room, false);
    }
    std::string head = padded(row.place, place, true) + std::string(indent - place, ' ') +
                       styled(padded(row.verb, verb, false), kBold, options) + std::string(before - indent - verb, ' ');
    head += title + (end ? std::string(kGap, ' ') + row.wait : std::string());
    out += without_end_spaces(std::move(head)) + "\n";
    if (row.below.empty()) continue;
    const std::size_t inward = indent ? indent : 2;
    const std::string below =
        options.width ? fit_width(row.below, options.width > inward ? options.width - inward : 1) : row.below;
    out += std::string(inward, ' ') + styled(below, kDim, options) + "\n";
  }
}

void add_table(std::string& out, const Result& result, const RenderOptions& options) {
  const std::vector<std::size_t> chosen = chosen_columns(result, options, Hidden::leave_out);
  if (chosen.empty()) return;
  out += '\n';
  if (result.rows.empty()) {
    out += "No rows.\n";
    return;
  }
  if (result.layout != Layout::table && options.fields.empty()) return add_queue(out, result, chosen, options);
  Table table = table_of(result, chosen);
  const std::size_t shown = fit(table, options.width);
  out += head_of(table, options);
  for (const auto& row : table.rows) out += row_of(table, row) + "\n";
  if (const std::string line = left_out_line(result, chosen, shown); !line.empty())
    out += styled(wrapped(line, options.width, 2), kDim, options) + "\n";
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
    if (options.explain) {
      add_note(notes, "Definition: ", result.definition, options);
      add_note(notes, "Method: ", result.method, options);
      for (const Evidence& one : result.evidence)
        add_note(notes, "Evidence: ",
                 one.title + (one.sql.empty() ? "" : ": " + one.sql) + (one.url.empty() ? "" : " " + one.url), options);
    }
    add_note(notes, "Coverage: ", result.coverage, options);
    add_note(notes, "Uncertainty: ", result.uncertainty, options);
    for (const std::string& note : result.notes) add_note(notes, "Note: ", note, options);
    std::string basis = basis_line(result);
    if (!options.explain && !(result.definition.empty() && result.method.empty()))
      basis += (basis.empty() ? "" : " · ") + std::string("--explain says how it is counted");
    add_note(notes, "Basis: ", basis, options);
    if (!notes.empty()) out += "\n" + notes;
  }
  return out;
}

}  // namespace resident
