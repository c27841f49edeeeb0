#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <views/view.hpp>

namespace resident {

const std::vector<View>& views() {
  static const std::vector<View> list{
      {"table", render_terminal}, {"json", render_json}, {"csv", render_csv},
      {"md", render_markdown},    {"html", render_html},
  };
  return list;
}

namespace {

[[noreturn]] void throw_unknown(std::string_view what, std::string_view word, const std::vector<std::string>& names) {
  const std::string meant = near_miss(word, names);
  throw Error(ErrorKind::usage,
              fmt::format("unknown {}: {}{}", what, fit_width(one_line(word), 60),
                          meant.empty() ? std::string() : fmt::format("; did you mean {}?", meant)),
              fmt::format("{}s: {}", what, fmt::join(names, ", ")));
}

}  // namespace

const View& find_view(std::string_view name) {
  std::vector<std::string> names;
  for (const View& view : views()) {
    if (view.name == name) return view;
    names.push_back(view.name);
  }
  throw_unknown("format", name, names);
}

void check_fields(const std::vector<Result>& results, const RenderOptions& options) {
  if (options.fields.empty()) return;
  std::vector<std::string> names;
  for (const Result& result : results)
    for (const Column& column : result.columns)
      if (std::find(names.begin(), names.end(), column.name) == names.end()) names.push_back(column.name);
  for (const std::string& field : options.fields)
    if (std::find(names.begin(), names.end(), field) == names.end()) throw_unknown("field", field, names);
}

std::vector<std::size_t> chosen_columns(const Result& result, const RenderOptions& options, Hidden hidden) {
  std::vector<std::size_t> chosen;
  if (options.fields.empty()) {
    for (std::size_t i = 0; i < result.columns.size(); ++i)
      if (hidden == Hidden::keep || !result.columns[i].hidden) chosen.push_back(i);
    return chosen;
  }
  for (const std::string& field : options.fields)
    for (std::size_t i = 0; i < result.columns.size(); ++i)
      if (result.columns[i].name == field && std::find(chosen.begin(), chosen.end(), i) == chosen.end())
        chosen.push_back(i);
  return chosen;
}

bool is_numeric(ColumnType type) {
  return type == ColumnType::integer || type == ColumnType::number || type == ColumnType::share ||
         type == ColumnType::duration || type == ColumnType::item;
}

std::string shown_cell(const Cell& cell, const Column& column) {
  const auto* number = std::get_if<double>(&cell);
  const bool is_p = column.type == ColumnType::number && (column.name == "p" || column.name.ends_with("_p"));
  if (is_p && number && *number >= 0 && *number < 0.001) return "< 0.001";
  // What one types again: "identity:1489".
  const auto* whole = std::get_if<std::int64_t>(&cell);
  if (whole && column.name == "id" && column.type == ColumnType::integer) return std::to_string(*whole);
  if (column.type == ColumnType::duration && (number ? *number == 0 : cell == Cell(std::int64_t{0}))) return "0";
  // The first day of a year stands for the year.
  const std::string text = format_cell(cell, column.type);
  if (column.type == ColumnType::date && (column.name == "year" || column.title == "Year") && text.ends_with("-01-01"))
    return text.substr(0, 4);
  // Blanks around what people wrote, a title say, say nothing; what would be sent has them.
  return column.exact ? text : std::string(trim(text));
}

std::optional<std::size_t> column_of_role(const Result& result, const std::vector<std::size_t>& among,
                                          ColumnRole role) {
  for (const std::size_t i : among)
    if (result.columns[i].role == role) return i;
  return std::nullopt;
}

std::string cell_address(const Result& result, const std::vector<Cell>& row, std::size_t column) {
  const Column& shown = result.columns[column];
  std::size_t at = column;
  if (!shown.link.empty()) {
    const auto linked = std::find_if(result.columns.begin(), result.columns.end(),
                                     [&](const Column& other) { return other.name == shown.link; });
    if (linked == result.columns.end()) return {};
    at = static_cast<std::size_t>(linked - result.columns.begin());
  } else if (shown.type != ColumnType::url) {
    return {};
  }
  const auto* text = std::get_if<std::string>(&row.at(at));
  return text ? safe_url(*text) : std::string();
}

std::string basis_line(const Result& result) {
  std::vector<std::string> parts;
  if (result.sample_size) parts.push_back("n = " + with_thousands(*result.sample_size));
  if (result.data_until) {
    // What came after the data's end is not in any figure.
    const Timestamp since = result.as_of - *result.data_until;
    parts.push_back(
        "data until " + format_date(*result.data_until) +
        (since > kWeek ? fmt::format(" (nothing is known of the {} since)", format_duration(static_cast<double>(since)))
                       : ""));
  }
  if (result.as_of) parts.push_back("as of " + format_date(result.as_of));
  return fmt::format("{}", fmt::join(parts, " · "));
}

}  // namespace resident
