// What services keep of benchmarks.
//
// Bencher Metric Format: {"benchmark": {"measure": {"value": 1, "lower_value": 0.9, "upper_value": 1.1}}}. It names no
// unit: latency is nanoseconds and throughput operations a second by bencher.dev's documentation (2025); of any other
// measure neither unit nor direction is known.
//
// github-action-benchmark's data.js, also without "window.BENCHMARK_DATA = ": the whole history, run by run, each of a
// commit of its own. Which way is better is the tool's as the action has it (src/write.ts, 1.20): rates of benchmark.js
// and pytest, and what "customBiggerIsBetter" brings.
#include <base/pattern.hpp>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

bool matches_bmf(std::string_view head) {
  static const Pattern kFirst(
      R"X(^\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\{\s*"(?:value|lower_value|upper_value)"\s*:)X");
  return kFirst.found_in(head);
}

void read_bmf(const Input& input, Report& report) {
  report.tool = "bencher";
  Builder builder(report);
  simdjson::dom::parser parser;
  simdjson::dom::object benchmarks, measures;
  if (document_of(parser, input.bytes).get(benchmarks) != simdjson::SUCCESS) return;
  for (const auto& [name, of] : benchmarks) {
    if (of.get(measures) != simdjson::SUCCESS) continue;
    for (const auto& [measure, metric] : measures) {
      const auto value = number_of(metric, "value");
      if (!value) continue;
      const Unit unit = measure == "latency" ? kNanoseconds : measure == "throughput" ? kPerSecond : Unit{"", 1};
      builder.figure(measure == "latency" ? std::string(name) : std::string(name).append(" ").append(measure), unit,
                     value);
    }
  }
}

constexpr std::string_view kData = "window.BENCHMARK_DATA";

bool matches_action(std::string_view head) {
  return (head.starts_with(kData) || head.starts_with('{')) && has(head, "\"entries\"") && has(head, "\"benches\"") &&
         has(head, "\"tool\"");
}

// One run: {"commit": {"id": …, "timestamp": …}, "date": milliseconds, "tool": …, "benches": […]}.
void take_run(const element& run, std::string_view suite, bool is_several, Builder& builder) {
  const auto commit = member(run, "commit");
  const std::string sha(commit ? text_of(*commit, "id") : std::string_view());
  const std::string_view tool = text_of(run, "tool");
  const auto date = number_of(run, "date");
  each_of(run, "benches", [&](const element& bench) {
    const auto value = number_of(bench, "value");
    std::string name(text_of(bench, "name"));
    if (is_several) name = std::string(suite) + ": " + name;
    if (!value || name.empty()) return;
    const Unit unit = unit_of(text_of(bench, "unit"));
    const auto better = tool == "customBiggerIsBetter"    ? std::optional(Better::higher)
                        : tool == "customSmallerIsBetter" ? std::optional(Better::lower)
                                                          : usual_direction(unit);
    Series& series = builder.of_name(name + '\n' + sha, unit, better);
    series.name = name, series.commit = sha;
    series.values.push_back(*value * unit.factor);
    if (date) series.at = static_cast<Timestamp>(*date / 1000);
  });
}

void read_action(const Input& input, Report& report) {
  report.tool = "github-action-benchmark";
  Builder builder(report);
  simdjson::dom::parser parser;
  std::string_view bytes = input.bytes;
  if (const std::size_t begin = bytes.find('{'); begin != std::string_view::npos) bytes.remove_prefix(begin);
  if (const std::size_t end = bytes.rfind('}'); end != std::string_view::npos) bytes = bytes.substr(0, end + 1);
  const element document = document_of(parser, bytes);
  simdjson::dom::object suites;
  if (const auto entries = member(document, "entries"); !entries || entries->get(suites) != simdjson::SUCCESS) return;
  for (const auto& [suite, runs] : suites) {
    simdjson::dom::array list;
    if (runs.get(list) != simdjson::SUCCESS) continue;
    for (const element& run : list) take_run(run, suite, suites.size() > 1, builder);
  }
}

}  // namespace

extern const Format bencher_format, action_benchmark_format;
const Format bencher_format{"bencher-bmf", matches_bmf, read_bmf};
const Format action_benchmark_format{"github-action-benchmark", matches_action, read_action};

}  // namespace resident::benchmarks
