// vitest bench, mitata, tinybench and benchmark.js. None of them says its unit: vitest and tinybench write milliseconds
// in their JSON (tinybench's own table has nanoseconds), mitata nanoseconds, benchmark.js seconds. A benchmark that
// threw stands among the results, and the process may have ended with 0.
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

std::string error_of(const element& holder) {
  const auto error = member(holder, "error");
  if (!error) return {};
  if (const auto message = text_of(*error, "message"); !message.empty()) return std::string(message);
  std::string_view text;
  return error->get(text) == simdjson::SUCCESS && !text.empty() ? std::string(text) : "it threw";
}

// Statistics in milliseconds, as tinybench and vitest keep them.
void take_milliseconds(Series& series, const element& statistics) {
  if (const auto mean = number_of(statistics, "mean")) series.value = *mean * 1e-3;
  for (const double sample : numbers_of(statistics, "samples")) series.values.push_back(sample * 1e-3);
  if (number_of(statistics, "df").value_or(1) > 0)
    if (const auto spread = number_of(statistics, "sd")) series.spread = *spread * 1e-3;
  if (!series.value && series.values.empty()) series.error = "it threw or was never run";
}

// ---- vitest bench --outputJson

bool matches_vitest(std::string_view head) {
  return head.starts_with('{') && has(head, "\"files\"") && has(head, "\"filepath\"") && has(head, "\"groups\"");
}

void read_vitest(const Input& input, Report& report) {
  report.tool = "vitest-bench";
  Builder builder(report);
  simdjson::dom::parser parser;
  each_of(document_of(parser, input.bytes), "files", [&](const element& file) {
    each_of(file, "groups", [&](const element& group) {
      each_of(group, "benchmarks", [&](const element& benchmark) {
        auto& series = builder.add(
            std::string(text_of(group, "fullName")) + " > " + std::string(text_of(benchmark, "name")), kSeconds);
        series.tags.emplace_back(text_of(group, "fullName"));
        take_milliseconds(series, benchmark);
      });
    });
  });
}

// ---- mitata, format "json"

bool matches_mitata(std::string_view head) {
  return head.starts_with('{') && has(head, "\"benchmarks\"") && has(head, "\"runs\"") &&
         (has(head, "\"layout\"") || has(head, "\"alias\""));
}

void read_mitata(const Input& input, Report& report) {
  report.tool = "mitata";
  Builder builder(report);
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  std::vector<std::string> groups;
  each_of(document, "layout", [&](const element& group) { groups.emplace_back(text_of(group, "name")); });
  if (const auto context = member(document, "context")) {
    builder.environment("runtime", text_of(*context, "runtime"));
    builder.environment("runtime-version", text_of(*context, "version"));
    builder.environment("architecture", text_of(*context, "arch"));
    if (const auto cpu = member(*context, "cpu")) {
      builder.environment("cpu", text_of(*cpu, "name"));
      if (const auto clock = member(*cpu, "freq")) builder.environment("clock", shown(*clock));
    }
  }
  each_of(document, "benchmarks", [&](const element& benchmark) {
    std::string prefix, group_name;
    if (const auto group = number_of(benchmark, "group");
        group && *group >= 0 && *group < static_cast<double>(groups.size()))
      group_name = groups[static_cast<std::size_t>(*group)];
    if (!group_name.empty()) prefix = group_name + " > ";
    each_of(benchmark, "runs", [&](const element& run) {
      std::vector<std::pair<std::string, std::string>> parameters;
      if (const auto args = member(run, "args"); args && args->is_object())
        for (const auto& [key, value] : simdjson::dom::object(*args))
          parameters.emplace_back(std::string(key), shown(value));
      std::string_view name = text_of(run, "name");
      if (name.empty()) name = text_of(benchmark, "alias");
      auto& series = builder.add(prefix + with_parameters(name, parameters), kSeconds);
      series.benchmark = prefix + std::string(text_of(benchmark, "alias"));
      series.parameters = std::move(parameters), series.tags = {group_name};
      if (std::string error = error_of(run); !error.empty()) {
        series.error = std::move(error);
        return;
      }
      if (const auto stats = member(run, "stats")) {
        if (const auto mean = number_of(*stats, "avg")) series.value = *mean * 1e-9;
        for (const double sample : numbers_of(*stats, "samples")) series.values.push_back(sample * 1e-9);
      }
    });
  });
}

// ---- tinybench: its tasks, results or table as people write them with JSON.stringify, and the table on a terminal

bool is_tinybench_result(const element& object) {
  if (!object.is_object()) return false;
  const bool old =
      member(object, "hz") && member(object, "period") && member(object, "mean") && !member(object, "stats");
  return old || (member(object, "latency") && member(object, "throughput")) || text_of(object, "state") == "errored";
}

void take_tinybench(const std::string& name, const element& result, Builder& builder) {
  if (std::string error = error_of(result); !error.empty()) {
    builder.failed(name, std::move(error));
    return;
  }
  builder.environment("runtime", text_of(result, "runtime"));
  builder.environment("runtime-version", text_of(result, "runtimeVersion"));
  auto& series = builder.add(name, kSeconds);
  const auto latency = member(result, "latency");
  take_milliseconds(series, latency ? *latency : result);
  if (!series.error.empty()) return;
  if (const auto throughput = member(result, "throughput"))
    builder.figure(name + " throughput", kPerSecond, number_of(*throughput, "mean"));
  else if (!latency)
    builder.figure(name + " hz", kPerSecond, number_of(result, "hz"));
}

// "Latency avg (ns)": "2001164 ± 0.01%".
void take_tinybench_cell(const std::string& name, std::string_view heading, std::string_view cell, Builder& builder) {
  const std::string title = to_lower(heading);
  if (const std::size_t open = title.find('('); open != std::string::npos || title == "ops/sec") {
    const Unit unit =
        open == std::string::npos ? kPerSecond : unit_of(title.substr(open + 1, title.find(')') - open - 1));
    const auto quantity = quantity_in(cell);
    const bool is_mean = has(title, "avg") || has(title, "average");
    if (!quantity) return;
    if (unit.name == "s" && is_mean) builder.figure(name, unit, quantity->number);
    if (unit.name == "s" && has(title, "med")) builder.figure(name + " median", unit, quantity->number);
    if (unit.name == "1/s" && (is_mean || title == "ops/sec"))
      builder.figure(name + " throughput", unit, quantity->number);
  }
}

void walk_tinybench(const element& node, const std::string& name, std::size_t& number, Builder& builder, int depth) {
  if (depth > 8) return;
  if (simdjson::dom::array list; node.get(list) == simdjson::SUCCESS) {
    for (const element& each : list) walk_tinybench(each, {}, number, builder, depth + 1);
    return;
  }
  if (!node.is_object()) return;
  std::string own(text_of(node, "name"));
  for (const char* key : {"taskName", "Task name", "Task Name"})
    if (own.empty()) own = text_of(node, key);
  if (own.empty()) own = name;
  if (is_tinybench_result(node)) {
    take_tinybench(own.empty() ? "task " + std::to_string(++number) : own, node, builder);
    return;
  }
  const bool is_table = !text_of(node, "Task name").empty() || !text_of(node, "Task Name").empty();
  if (is_table) {
    if (const auto error = text_of(node, "Error"); !error.empty()) builder.failed(own, std::string(error));
    for (const auto& [key, value] : simdjson::dom::object(node)) take_tinybench_cell(own, key, shown(value), builder);
    return;
  }
  for (const auto& [key, value] : simdjson::dom::object(node))
    if (value.is_object() || value.is_array())
      walk_tinybench(value, key == "result" ? own : std::string(), number, builder, depth + 1);
}

bool matches_tinybench_json(std::string_view head) {
  if (!head.starts_with('{') && !head.starts_with('[')) return false;
  return has(head, "\"Task name\"") || has(head, "\"Task Name\"") ||
         (has(head, "\"latency\"") && has(head, "\"throughput\"")) ||
         (has(head, "\"hz\"") && has(head, "\"period\"") && has(head, "\"totalTime\"")) ||
         has(head, "\"state\":\"errored\"");
}

void read_tinybench_json(const Input& input, Report& report) {
  report.tool = "tinybench";
  Builder builder(report);
  simdjson::dom::parser parser;
  std::size_t number = 0;
  walk_tinybench(document_of(parser, input.bytes), {}, number, builder, 0);
}

std::vector<std::string> boxed_cells(std::string_view line) {
  constexpr std::string_view kBar = "│";
  std::vector<std::string> cells;
  for (std::size_t at = line.find(kBar); at != std::string_view::npos;) {
    const std::size_t begin = at + kBar.size(), end = line.find(kBar, begin);
    if (end == std::string_view::npos) break;
    std::string_view cell = trim(line.substr(begin, end - begin));
    if (cell.size() >= 2 && cell.front() == '\'' && cell.back() == '\'') cell = cell.substr(1, cell.size() - 2);
    cells.emplace_back(cell);
    at = end;
  }
  return cells;
}

bool matches_tinybench_table(std::string_view head) {
  return has(head, "│") && (has(head, "Task name") || has(head, "Task Name"));
}

void read_tinybench_table(const Input& input, Report& report) {
  report.tool = "tinybench";
  Builder builder(report);
  Row header;
  each_line(input.bytes, [&](std::string_view line) {
    auto cells = boxed_cells(line);
    if (cells.size() < 3) return;
    if (column_of(cells, "task name")) {
      header = std::move(cells);
      return;
    }
    const std::string name(field_of(cells, column_of(header, "task name")));
    if (name.empty()) return;
    if (const auto error = field_of(cells, column_of(header, "error")); !error.empty())
      builder.failed(name, std::string(error));
    for (std::size_t i = 0; i < cells.size() && i < header.size(); ++i)
      take_tinybench_cell(name, header[i], cells[i], builder);
  });
}

// ---- benchmark.js: its suite or parts of it as JSON, and the lines it prints

bool matches_benchmark_js_json(std::string_view head) {
  if (!head.starts_with('{') && !head.starts_with('[')) return false;
  return (has(head, "\"hz\"") || has(head, "\"stats\"")) && has(head, "\"moe\"") && has(head, "\"rme\"") &&
         (has(head, "\"deviation\"") || has(head, "\"sample\""));
}

void walk_benchmark_js(const element& node, const std::string& key, Builder& builder, int depth) {
  if (depth > 6) return;
  if (simdjson::dom::array list; node.get(list) == simdjson::SUCCESS) {
    for (const element& each : list) walk_benchmark_js(each, {}, builder, depth + 1);
    return;
  }
  if (!node.is_object()) return;
  const auto stats = member(node, "stats");
  if (!stats || !stats->is_object()) {
    for (const auto& [name, value] : simdjson::dom::object(node))
      if (value.is_object() || value.is_array()) walk_benchmark_js(value, std::string(name), builder, depth + 1);
    return;
  }
  std::string name(text_of(node, "name"));
  if (name.empty()) name = key;
  bool aborted = false;
  const bool was_aborted = node["aborted"].get(aborted) == simdjson::SUCCESS && aborted;
  const auto samples = numbers_of(*stats, "sample");
  const auto mean = number_of(*stats, "mean");
  std::string error = error_of(node);
  if (error.empty() && was_aborted) error = "it was aborted";
  if (error.empty() && samples.empty() && mean.value_or(0) == 0) error = "it threw or was never run";
  if (!error.empty()) {
    builder.failed(name, std::move(error));
    return;
  }
  auto& series = builder.add(name, kSeconds);
  series.value = mean;
  series.values = samples;
  if (samples.size() != 1) series.spread = number_of(*stats, "deviation");
  builder.figure(name + " ops/sec", kPerSecond, number_of(node, "hz"));
}

void read_benchmark_js_json(const Input& input, Report& report) {
  report.tool = "benchmark.js";
  Builder builder(report);
  simdjson::dom::parser parser;
  walk_benchmark_js(document_of(parser, input.bytes), {}, builder, 0);
}

bool matches_benchmark_js_text(std::string_view head) {
  return has(head, " ops/sec ±") && has(head, "sampled)");
}

void read_benchmark_js_text(const Input& input, Report& report) {
  report.tool = "benchmark.js";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    const std::size_t end = line.find(" ops/sec ±");
    if (end == std::string_view::npos) {
      if (line.ends_with(": ") || line.ends_with(": Error"))
        builder.failed(std::string(line.substr(0, line.rfind(':'))), "it threw");
      return;
    }
    const std::size_t times = line.rfind(" x ", end);
    if (times != std::string_view::npos)
      builder.figure(std::string(trim(line.substr(0, times))), kPerSecond,
                     number_in(line.substr(times + 3, end - times - 3)));
  });
}

}  // namespace

extern const Format vitest_format, mitata_format, tinybench_json_format, tinybench_table_format,
    benchmark_js_json_format, benchmark_js_text_format;
const Format vitest_format{"vitest-bench", matches_vitest, read_vitest};
const Format mitata_format{"mitata", matches_mitata, read_mitata};
const Format tinybench_json_format{"tinybench-json", matches_tinybench_json, read_tinybench_json};
const Format tinybench_table_format{"tinybench-table", matches_tinybench_table, read_tinybench_table};
const Format benchmark_js_json_format{"benchmark.js-json", matches_benchmark_js_json, read_benchmark_js_json};
const Format benchmark_js_text_format{"benchmark.js-text", matches_benchmark_js_text, read_benchmark_js_text};

}  // namespace resident::benchmarks
