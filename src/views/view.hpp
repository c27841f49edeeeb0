// Views: each turns any list of Results into text of one format. A view knows
// nothing of analyses, so a new format is one file here and one line in list.cpp,
// and every analysis has it at once. All text in a Result is taken for hostile:
// each view makes it harmless for its own format (escape codes on terminals,
// formulas in spreadsheets, markup in documents). Same Results, same bytes.
#pragma once

#include <cstddef>
#include <framework/result.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

struct RenderOptions {
  bool color = false;
  std::size_t width = 0;            // columns of the terminal; 0: nothing is cut
  std::vector<std::string> fields;  // names of the columns to keep, in this order; empty: all
  bool explain = false;             // at a terminal: also definition, method and evidence
};

struct View {
  std::string name;  // as in --format
  std::string (*render)(const std::vector<Result>&, const RenderOptions&);
};

const std::vector<View>& views();
// Throws Error{usage}, with the names there are, for a name that is none of them.
const View& find_view(std::string_view name);

std::string render_terminal(const std::vector<Result>& results, const RenderOptions& options);
std::string render_json(const std::vector<Result>& results, const RenderOptions& options);
std::string render_csv(const std::vector<Result>& results, const RenderOptions& options);
std::string render_markdown(const std::vector<Result>& results, const RenderOptions& options);
std::string render_html(const std::vector<Result>& results, const RenderOptions& options);

// --- For the views themselves ---

// Throws Error{usage}, with the names there are, for a field that no result has.
void check_fields(const std::vector<Result>& results, const RenderOptions& options);
// Indices of the columns to show. Without fields: all, or all that are not hidden.
enum class Hidden { leave_out, keep };
std::vector<std::size_t> chosen_columns(const Result& result, const RenderOptions& options, Hidden hidden);
// Numbers, which stand at the right of their column.
bool is_numeric(ColumnType type);
// A cell as its column is read: format_cell(); but a p-value (column "p", "…_p") below a thousandth as "< 0.001", no
// time at all as "0", and a year (column "year") by its number.
std::string shown_cell(const Cell& cell, const Column& column);
// The first column that is of that role and among those; nothing where none is.
std::optional<std::size_t> column_of_role(const Result& result, const std::vector<std::size_t>& among, ColumnRole role);
// The address that belongs to a cell, "" when there is none that is safe.
std::string cell_address(const Result& result, const std::vector<Cell>& row, std::size_t column);
// "n = 40 · data until 2024-01-01 · as of 2024-01-02", as far as known.
std::string basis_line(const Result& result);

}  // namespace resident
