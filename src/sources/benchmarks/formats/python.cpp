// pyperf (JSON), asv (results format 2) and pytest-benchmark (JSON).
#include <cmath>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

// ---- pyperf: https://pyperf.readthedocs.io/en/latest/api.html

bool matches_pyperf(std::string_view head) {
  return head.starts_with('{') && has(head, "\"benchmarks\"") && has(head, "\"runs\"") &&
         (has(head, "\"values\"") || has(head, "\"warmups\"") || has(head, "perf_version"));
}

void take_pyperf_metadata(const element& metadata, Builder& builder) {
  const std::pair<const char*, const char*> kKeys[] = {{"hostname", "machine"},         {"cpu_model_name", "cpu"},
                                                       {"cpu_count", "cores"},          {"platform", "os"},
                                                       {"python_version", "runtime"},   {"python_compiler", "compiler"},
                                                       {"python_implementation", "vm"}, {"cpu_affinity", "affinity"},
                                                       {"cpu_config", "cpu-config"}};
  for (const auto& [key, name] : kKeys)
    if (const auto value = member(metadata, key)) builder.environment(name, shown(*value));
  if (const auto version = text_of(metadata, "perf_version"); !version.empty()) builder.report().version = version;
  if (const auto commit = text_of(metadata, "commit_id"); !commit.empty()) builder.report().commit = commit;
  if (const auto date = text_of(metadata, "date"); !date.empty() && !builder.report().at)
    builder.report().at = parse_time(date.substr(0, 19));
}

void read_pyperf(const Input& input, Report& report) {
  report.tool = "pyperf";
  Builder builder(report);
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  std::string_view common_name, common_unit;
  std::vector<std::string> common_tags;
  if (const auto metadata = member(document, "metadata")) {
    take_pyperf_metadata(*metadata, builder);
    common_tags = texts_of(*metadata, "tags");
    common_name = text_of(*metadata, "name"), common_unit = text_of(*metadata, "unit");
  }
  each_of(document, "benchmarks", [&](const element& benchmark) {
    std::string_view name = common_name, unit = common_unit;
    std::vector<std::string> tags = common_tags;
    const auto look = [&](const element& of) {
      if (const auto metadata = member(of, "metadata")) {
        take_pyperf_metadata(*metadata, builder);
        if (const auto own = text_of(*metadata, "name"); !own.empty()) name = own;
        if (const auto own = text_of(*metadata, "unit"); !own.empty()) unit = own;
        if (auto own = texts_of(*metadata, "tags"); !own.empty()) tags = std::move(own);
      }
    };
    look(benchmark);
    std::vector<double> values;
    each_of(benchmark, "runs", [&](const element& run) {
      look(run);
      const auto own = numbers_of(run, "values");  // calibration runs have warm-ups alone
      values.insert(values.end(), own.begin(), own.end());
    });
    const Unit known = unit_of(unit.empty() ? "second" : unit);
    auto& series = builder.add(std::string(name), known);
    series.tags = std::move(tags);
    for (const double value : values) series.values.push_back(value * known.factor);
    if (values.empty()) series.error = "no run has a value";
  });
}

// ---- asv: https://asv.readthedocs.io/en/stable/dev.html

bool matches_asv(std::string_view head) {
  return head.starts_with('{') && has(head, "\"commit_hash\"") &&
         (has(head, "\"env_name\"") || has(head, "\"result_columns\"") || has(head, "\"requirements\""));
}

Unit asv_unit(std::string_view benchmark) {
  const std::string_view last =
      benchmark.substr(benchmark.rfind('.') == std::string_view::npos ? 0 : benchmark.rfind('.') + 1);
  const auto is = [&](std::string_view lower, std::string_view upper) {
    return last.starts_with(lower) || (last.starts_with(upper) && last.size() > upper.size());
  };
  if (is("time_", "Time") || is("timeraw_", "Timeraw")) return kSeconds;
  if (is("mem_", "Mem") || is("peakmem_", "PeakMem")) return kBytes;
  return {};  // track_: the unit stands in benchmarks.json alone
}

// The combinations of all parameters, the last one fastest, as asv lists results.
std::vector<std::vector<std::string>> combinations(const std::vector<std::vector<std::string>>& lists) {
  std::vector<std::vector<std::string>> all{{}};
  for (const auto& list : lists) {
    std::vector<std::vector<std::string>> longer;
    for (const auto& begun : all)
      for (const auto& value : list) {
        if (longer.size() >= kMostSeries) return longer;
        longer.push_back(begun);
        longer.back().push_back(value);
      }
    all = std::move(longer);
  }
  return all;
}

struct AsvColumns {
  std::optional<std::size_t> result, params, samples, quartile_1, quartile_3;
};

void read_asv_benchmark(std::string_view name, const element& row, const AsvColumns& columns, Builder& builder) {
  const auto cell = [&](std::optional<std::size_t> column) -> std::optional<element> {
    simdjson::dom::array list;
    element value;
    if (!column || row.get(list) != simdjson::SUCCESS || list.at(*column).get(value) != simdjson::SUCCESS ||
        value.is_null())
      return std::nullopt;
    return value;
  };
  const Unit unit = asv_unit(name);
  std::vector<std::vector<std::string>> lists;
  if (const auto params = cell(columns.params)) {
    simdjson::dom::array outer, inner;
    if (params->get(outer) == simdjson::SUCCESS)
      for (const element& list : outer) {
        lists.emplace_back();
        if (list.get(inner) == simdjson::SUCCESS)
          for (const element& value : inner) lists.back().push_back(shown(value));
      }
  }
  simdjson::dom::array results;
  // "result" null as a whole: the benchmark failed for all parameters. Version 1 wrote the number itself.
  auto result = cell(columns.result);
  if (!columns.result) result = row;
  if (!result) {
    builder.failed(std::string(name), "it failed");
    return;
  }
  const bool is_list = result->get(results) == simdjson::SUCCESS;
  const auto names = combinations(lists);
  std::size_t index = 0;
  const auto one = [&](const element& value) {
    std::vector<std::pair<std::string, std::string>> parameters;
    if (index < names.size())
      for (std::size_t i = 0; i < names[index].size(); ++i)
        parameters.emplace_back("p" + std::to_string(i + 1), names[index][i]);
    auto& series = builder.add(with_parameters(name, parameters), unit);
    series.benchmark = name;
    series.parameters = std::move(parameters);
    series.tags = class_of(name);
    double number = 0;
    if (value.get(number) == simdjson::SUCCESS)
      series.value = number;
    else
      series.error = value.is_null() ? "it failed" : "it was skipped";  // null and NaN
    if (const auto samples = cell(columns.samples)) {
      simdjson::dom::array list;
      element own;
      if (samples->get(list) == simdjson::SUCCESS && list.at(index).get(own) == simdjson::SUCCESS)
        collect_numbers(own, series.values);
    }
    ++index;
  };
  if (is_list)
    for (const element& value : results) one(value);
  else
    one(*result);
}

void read_asv(const Input& input, Report& report) {
  report.tool = "asv";
  Builder builder(report);
  // NaN, for what was skipped, is no JSON: any text is no number and no null.
  std::string bytes(input.bytes);
  for (std::size_t at = bytes.find("NaN"); at != std::string::npos; at = bytes.find("NaN", at + 3))
    if (at > 0 && (bytes[at - 1] == ' ' || bytes[at - 1] == '[' || bytes[at - 1] == ',')) bytes.replace(at, 3, "\"\" ");
  simdjson::dom::parser parser;
  const element document = document_of(parser, bytes);
  report.commit = text_of(document, "commit_hash");
  if (const auto date = number_of(document, "date"); date && std::abs(*date) < 1e15)
    report.at = static_cast<Timestamp>(*date / 1000);  // of the commit, milliseconds
  if (const auto params = member(document, "params"))
    for (const auto& [key, name] : std::initializer_list<std::pair<const char*, const char*>>{
             {"machine", "machine"}, {"cpu", "cpu"}, {"num_cpu", "cores"}, {"os", "os"}, {"ram", "memory"}})
      if (const auto value = member(*params, key)) builder.environment(name, shown(*value));
  builder.environment("runtime", text_of(document, "python"));
  builder.environment("configuration", text_of(document, "env_name"));
  AsvColumns columns;
  std::size_t position = 0;
  each_of(document, "result_columns", [&](const element& column) {
    std::string_view name;
    if (column.get(name) == simdjson::SUCCESS) {
      if (name == "result") columns.result = position;
      if (name == "params") columns.params = position;
      if (name == "samples") columns.samples = position;
    }
    ++position;
  });
  simdjson::dom::object results;
  if (const auto all = member(document, "results"); all && all->get(results) == simdjson::SUCCESS)
    for (const auto& [name, row] : results) {
      if (report.series.size() >= kMostSeries) break;
      element value = row, inner;
      // Version 1: {"result": …, "params": …}.
      if (row.is_object() && row["result"].get(inner) == simdjson::SUCCESS) value = inner;
      read_asv_benchmark(name, value, row.is_object() ? AsvColumns{} : columns, builder);
    }
}

// ---- pytest-benchmark

bool matches_pytest(std::string_view head) {
  return head.starts_with('{') && has(head, "\"machine_info\"") && has(head, "\"commit_info\"");
}

void read_pytest(const Input& input, Report& report) {
  report.tool = "pytest-benchmark";
  Builder builder(report);
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  report.version = text_of(document, "version");
  report.at = parse_time(text_of(document, "datetime").substr(0, 19));
  if (const auto commit = member(document, "commit_info")) {
    const auto id = text_of(*commit, "id");
    if (id != "unknown") report.commit = id;
    bool dirty = false;
    report.dirty = (*commit)["dirty"].get(dirty) == simdjson::SUCCESS && dirty;
  }
  if (const auto machine = member(document, "machine_info")) {
    builder.environment("machine", text_of(*machine, "node"));
    builder.environment("architecture", text_of(*machine, "machine"));
    builder.environment("os", text_of(*machine, "system"));
    builder.environment("kernel", text_of(*machine, "release"));
    builder.environment("compiler", text_of(*machine, "python_compiler"));
    builder.environment("runtime", text_of(*machine, "python_version"));
    if (const auto cpu = member(*machine, "cpu")) {
      builder.environment("cpu", text_of(*cpu, "brand_raw"));
      builder.environment("cpu", text_of(*cpu, "brand"));
    }
  }
  each_of(document, "benchmarks", [&](const element& benchmark) {
    std::string_view name = text_of(benchmark, "fullname");
    if (name.empty()) name = text_of(benchmark, "name");
    auto& series = builder.add(std::string(name), kSeconds);
    if (const auto params = member(benchmark, "params"); params && params->is_object())
      for (const auto& [key, value] : simdjson::dom::object(*params))
        series.parameters.emplace_back(std::string(key), shown(value));
    series.benchmark = name.substr(0, name.find('['));
    series.tags = texts_of(benchmark, "group");  // null where nobody made one
    const auto stats = member(benchmark, "stats");
    if (!stats) {
      series.error = "it has no statistics";
      return;
    }
    series.value = number_of(*stats, "mean");  // of one call
    series.values = numbers_of(*stats, "data");
    if (number_of(*stats, "rounds").value_or(0) > 1) series.spread = number_of(*stats, "stddev");
  });
}

}  // namespace

extern const Format pyperf_format, asv_format, pytest_benchmark_format;
const Format pyperf_format{"pyperf", matches_pyperf, read_pyperf};
const Format asv_format{"asv", matches_asv, read_asv};
const Format pytest_benchmark_format{"pytest-benchmark", matches_pytest, read_pytest};

}  // namespace resident::benchmarks
