#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/benchmarks/benchmarks.hpp>
#include <cli/report_places.hpp>
#include <nlohmann/json.hpp>
#include <sources/benchmarks/formats/format.hpp>

namespace resident {

namespace {

using Json = nlohmann::ordered_json;

struct ReadFile {
  std::string file;
  benchmarks::Report report;
  std::string problem;  // why nothing could be read of it
};

Json json_of(const std::optional<double>& number) {
  return number ? Json(*number) : Json(nullptr);
}

Json json_of(const benchmarks::Series& series) {
  Json parameters = Json::object();
  for (const auto& [key, value] : series.parameters) parameters[key] = value;
  Json better = nullptr;
  if (series.better) better = *series.better == benchmarks::Better::lower ? "lower" : "higher";
  Json json{{"name", series.name},
            {"benchmark", series.benchmark},
            {"parameters", std::move(parameters)},
            {"tags", series.tags},
            {"unit", series.unit},
            {"value", json_of(series.value)},
            {"values", series.values},
            {"better", std::move(better)},
            {"spread", json_of(series.spread)},
            {"error", series.error.empty() ? Json(nullptr) : Json(series.error)}};
  if (!series.commit.empty()) json["commit"] = series.commit;
  if (series.at) json["at"] = format_time(*series.at);
  return json;
}

Json json_of(const ReadFile& read) {
  Json json{{"file", read.file},
            {"format", read.report.format},
            {"tool", read.report.tool},
            {"version", read.report.version},
            {"environment", read.report.environment},
            {"commit", read.report.commit.empty() ? Json(nullptr) : Json(read.report.commit)},
            {"dirty", read.report.dirty},
            {"at", read.report.at ? Json(format_time(*read.report.at)) : Json(nullptr)},
            {"incomplete", read.report.incomplete}};
  if (!read.problem.empty()) json["error"] = read.problem;
  json["series"] = Json::array();
  for (const auto& series : read.report.series) json["series"].push_back(json_of(series));
  return json;
}

ReadFile read_one(const std::string& shown, const std::string& content) {
  ReadFile read{shown, {}, {}};
  try {
    read.report = benchmarks::read_report(content, shown);
  } catch (const Error& error) {
    read.problem = reason_of(error);
  }
  return read;
}

void read_place(const std::string& place, std::vector<ReadFile>& files) {
  each_placed_file(place, [&](PlacedFile&& file) {
    if (!file.problem.empty()) {
      files.push_back({file.shown, {}, file.problem});
      return;
    }
    ReadFile read = read_one(file.shown, file.content);
    if (file.is_named || read.problem.empty()) files.push_back(std::move(read));
  });
}

Result table_of(const std::vector<ReadFile>& files) {
  Result result;
  result.name = "bench_read";
  result.title = "Benchmark results";
  result.columns = {{"file", "File", ColumnType::text},     {"tool", "Tool", ColumnType::text},
                    {"series", "Series", ColumnType::text}, {"value", "Value", ColumnType::number},
                    {"unit", "Unit", ColumnType::text},     {"values", "Values", ColumnType::integer},
                    {"better", "Better", ColumnType::text}, {"error", "No value because", ColumnType::text}};
  std::size_t failed = 0;
  for (const auto& file : files) {
    const std::string tool = file.report.tool.empty() ? file.report.format : file.report.tool;
    for (const auto& series : file.report.series) {
      failed += !series.error.empty();
      std::string better = "ask";
      if (series.better) better = *series.better == benchmarks::Better::lower ? "lower" : "higher";
      result.rows.push_back({file.file.substr(file.file.rfind('/') == std::string::npos ? 0 : file.file.rfind('/') + 1),
                             tool, series.name, series.value ? Cell(*series.value) : Cell(), series.unit,
                             static_cast<std::int64_t>(series.values.size()), better, series.error});
    }
    for (const auto& why : file.report.incomplete)
      result.notes.push_back(fmt::format("{}: incomplete: {}", file.file, why));
    if (!file.problem.empty()) result.notes.push_back(fmt::format("{}: {}", file.file, file.problem));
  }
  result.claim = result.rows.empty()
                     ? "No benchmark results were found."
                     : fmt::format("{}, {} without a value.",
                                   plural(static_cast<long long>(result.rows.size()), "series", "series"), failed);
  result.sample_size = static_cast<std::int64_t>(result.rows.size());
  result.definition =
      "Values are in base units: seconds, bytes, a second. Values: how many single ones the file has; the figure is "
      "the tool's own, most often their mean.";
  return result;
}

}  // namespace

int bench_read(const Invocation& invocation, const BenchOptions& options) {
  if (options.places.empty())
    throw Error(ErrorKind::usage, "bench read needs files, folders or - for what is piped in");
  std::vector<ReadFile> files;
  for (const auto& place : options.places) read_place(place, files);
  if (files.empty())
    throw Error(ErrorKind::failed, "no benchmark results were found there", "docs/guide/benchmarks.md lists the forms");
  if (invocation.wants_json()) {
    constexpr auto kReplace = Json::error_handler_t::replace;
    if (files.size() == 1 && options.places.size() == 1) {
      invocation.out << json_of(files.front()).dump(-1, ' ', false, kReplace) << "\n";
    } else {
      Json list = Json::array();
      for (const auto& file : files) list.push_back(json_of(file));
      invocation.out << list.dump(-1, ' ', false, kReplace) << "\n";
    }
  } else {
    invocation.print({table_of(files)});
  }
  // A file that nothing could be read of was asked for by name: the answer is not whole.
  return std::any_of(files.begin(), files.end(), [](const ReadFile& file) { return !file.problem.empty(); }) ? 1 : 0;
}

}  // namespace resident
