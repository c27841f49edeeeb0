// Claims of metrics: sentences with figures of the Result in braces.
//
//   {project} {as_of}                the project's name, the day
//   {count}                          rows
//   {first:c} {last:c} {previous:c}  column c in the first, last, last but one row
//   {whole:c}                        column c in the last row whose column is_whole is 1
//   {sum:c} {min:c} {max:c}          of the column
//   {row:VALUE:c}                    column c in the row whose first cell is VALUE
//   {…|issue} {…|issue|issues}       with the noun: "1 issue", "12 issues"
//
// A metric may have several claims: the first whose figures are all known is said. Where none is, its `none` is said
// ("Nobody has contributed yet."), but only where there is nothing indeed: no row has a figure other than 0.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/metrics.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <optional>

namespace resident {

namespace {

double number_of(const Cell& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*whole);
  const auto* number = std::get_if<double>(&cell);
  return number ? *number : 0;
}

bool is_number(const Cell& cell) {
  return std::holds_alternative<std::int64_t>(cell) || std::holds_alternative<double>(cell);
}

Cell aggregate(std::string_view function, std::size_t column, const Result& result) {
  Cell found;
  for (const auto& row : result.rows) {
    const Cell& cell = row[column];
    if (!is_number(cell)) continue;
    if (!is_number(found)) {
      found = cell;
    } else if (function == "sum") {
      if (std::holds_alternative<std::int64_t>(found) && std::holds_alternative<std::int64_t>(cell)) {
        found = std::get<std::int64_t>(found) + std::get<std::int64_t>(cell);
      } else {
        found = number_of(found) + number_of(cell);
      }
    } else if (function == "min" ? number_of(cell) < number_of(found) : number_of(cell) > number_of(found)) {
      found = cell;
    }
  }
  return found;
}

struct Placeholder {
  std::string function, row, column;
};

Placeholder parse_placeholder(std::string_view text) {
  Placeholder result;
  const std::size_t first = text.find(':'), last = text.rfind(':');
  result.function = std::string(text.substr(0, first));
  if (first == std::string_view::npos) return result;
  result.column = std::string(text.substr(last + 1));
  if (last > first) result.row = std::string(text.substr(first + 1, last - first - 1));
  return result;
}

// The sentence, or nothing where a figure lacks.
std::optional<std::string> fill(std::string_view text, const Result& result) {
  std::string sentence;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '{') {
      sentence += text[at++];
      continue;
    }
    const std::size_t end = text.find('}', at);
    if (end == std::string_view::npos)
      throw Error(ErrorKind::usage, fmt::format("a claim has a brace that is not closed: {}", text));
    const auto parts = split(text.substr(at + 1, end - at - 1), '|');
    at = end + 1;
    if (parts[0] == "project") {
      sentence += one_line(result.project);
      continue;
    }
    if (parts[0] == "as_of") {
      sentence += format_date(result.as_of);
      continue;
    }
    const Cell figure = metric_figure(parts[0], result);
    if (std::holds_alternative<std::monostate>(figure)) return std::nullopt;
    const auto* whole = std::get_if<std::int64_t>(&figure);
    if (parts.size() > 1 && whole) {
      sentence += plural(*whole, parts[1], parts.size() > 2 ? parts[2] : std::string_view());
      continue;
    }
    const std::string column = parse_placeholder(parts[0]).column;
    sentence += format_cell(figure, column.empty() ? ColumnType::integer : result.columns[result.column(column)].type);
  }
  return sentence;
}

}  // namespace

Cell metric_figure(std::string_view placeholder, const Result& result) {
  const Placeholder parsed = parse_placeholder(placeholder);
  const auto known = {"first", "last", "previous", "whole", "sum", "min", "max", "row"};
  if (parsed.function == "count" && parsed.column.empty()) return static_cast<std::int64_t>(result.rows.size());
  const bool has_column = std::any_of(result.columns.begin(), result.columns.end(),
                                      [&](const Column& each) { return each.name == parsed.column; });
  if (std::find(known.begin(), known.end(), parsed.function) == known.end() || !has_column)
    throw Error(ErrorKind::usage, fmt::format("{}: there is no figure {{{}}}", result.name, placeholder),
                "a figure is count, or one of first, last, previous, whole, sum, min, max, row:VALUE with a column: "
                "{last:opened}");
  const std::size_t column = result.column(parsed.column), rows = result.rows.size();
  if (parsed.function == "row") {
    for (const auto& row : result.rows)
      if (format_cell(row[0], result.columns[0].type) == parsed.row) return row[column];
    return {};
  }
  if (parsed.function == "whole") {
    const std::size_t is_whole = result.column("is_whole");
    for (std::size_t i = rows; i-- > 0;)
      if (number_of(result.rows[i][is_whole]) > 0) return result.rows[i][column];
    return {};
  }
  if (parsed.function == "first") return rows > 0 ? result.rows.front()[column] : Cell();
  if (parsed.function == "last") return rows > 0 ? result.rows.back()[column] : Cell();
  if (parsed.function == "previous") return rows > 1 ? result.rows[rows - 2][column] : Cell();
  return aggregate(parsed.function, column, result);
}

bool has_figures(const Result& result) {
  for (std::size_t column = 1; column < result.columns.size(); ++column) {
    const Column& shape = result.columns[column];
    if (shape.hidden || shape.type == ColumnType::date || shape.type == ColumnType::text) continue;
    for (const auto& row : result.rows)
      if (is_number(row[column]) && number_of(row[column]) != 0) return true;
  }
  return false;
}

std::string metric_claim(const Metric& metric, const Result& result) {
  for (const auto& each : metric.claims)
    if (const auto sentence = fill(each, result)) return *sentence;
  if (has_figures(result))
    return fmt::format("What is known of {} as of {} is in the figures; it is too little for a sentence.",
                       one_line(result.project), format_date(result.as_of));
  if (!metric.none.empty()) return metric.none;
  return fmt::format("There is nothing to say of {} as of {}.", one_line(result.project), format_date(result.as_of));
}

}  // namespace resident
