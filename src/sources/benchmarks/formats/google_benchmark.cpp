// Google Benchmark: JSON, CSV and the console's table.
//
// Known traps, met in version 1.7: the row "cv" is a fraction although its time_unit says ns; BigO and RMS are fits,
// not measurements; with threads, real_time is wall time divided by their number until 1.9.
#include <algorithm>
#include <map>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

// What a benchmark is called "/threads:2/real_time" by.
std::vector<std::pair<std::string, std::string>> named_arguments(std::string_view name) {
  std::vector<std::pair<std::string, std::string>> found;
  std::size_t number = 0;
  for (const auto part : split(name, '/')) {
    const std::size_t colon = part.find(':');
    if (number++ == 0 || part.empty() || part.find('<') != std::string_view::npos) continue;
    if (colon != std::string_view::npos && colon > 0 && part.find("::") == std::string_view::npos)
      found.emplace_back(std::string(part.substr(0, colon)), std::string(part.substr(colon + 1)));
    else if (number_in(part))
      found.emplace_back("arg" + std::to_string(found.size() + 1), std::string(part));
  }
  return found;
}

// Which of the two times is meant by the name: wall time where it was asked for by UseRealTime or UseManualTime.
struct GoogleRow {
  std::string run_name;
  Unit unit = kNanoseconds;
  std::optional<double> real_time, cpu_time;
  std::vector<std::pair<std::string, double>> counters;
  std::string error;
};

struct Collected {
  std::vector<GoogleRow> rows;  // of one name, an iteration each
  std::optional<GoogleRow> mean, median, deviation;
};

class Collector {
 public:
  Collected& of(const std::string& name) {
    const auto [found, is_new] = by_name_.try_emplace(name, all_.size());
    if (is_new) all_.emplace_back(name, Collected{});
    return all_[found->second].second;
  }

  void write(Builder& builder) {
    for (auto& [name, collected] : all_) {
      const bool only_aggregates = collected.rows.empty();
      if (only_aggregates && collected.mean) collected.rows.push_back(*collected.mean);
      if (only_aggregates && !collected.mean && collected.median) collected.rows.push_back(*collected.median);
      if (collected.rows.empty()) continue;
      const auto failed = std::find_if(collected.rows.begin(), collected.rows.end(),
                                       [](const GoogleRow& row) { return !row.error.empty(); });
      if (failed != collected.rows.end()) {
        builder.failed(name, failed->error);
        continue;
      }
      write_times(name, collected, only_aggregates, builder);
    }
  }

 private:
  static void write_times(const std::string& name, const Collected& collected, bool only_aggregates, Builder& builder) {
    const auto arguments = named_arguments(name);
    const std::string benchmark = name.substr(0, name.find('/'));
    const auto one = [&](const std::string& shown, auto pick, const Unit* unit, std::optional<Better> better) {
      Series series;
      for (const auto& row : collected.rows)
        if (const std::optional<double> value = pick(row))
          series.values.push_back(*value * (unit == nullptr ? row.unit.factor : unit->factor));
      if (series.values.empty()) return;
      auto& added = builder.add(shown, unit == nullptr ? kSeconds : *unit, better);
      added.benchmark = benchmark;
      added.parameters = arguments;
      if (only_aggregates) {
        added.value = series.values.front();
        if (collected.deviation)
          if (const std::optional<double> spread = pick(*collected.deviation))
            added.spread = *spread * (unit == nullptr ? collected.deviation->unit.factor : unit->factor);
      } else {
        added.values = std::move(series.values);
      }
    };
    one(
        name, [](const GoogleRow& row) { return row.real_time; }, nullptr, Better::lower);
    one(
        name + " cpu_time", [](const GoogleRow& row) { return row.cpu_time; }, nullptr, Better::lower);
    for (const auto& [counter, unused] : collected.rows.front().counters) {
      const Unit unit = counter == "bytes_per_second"   ? kBytesPerSecond
                        : counter == "items_per_second" ? kPerSecond
                                                        : Unit{};
      one(
          name + " " + counter,
          [&, wanted = counter](const GoogleRow& row) -> std::optional<double> {
            for (const auto& [key, value] : row.counters)
              if (key == wanted) return value;
            return std::nullopt;
          },
          &unit, usual_direction(unit));
    }
  }

  std::vector<std::pair<std::string, Collected>> all_;
  std::map<std::string, std::size_t> by_name_;
};

bool is_fit(std::string_view name) {
  return name.ends_with("_BigO") || name.ends_with("_RMS");
}

// The name without "_mean"; which statistic it is.
std::pair<std::string, std::string> aggregate_of(std::string_view name) {
  for (const std::string_view end : {"_mean", "_median", "_stddev", "_cv"})
    if (name.ends_with(end)) return {std::string(name.substr(0, name.size() - end.size())), std::string(end.substr(1))};
  return {};
}

void take(Collector& collector, GoogleRow row, std::string_view aggregate) {
  Collected& collected = collector.of(row.run_name);
  if (aggregate.empty())
    collected.rows.push_back(std::move(row));
  else if (aggregate == "mean")
    collected.mean = std::move(row);
  else if (aggregate == "median")
    collected.median = std::move(row);
  else if (aggregate == "stddev")
    collected.deviation = std::move(row);
}

bool matches_json(std::string_view head) {
  return head.starts_with('{') && has(head, "\"context\"") && has(head, "\"benchmarks\"") &&
         (has(head, "\"library_build_type\"") || has(head, "\"num_cpus\"") || has(head, "\"real_time\""));
}

void read_json(const Input& input, Report& report) {
  report.tool = "google-benchmark";
  Builder builder(report);
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  if (const auto context = member(document, "context")) {
    report.at = parse_time(text_of(*context, "date"));
    report.version = text_of(*context, "library_version");
    builder.environment("machine", text_of(*context, "host_name"));
    for (const auto& [key, name] : std::initializer_list<std::pair<const char*, const char*>>{
             {"num_cpus", "cores"}, {"mhz_per_cpu", "clock"}, {"library_build_type", "harness-build"}})
      if (const auto value = member(*context, key)) builder.environment(name, shown(*value));
    bool scaling = false;
    if ((*context)["cpu_scaling_enabled"].get(scaling) == simdjson::SUCCESS && scaling)
      builder.environment("frequency-scaling", "on");
  }
  Collector collector;
  each_of(document, "benchmarks", [&](const element& benchmark) {
    const std::string_view name = text_of(benchmark, "name");
    if (is_fit(name) || !text_of(benchmark, "aggregate_name").empty()) {
      const auto aggregate = text_of(benchmark, "aggregate_name");
      if (is_fit(name) || (aggregate != "mean" && aggregate != "median" && aggregate != "stddev")) return;
    }
    GoogleRow row;
    row.run_name = text_of(benchmark, "run_name");
    std::string_view aggregate = text_of(benchmark, "aggregate_name");
    if (row.run_name.empty()) {  // before 1.5
      const auto [run_name, which] = aggregate_of(name);
      row.run_name = run_name.empty() ? std::string(name) : run_name;
      if (which == "cv") return;
      aggregate = which == "mean" ? "mean" : which == "median" ? "median" : which == "stddev" ? "stddev" : "";
    }
    if (const auto unit = text_of(benchmark, "time_unit"); !unit.empty()) row.unit = unit_of(unit);
    row.real_time = number_of(benchmark, "real_time");
    row.cpu_time = number_of(benchmark, "cpu_time");
    bool failed = false;
    if (benchmark["error_occurred"].get(failed) == simdjson::SUCCESS && failed) {
      row.error = text_of(benchmark, "error_message");
      if (row.error.empty()) row.error = "it failed";
    }
    if (benchmark["skipped"].get(failed) == simdjson::SUCCESS && failed) row.error = "it was skipped";
    constexpr std::string_view kOwn[] = {"family_index",     "per_family_instance_index",
                                         "repetitions",      "threads",
                                         "repetition_index", "iterations",
                                         "real_time",        "cpu_time"};
    if (benchmark.is_object())
      for (const auto& [key, value] : simdjson::dom::object(benchmark)) {
        double number = 0;
        if (value.is_number() && value.get(number) == simdjson::SUCCESS &&
            std::find(std::begin(kOwn), std::end(kOwn), key) == std::end(kOwn) && row.counters.size() < 50)
          row.counters.emplace_back(std::string(key), number);
      }
    take(collector, std::move(row), aggregate);
  });
  collector.write(builder);
}

bool matches_csv(std::string_view head) {
  const std::size_t at = head.find("name,iterations,real_time,cpu_time,time_unit");
  return at == 0 || (at != std::string_view::npos && head[at - 1] == '\n');
}

void read_csv(const Input& input, Report& report) {
  report.tool = "google-benchmark";
  Builder builder(report);
  const std::size_t at = input.bytes.find("name,iterations,real_time");
  if (at == std::string_view::npos) return;
  const auto rows = separated_rows(input.bytes.substr(at), ',');
  const Row& header = rows.front();
  const auto name_at = column_of(header, "name"), real = column_of(header, "real_time"),
             cpu = column_of(header, "cpu_time"), unit = column_of(header, "time_unit"),
             failed = column_of(header, "error_occurred"), message = column_of(header, "error_message");
  constexpr std::size_t kOwn = 5;
  Collector collector;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::string_view name = field_of(rows[i], name_at);
    if (name.empty() || is_fit(name)) continue;
    const auto [run_name, aggregate] = aggregate_of(name);
    if (aggregate == "cv") continue;
    GoogleRow row;
    row.run_name = run_name.empty() ? std::string(name) : run_name;
    row.unit = unit_of(field_of(rows[i], unit));
    row.real_time = number_in(field_of(rows[i], real));
    row.cpu_time = number_in(field_of(rows[i], cpu));
    if (field_of(rows[i], failed) == "true") row.error = field_of(rows[i], message);
    if (field_of(rows[i], failed) == "true" && row.error.empty()) row.error = "it failed";
    for (std::size_t column = kOwn; column < header.size(); ++column)
      if (const auto number = number_in(field_of(rows[i], column)); number && header[column] != "label")
        row.counters.emplace_back(header[column], *number);
    take(collector, std::move(row), aggregate);
  }
  collector.write(builder);
}

bool matches_text(std::string_view head) {
  const std::size_t at = head.find("Benchmark ");
  if (at == std::string_view::npos) return false;
  const std::string_view line = head.substr(at, head.find('\n', at) - at);
  return has(line, " Time ") && has(line, " CPU ") && has(line, "Iterations");
}

void read_text(const Input& input, Report& report) {
  report.tool = "google-benchmark";
  Builder builder(report);
  Collector collector;
  each_line(input.bytes, [&](std::string_view line) {
    std::vector<std::string_view> words;
    for (const auto word : split(line, ' '))
      if (!word.empty()) words.push_back(word);
    // NAME 1.09 ns 23.1 ns 1234 …
    if (words.size() < 6 || is_fit(words[0])) {
      if (words.size() >= 3 && words[1] == "ERROR" && words[2] == "OCCURRED:")
        builder.failed(std::string(words[0]), "it failed");
      return;
    }
    const auto real = number_in(words[1]), cpu = number_in(words[3]);
    if (!real || !cpu || unit_of(words[2]).name != "s" || unit_of(words[4]).name != "s") return;
    const auto [run_name, aggregate] = aggregate_of(words[0]);
    if (aggregate == "cv") return;
    GoogleRow row;
    row.run_name = run_name.empty() ? std::string(words[0]) : run_name;
    row.real_time = *real * unit_of(words[2]).factor;
    row.cpu_time = *cpu * unit_of(words[4]).factor;
    row.unit = kSeconds;
    take(collector, std::move(row), aggregate);
  });
  collector.write(builder);
}

}  // namespace

extern const Format google_json_format, google_csv_format, google_text_format;
const Format google_json_format{"google-benchmark-json", matches_json, read_json};
const Format google_csv_format{"google-benchmark-csv", matches_csv, read_csv};
const Format google_text_format{"google-benchmark-text", matches_text, read_text};

}  // namespace resident::benchmarks
