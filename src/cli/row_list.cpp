#include <cli/options.hpp>
#include <cli/row_list.hpp>
#include <nlohmann/json.hpp>
#include <variant>
#include <vector>

namespace resident {

void print_row_list(std::ostream& out, const Result& result, const std::string& fields) {
  std::vector<std::string> names;
  for (const Column& column : result.columns) names.push_back(column.name);
  const auto wanted = wanted_fields(fields, names);
  std::vector<std::size_t> columns;
  for (const auto& name : wanted) columns.push_back(result.column(name));
  out << "[";
  for (std::size_t i = 0; i < result.rows.size(); ++i) {
    nlohmann::ordered_json row;
    for (const std::size_t column : columns) {
      const Cell& cell = result.rows[i][column];
      if (const auto* number = std::get_if<std::int64_t>(&cell)) {
        row[result.columns[column].name] = *number;
      } else if (const auto* real = std::get_if<double>(&cell)) {
        row[result.columns[column].name] = *real;
      } else if (const auto* text = std::get_if<std::string>(&cell)) {
        row[result.columns[column].name] = *text;
      } else {
        row[result.columns[column].name] = nullptr;
      }
    }
    out << (i > 0 ? ",\n" : "") << row.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  }
  out << "]\n";
}

}  // namespace resident
