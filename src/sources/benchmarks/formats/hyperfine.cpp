// hyperfine: JSON and CSV (always seconds, whatever unit was asked for) and the Markdown table (in the unit its heading
// says). The CSV writes a spread of 0 for a single run: none is known.
#include <algorithm>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

Series& add_command(Builder& builder, std::string_view command, Parameters parameters) {
  auto& series = builder.add(with_parameters(command, parameters), kSeconds);
  series.benchmark = command;
  series.parameters = std::move(parameters);
  return series;
}

// With --ignore-failure the times of runs that failed stand among the others: an exit code a run, null where a signal
// ended it. Takes those times out; how many they were.
std::size_t drop_failed_runs(const element& result, std::vector<double>& times) {
  const auto codes = member(result, "exit_codes");
  if (!codes || !codes->is_array()) return 0;
  std::vector<double> good;
  std::size_t at = 0, failed = 0;
  for (const element code : simdjson::dom::array(*codes)) {
    std::int64_t number = 1;
    const bool is_good = code.get(number) == simdjson::SUCCESS && number == 0;
    failed += !is_good;
    if (is_good && at < times.size()) good.push_back(times[at]);
    ++at;
  }
  if (failed > 0) times = std::move(good);
  return failed;
}

bool matches_json(std::string_view head) {
  return head.starts_with('{') && has(head, "\"results\"") && has(head, "\"command\"") && has(head, "\"mean\"");
}

void read_json(const Input& input, Report& report) {
  report.tool = "hyperfine";
  Builder builder(report);
  simdjson::dom::parser parser;
  std::size_t bad_exits = 0;
  each_of(document_of(parser, input.bytes), "results", [&](const element& result) {
    Parameters parameters;
    if (const auto given = member(result, "parameters"); given && given->is_object())
      for (const auto& [key, value] : simdjson::dom::object(*given))
        parameters.emplace_back(std::string(key), shown(value));
    const std::string command(text_of(result, "command"));
    std::vector<double> times = numbers_of(result, "times");
    const std::size_t bad = drop_failed_runs(result, times);
    bad_exits += bad;
    if (bad > 0 && times.empty())
      return builder.failed(with_parameters(command, parameters), "every run ended with an exit code other than 0");
    auto& series = add_command(builder, command, parameters);
    series.values = std::move(times);
    if (bad == 0) {  // else both figures are of the failed runs, too
      series.value = number_of(result, "mean");
      series.spread = number_of(result, "stddev");
    }
    if (const auto memory = numbers_of(result, "memory_usage_byte"); !memory.empty()) {
      auto& peak = add_command(builder, command + " memory_usage_byte", parameters);
      peak.unit = "B";
      peak.values = memory;
    }
  });
  if (bad_exits > 0)
    builder.incomplete(std::to_string(bad_exits) + " runs ended with an exit code other than 0 and are left out");
}

bool matches_csv(std::string_view head) {
  return head.starts_with("command,mean,stddev");
}

void read_csv(const Input& input, Report& report) {
  report.tool = "hyperfine";
  Builder builder(report);
  const auto rows = separated_rows(input.bytes, ',');
  if (rows.empty()) return;
  const Row& header = rows.front();
  const auto command = column_of(header, "command"), mean = column_of(header, "mean"),
             spread = column_of(header, "stddev"), least = column_of(header, "min"), most = column_of(header, "max");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    Parameters parameters;
    for (std::size_t column = 0; column < header.size(); ++column)
      if (header[column].starts_with("parameter_"))
        parameters.emplace_back(header[column].substr(10), std::string(field_of(rows[i], column)));
    auto& series = add_command(builder, field_of(rows[i], command), std::move(parameters));
    series.value = number_in(field_of(rows[i], mean));
    const auto deviation = number_in(field_of(rows[i], spread));
    const bool one_run = deviation == 0 && field_of(rows[i], least) == field_of(rows[i], most);
    if (!one_run) series.spread = deviation;
  }
}

bool matches_markdown(std::string_view head) {
  return head.starts_with("| Command | Mean [");
}

void read_markdown(const Input& input, Report& report) {
  report.tool = "hyperfine";
  Builder builder(report);
  Unit unit = kSeconds;
  std::vector<std::string> parameters;
  each_line(input.bytes, [&](std::string_view line) {
    auto cells = split(line, '|');
    if (cells.size() < 6) return;
    const std::string_view first = trim(cells[1]);
    if (first == "Command") {
      for (const auto cell : cells) {
        const std::size_t open = cell.find("Mean ["), close = cell.find(']');
        if (open != std::string_view::npos && close != std::string_view::npos)
          unit = unit_of(cell.substr(open + 6, close - open - 6));
        if (trim(cell).starts_with("Mean")) break;
        if (!trim(cell).empty() && trim(cell) != "Command") parameters.emplace_back(trim(cell));
      }
      return;
    }
    if (first.starts_with(":-") || first.starts_with("--")) return;
    std::string name(first);
    if (name.size() > 1 && name.front() == '`' && name.back() == '`') name = name.substr(1, name.size() - 2);
    Parameters given;
    for (std::size_t i = 0; i < parameters.size(); ++i)
      given.emplace_back(parameters[i], std::string(trim(cells[std::min(cells.size() - 1, 2 + i)])));
    auto& series = add_command(builder, name, std::move(given));
    const std::string_view mean = trim(cells[std::min(cells.size() - 1, 2 + parameters.size())]);
    if (const auto value = quantity_in(mean)) {
      series.value = value->number * unit.factor;
      if (value->unit.starts_with("±"))
        if (const auto spread = quantity_in(value->unit.substr(std::string_view("±").size())))
          series.spread = spread->number * unit.factor;
    }
  });
}

}  // namespace

extern const Format hyperfine_json_format, hyperfine_csv_format, hyperfine_markdown_format;
const Format hyperfine_json_format{"hyperfine-json", matches_json, read_json};
const Format hyperfine_csv_format{"hyperfine-csv", matches_csv, read_csv};
const Format hyperfine_markdown_format{"hyperfine-markdown", matches_markdown, read_markdown};

}  // namespace resident::benchmarks
