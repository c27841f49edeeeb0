#include <base/text.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <views/view.hpp>

namespace resident {

namespace {

using Json = nlohmann::ordered_json;  // keeps the order of keys

Json text_of(const std::string& text) {
  return is_clean_text(text) ? text : clean_text(text);
}

Json cell_of(const Cell& cell, ColumnType type) {
  if (std::holds_alternative<std::monostate>(cell)) return nullptr;
  if (const auto* text = std::get_if<std::string>(&cell)) return text_of(*text);
  if (type == ColumnType::date || type == ColumnType::time) {
    const std::string time = raw_cell(cell, type);
    return time.empty() ? Json() : Json(time);
  }
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return *whole;
  const double number = std::get<double>(cell);
  return std::isfinite(number) ? Json(number) : Json();
}

Json chart_of(const Chart& chart) {
  return {{"kind", kind_name(chart.kind)},    {"x", chart.x},     {"y", chart.y},
          {"series", chart.series},           {"low", chart.low}, {"high", chart.high},
          {"y_label", text_of(chart.y_label)}};
}

Json result_of(const Result& result, const RenderOptions& options) {
  const std::vector<std::size_t> chosen = chosen_columns(result, options, Hidden::keep);
  Json columns = Json::array(), rows = Json::array(), evidence = Json::array(), notes = Json::array();
  for (const std::size_t i : chosen) {
    const Column& column = result.columns[i];
    columns.push_back({{"name", column.name},
                       {"title", text_of(column.title)},
                       {"type", type_name(column.type)},
                       {"unit", text_of(column.unit)},
                       {"description", text_of(column.description)},
                       {"link", column.link},
                       {"hidden", column.hidden}});
  }
  for (const auto& row : result.rows) {
    if (chosen.empty()) break;
    Json object = Json::object();
    for (const std::size_t i : chosen) object[result.columns[i].name] = cell_of(row.at(i), result.columns[i].type);
    rows.push_back(std::move(object));
  }
  for (const Evidence& one : result.evidence)
    evidence.push_back({{"title", text_of(one.title)}, {"sql", text_of(one.sql)}, {"url", text_of(one.url)}});
  for (const std::string& note : result.notes) notes.push_back(text_of(note));

  Json json = Json::object();
  json["name"] = text_of(result.name);
  json["title"] = text_of(result.title);
  json["question"] = text_of(result.question);
  json["claim"] = text_of(result.claim);
  json["project"] = text_of(result.project);
  json["simulated"] = result.simulated;
  json["as_of"] = format_time(result.as_of);
  json["data_until"] = result.data_until ? Json(format_time(*result.data_until)) : Json();
  json["columns"] = std::move(columns);
  json["rows"] = std::move(rows);
  json["chart"] = chart_of(result.chart);
  json["sample_size"] = result.sample_size ? Json(*result.sample_size) : Json();
  json["uncertainty"] = text_of(result.uncertainty);
  json["coverage"] = text_of(result.coverage);
  json["definition"] = text_of(result.definition);
  json["method"] = text_of(result.method);
  json["evidence"] = std::move(evidence);
  json["notes"] = std::move(notes);
  return json;
}

}  // namespace

std::string render_json(const std::vector<Result>& results, const RenderOptions& options) {
  check_fields(results, options);
  if (results.size() == 1) return result_of(results.front(), options).dump() + "\n";
  Json list = Json::array();
  for (const Result& result : results) list.push_back(result_of(result, options));
  return list.dump() + "\n";
}

}  // namespace resident
