// Catch2's XML reporter (always nanoseconds) and JMH's JSON and CSV.
#include <base/error.hpp>
#include <pugixml.hpp>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

bool matches_catch2(std::string_view head) {
  return head.starts_with('<') && (has(head, "<Catch ") || has(head, "<Catch2TestRun") || has(head, "<Catch>")) &&
         has(head, "<BenchmarkResults");
}

// test_case: the outermost, which Catch2 groups by.
void walk_catch2(const pugi::xml_node& node, const std::string& path, const std::string& test_case, Builder& builder,
                 int depth) {
  if (depth > 50) return;
  for (const pugi::xml_node child : node.children()) {
    const std::string_view kind = child.name();
    if (kind == "BenchmarkResults") {
      const std::string name = path + child.attribute("name").value();
      if (const auto failed = child.child("failed")) {
        builder.failed(name, failed.attribute("message").value());
        continue;
      }
      auto& series = builder.add(name, kSeconds);
      series.benchmark = child.attribute("name").value();
      series.tags.push_back(test_case);
      if (const auto mean = number_in(child.child("mean").attribute("value").value())) series.value = *mean * 1e-9;
      if (const auto spread = number_in(child.child("standardDeviation").attribute("value").value()))
        series.spread = *spread * 1e-9;
    } else if (kind == "TestCase" || kind == "Section") {
      const std::string name = child.attribute("name").value();
      walk_catch2(child, path + name + " > ", kind == "TestCase" ? name : test_case, builder, depth + 1);
    } else if (kind == "Group") {
      walk_catch2(child, path, test_case, builder, depth + 1);
    }
  }
}

void read_catch2(const Input& input, Report& report) {
  report.tool = "catch2";
  Builder builder(report);
  pugi::xml_document document;
  const auto parsed = document.load_buffer(input.bytes.data(), input.bytes.size());
  if (!parsed) builder.incomplete(std::string("the XML breaks off: ") + parsed.description());
  report.version = document.first_child().attribute("catch2-version").value();
  for (const pugi::xml_node root : document.children()) walk_catch2(root, {}, {}, builder, 0);
}

// ---- JMH

std::optional<Better> jmh_direction(std::string_view mode, const Unit& unit) {
  if (mode == "thrpt") return Better::higher;
  return unit.name == "s" ? std::optional(Better::lower) : usual_direction(unit);
}

bool matches_jmh(std::string_view head) {
  return head.starts_with('[') && has(head, "\"benchmark\"") && has(head, "\"mode\"") && has(head, "\"primaryMetric\"");
}

// rawDataHistogram: lists of [value, count] for each iteration of each fork.
void collect_histogram(const element& node, std::vector<double>& values, int depth) {
  simdjson::dom::array list;
  if (depth > 5 || node.get(list) != simdjson::SUCCESS) return;
  double value = 0, count = 0;
  if (list.size() == 2 && list.at(0).get(value) == simdjson::SUCCESS && list.at(1).get(count) == simdjson::SUCCESS) {
    for (double i = 0; i < count && i < 1e5 && values.size() < kMostValues; ++i) values.push_back(value);
    return;
  }
  for (const element& each : list) collect_histogram(each, values, depth + 1);
}

struct JmhBenchmark {
  std::string_view name, mode;
  std::vector<std::pair<std::string, std::string>> parameters;
};

void take_jmh_metric(const JmhBenchmark& benchmark, std::string name, const element& metric, bool is_primary,
                     Builder& builder) {
  const Unit unit = unit_of(text_of(metric, "scoreUnit"));
  auto& series =
      builder.add(std::move(name), unit, is_primary ? jmh_direction(benchmark.mode, unit) : usual_direction(unit));
  series.benchmark = benchmark.name, series.parameters = benchmark.parameters, series.tags = class_of(benchmark.name);
  if (const auto score = number_of(metric, "score")) series.value = *score * unit.factor;
  std::vector<double> values = numbers_of(metric, "rawData");
  if (values.empty())
    if (const auto histogram = member(metric, "rawDataHistogram")) collect_histogram(*histogram, values, 0);
  for (const double value : values) series.values.push_back(value * unit.factor);
}

void read_jmh(const Input& input, Report& report) {
  report.tool = "jmh";
  Builder builder(report);
  simdjson::dom::parser parser;
  simdjson::dom::array results;
  if (document_of(parser, input.bytes).get(results) != simdjson::SUCCESS)
    throw Error(ErrorKind::failed, "these results of JMH are no list", "");
  for (const element& result : results) {
    report.version = text_of(result, "jmhVersion");
    builder.environment("runtime", text_of(result, "jdkVersion"));
    builder.environment("vm", std::string(text_of(result, "vmName")) + " " + std::string(text_of(result, "vmVersion")));
    JmhBenchmark benchmark{text_of(result, "benchmark"), text_of(result, "mode"), {}};
    auto& parameters = benchmark.parameters;
    if (const auto params = member(result, "params"); params && params->is_object())
      for (const auto& [key, value] : simdjson::dom::object(*params))
        parameters.emplace_back(std::string(key), shown(value));
    if (const auto threads = number_of(result, "threads"); threads && *threads > 1)
      parameters.emplace_back("threads", shown(*member(result, "threads")));
    const std::string name = with_parameters(benchmark.name, parameters);
    const std::string shown_mode =
        benchmark.mode == "thrpt" || benchmark.mode == "avgt" ? "" : " " + std::string(benchmark.mode);
    if (const auto metric = member(result, "primaryMetric"))
      take_jmh_metric(benchmark, name + shown_mode, *metric, true, builder);
    simdjson::dom::object others;
    if (const auto secondary = member(result, "secondaryMetrics");
        secondary && secondary->get(others) == simdjson::SUCCESS)
      for (const auto& [key, metric] : others)
        take_jmh_metric(benchmark, name + " " + std::string(key), metric, false, builder);
  }
}

bool matches_jmh_csv(std::string_view head) {
  return head.starts_with("\"Benchmark\",\"Mode\",\"Threads\",\"Samples\",\"Score\"");
}

void read_jmh_csv(const Input& input, Report& report) {
  report.tool = "jmh";
  Builder builder(report);
  const auto rows = separated_rows(input.bytes, ',');
  if (rows.empty()) return;
  const Row& header = rows.front();
  const auto name = column_of(header, "benchmark"), mode = column_of(header, "mode"),
             score = column_of(header, "score"), unit_at = column_of(header, "unit");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    std::vector<std::pair<std::string, std::string>> parameters;
    for (std::size_t column = 0; column < header.size(); ++column)
      if (header[column].starts_with("Param: ") && !field_of(rows[i], column).empty())
        parameters.emplace_back(header[column].substr(7), std::string(field_of(rows[i], column)));
    const Unit unit = unit_of(field_of(rows[i], unit_at));
    auto& series = builder.add(with_parameters(field_of(rows[i], name), parameters), unit,
                               jmh_direction(field_of(rows[i], mode), unit));
    series.benchmark = field_of(rows[i], name), series.parameters = std::move(parameters);
    series.tags = class_of(series.benchmark);
    if (const auto value = number_in(field_of(rows[i], score))) series.value = *value * unit.factor;
  }
}

}  // namespace

extern const Format catch2_xml_format, jmh_json_format, jmh_csv_format;
const Format catch2_xml_format{"catch2-xml", matches_catch2, read_catch2};
const Format jmh_json_format{"jmh-json", matches_jmh, read_jmh};
const Format jmh_csv_format{"jmh-csv", matches_jmh_csv, read_jmh_csv};

}  // namespace resident::benchmarks
