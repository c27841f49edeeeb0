// BenchmarkDotNet's JSON and k6's summary (both by their documentation): JSON whose unit stands nowhere beside it.
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

// ---- BenchmarkDotNet, exporters json and json-full: nanoseconds; the brief one has no single values

bool matches_dotnet(std::string_view head) {
  return has(head, "\"HostEnvironmentInfo\"") && has(head, "\"BenchmarkDotNetVersion\"");
}

void read_dotnet(const Input& input, Report& report) {
  report.tool = "BenchmarkDotNet";
  Builder builder(report);
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  if (const auto host = member(document, "HostEnvironmentInfo")) {
    report.version = text_of(*host, "BenchmarkDotNetVersion");
    builder.environment("os", text_of(*host, "OsVersion"));
    builder.environment("cpu", text_of(*host, "ProcessorName"));
    builder.environment("runtime", text_of(*host, "RuntimeVersion"));
  }
  each_of(document, "Benchmarks", [&](const element& benchmark) {
    std::string name(text_of(benchmark, "FullName"));
    const std::string type(text_of(benchmark, "Type")), method(text_of(benchmark, "Method"));
    if (name.empty()) name = type + "." + method;
    const auto statistics = member(benchmark, "Statistics");
    if (!statistics || !statistics->is_object()) return builder.failed(name, "it has no statistics");
    auto& series = builder.add(name, kSeconds);
    series.benchmark = type.empty() ? name : type + "." + method;
    if (!type.empty()) series.tags = {type};
    if (const auto mean = number_of(*statistics, "Mean")) series.value = *mean * 1e-9;
    if (const auto spread = number_of(*statistics, "StandardDeviation")) series.spread = *spread * 1e-9;
    for (const double each : numbers_of(*statistics, "OriginalValues")) series.values.push_back(each * 1e-9);
    const std::string of = series.benchmark;
    if (const auto memory = member(benchmark, "Memory"))
      if (const auto bytes = number_of(*memory, "BytesAllocatedPerOperation")) {
        auto& allocated = builder.add(name + " allocated", kBytes);
        allocated.benchmark = of;
        allocated.value = *bytes;
      }
  });
}

// ---- k6: --summary-export, and what handleSummary is given, where the figures stand below "values"

bool matches_k6(std::string_view head) {
  return head.starts_with('{') && has(head, "\"metrics\"") &&
         (has(head, "\"iteration_duration\"") || has(head, "\"http_req_duration\"") || has(head, "\"iterations\"") ||
          has(head, "\"data_received\"")) &&
         (has(head, "\"p(95)\"") || has(head, "\"rate\""));
}

void read_k6(const Input& input, Report& report) {
  report.tool = "k6";
  Builder builder(report);
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  const auto metrics = member(document, "metrics");
  if (!metrics || !metrics->is_object()) return;
  for (const auto& [key, metric] : simdjson::dom::object(*metrics)) {
    const std::string name(key);
    const element figures = member(metric, "values").value_or(metric);
    const std::string_view contains = text_of(metric, "contains");
    const bool is_data = contains == "data" || name.starts_with("data_");
    if (const auto average = number_of(figures, "avg")) {
      // A trend is of times where it says so; the summary of old says nothing, and its own metrics' names do.
      const bool is_time = contains == "time" || name.ends_with("_duration") || name.starts_with("http_req_") ||
                           name.starts_with("grpc_req_") || name == "ws_connecting";
      const Unit unit = is_time ? kMilliseconds : is_data ? kBytes : Unit{"", 1};
      builder.figure(name + " avg", unit, average);
      for (const auto& [figure, value] : simdjson::dom::object(figures)) {
        double number = 0;
        if (figure != "avg" && value.get(number) == simdjson::SUCCESS &&
            (figure.starts_with("p(") || figure == "med" || figure == "min" || figure == "max"))
          builder.figure(name + " " + std::string(figure), unit, number);
      }
    } else if (const auto count = number_of(figures, "count")) {
      builder.figure(name + " count", is_data ? kBytes : kCount, std::nullopt, count);
      builder.figure(name + " rate", is_data ? kBytesPerSecond : kPerSecond, number_of(figures, "rate"));
    } else if (const auto rate = number_of(figures, "rate"); rate || number_of(figures, "passes")) {
      // A share: of requests that failed, of checks that held.
      const auto share = rate ? rate : number_of(figures, "value");
      const bool is_bad = name.ends_with("_failed") || name == "dropped_iterations";
      builder.figure(name, Unit{"share", 1}, is_bad ? Better::lower : Better::higher, share);
    } else if (const auto value = number_of(figures, "value")) {
      builder.figure(name, name == "http_req_failed" || name == "checks" ? Unit{"share", 1} : kCount, std::nullopt,
                     value);
    }
  }
}

}  // namespace

extern const Format dotnet_format, k6_format;
const Format dotnet_format{"benchmarkdotnet-json", matches_dotnet, read_dotnet};
const Format k6_format{"k6-summary", matches_k6, read_k6};

}  // namespace resident::benchmarks
