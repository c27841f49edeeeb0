// Rust: criterion's files, messages and text; libtest's benchmarks as text and JSON. Criterion's estimates.json and
// sample.json name no benchmark: their folders do. libtest's "(+/- 5)" is the distance of the largest from the
// smallest, not a standard deviation, and is not taken for one.
#include <array>
#include <map>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

// target/criterion/GROUP/NAME/new/estimates.json → GROUP/NAME.
std::string name_of_folder(std::string_view path) {
  auto parts = split(path, '/');
  parts.pop_back();
  if (!parts.empty() && (parts.back() == "new" || parts.back() == "base" || parts.back() == "change")) parts.pop_back();
  std::size_t first = parts.empty() ? 0 : parts.size() - 1;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (parts[i] == "criterion") first = i + 1;
  std::string name;
  for (std::size_t i = first; i < parts.size(); ++i) name += (name.empty() ? "" : "/") + std::string(parts[i]);
  return name.empty() ? "benchmark" : name;
}

// GROUP of GROUP/NAME; a benchmark without a group is alone in a folder.
std::vector<std::string> group_of_folder(const std::string& name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos) return {};
  return {name.substr(0, slash)};
}

std::optional<double> point_of(const element& estimates, std::string_view key) {
  const auto estimate = member(estimates, key);
  if (!estimate) return std::nullopt;
  const auto point = number_of(*estimate, "point_estimate");
  return point ? point : number_of(*estimate, "estimate");
}

// ---- criterion: estimates.json, nanoseconds

bool matches_estimates(std::string_view head) {
  return head.starts_with('{') && has(head, "\"point_estimate\"") && has(head, "\"confidence_interval\"");
}

void read_estimates(const Input& input, Report& report) {
  report.tool = "criterion";
  Builder builder(report);
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  auto& series = builder.add(name_of_folder(input.path), kSeconds);
  series.tags = group_of_folder(series.name);
  auto value = point_of(document, "slope");
  if (!value) value = point_of(document, "mean");
  if (value) series.value = *value * 1e-9;
  if (const auto spread = point_of(document, "std_dev")) series.spread = *spread * 1e-9;
  if (has(input.path, "/change/")) series.error = "estimates of a change, not of a time", series.unit = "";
}

// ---- criterion: sample.json

bool matches_sample(std::string_view head) {
  return head.starts_with('{') && has(head, "\"sampling_mode\"") && has(head, "\"iters\"");
}

void read_sample(const Input& input, Report& report) {
  report.tool = "criterion";
  Builder builder(report);
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  const auto iterations = numbers_of(document, "iters"), times = numbers_of(document, "times");
  auto& series = builder.add(name_of_folder(input.path), kSeconds);
  series.tags = group_of_folder(series.name);
  for (std::size_t i = 0; i < iterations.size() && i < times.size(); ++i)
    if (iterations[i] > 0) series.values.push_back(times[i] / iterations[i] * 1e-9);
}

// ---- cargo criterion --message-format json

bool matches_messages(std::string_view head) {
  return head.starts_with('{') && has(head, "\"reason\"") &&
         (has(head, "\"benchmark-complete\"") || has(head, "\"group-complete\""));
}

struct MessageGroup {
  std::string name;
  std::vector<std::string> benchmarks;  // some versions leave it empty
};

// A group's name may hold slashes, so that the benchmark's id does not tell where it ends. A benchmark that stands for
// itself is a group of its own name.
void tag_by_messages(const std::vector<MessageGroup>& groups, std::vector<Series>& all) {
  std::map<std::string_view, std::string_view> group_of, names;
  for (const auto& group : groups) {
    names.emplace(group.name, group.name);
    for (const auto& id : group.benchmarks) group_of.emplace(id, group.name);
  }
  for (auto& series : all) {
    if (const auto found = group_of.find(series.name); found != group_of.end() && found->second != series.name)
      series.tags.emplace_back(found->second);
    // The longest name of a group that the id begins with.
    for (std::size_t slash = series.name.rfind('/'); slash != std::string::npos && slash > 0 && series.tags.empty();
         slash = series.name.rfind('/', slash - 1))
      if (names.contains(std::string_view(series.name).substr(0, slash)))
        series.tags.push_back(series.name.substr(0, slash));
  }
}

void read_messages(const Input& input, Report& report) {
  report.tool = "criterion";
  Builder builder(report);
  std::vector<MessageGroup> groups;
  const std::size_t broken = each_json_line(input.bytes, [&](const element& message) {
    if (text_of(message, "reason") == "group-complete")
      groups.push_back({std::string(text_of(message, "group_name")), texts_of(message, "benchmarks")});
    if (text_of(message, "reason") != "benchmark-complete") return;
    const auto typical = member(message, "typical");
    std::string_view unit_text = text_of(message, "unit");
    if (typical && !text_of(*typical, "unit").empty()) unit_text = text_of(*typical, "unit");
    const Unit unit = unit_of(unit_text.empty() ? "ns" : unit_text);
    auto& series = builder.add(std::string(text_of(message, "id")), unit);
    if (const auto value = point_of(message, "typical")) series.value = *value * unit.factor;
    const auto counts = numbers_of(message, "iteration_count"), measured = numbers_of(message, "measured_values");
    for (std::size_t i = 0; i < counts.size() && i < measured.size(); ++i)
      if (counts[i] > 0) series.values.push_back(measured[i] / counts[i] * unit.factor);
  });
  if (broken > 0) builder.incomplete("a line is cut off");
  tag_by_messages(groups, report.series);
}

// ---- criterion: raw.csv

bool matches_raw_csv(std::string_view head) {
  return head.starts_with("group,function,value,throughput_num");
}

void read_raw_csv(const Input& input, Report& report) {
  report.tool = "criterion";
  Builder builder(report);
  const auto rows = separated_rows(input.bytes, ',');
  if (rows.empty()) return;
  const auto at = [&](std::string_view name) { return column_of(rows.front(), name); };
  const std::array names{at("group"), at("function"), at("value")};
  const auto measured = at("sample_measured_value"), sample_time = at("sample_time_nanos"), unit_at = at("unit"),
             count = at("iteration_count");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    std::string name;
    for (const auto column : names)
      if (const auto part = field_of(rows[i], column); !part.empty())
        name += (name.empty() ? "" : "/") + std::string(part);
    const Unit unit = unit_of(unit_at ? field_of(rows[i], unit_at) : "ns");
    const auto total = number_in(field_of(rows[i], measured ? measured : sample_time)),
               loops = number_in(field_of(rows[i], count));
    if (!total || !loops || *loops <= 0) continue;
    auto& series = builder.of_name(name, unit, Better::lower);
    if (const auto group = field_of(rows[i], names[0]); series.values.empty() && group != name)
      series.tags.emplace_back(group);
    series.values.push_back(*total / *loops * unit.factor);
  }
}

// ---- criterion: what it prints. "NAME   time:   [1.2 ns 1.3 ns 1.4 ns]"; a long name stands on the line before.

bool matches_criterion_text(std::string_view head) {
  const std::size_t at = head.find("time:   [");
  return at != std::string_view::npos && head.find(']', at) != std::string_view::npos;
}

std::optional<double> middle_of(std::string_view bracket) {
  std::vector<std::string_view> words;
  for (const auto word : split(bracket, ' '))
    if (!word.empty()) words.push_back(word);
  if (words.size() != 6) return std::nullopt;
  return in_base_unit(std::string(words[2]) + " " + std::string(words[3]));
}

void read_criterion_text(const Input& input, Report& report) {
  report.tool = "criterion";
  Builder builder(report);
  std::string name;
  each_line(input.bytes, [&](std::string_view line) {
    const bool is_time = has(line, "time:   ["), is_rate = has(line, "thrpt:  [");
    const std::size_t open = line.find('['), close = line.rfind(']');
    if ((!is_time && !is_rate) || open == std::string_view::npos || close == std::string_view::npos || close < open) {
      if (!line.empty() && line.front() != ' ' && !line.starts_with("Benchmarking") && !line.starts_with("Found "))
        name = trim(line);
      return;
    }
    const std::string_view bracket = line.substr(open + 1, close - open - 1);
    if (has(bracket, "%")) return;  // the change since the last run
    if (is_time) {
      if (const auto before = trim(line.substr(0, line.find("time:   ["))); !before.empty()) name = before;
      builder.figure(name, kSeconds, middle_of(bracket));
    } else {
      builder.figure(name + " throughput", {has(bracket, "B/s") ? "B/s" : "1/s", 1}, middle_of(bracket));
    }
  });
}

// ---- libtest

bool matches_libtest(std::string_view head) {
  return has(head, " ... bench:") && has(head, "/iter");
}

void read_libtest(const Input& input, Report& report) {
  report.tool = "libtest";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    const std::size_t at = line.find(" ... bench:");
    if (!line.starts_with("test ") || at == std::string_view::npos) return;
    const std::string name(trim(line.substr(5, at - 5)));
    const std::string_view rest = trim(line.substr(at + 11));
    // Harnesses of the same form measure in units of their own: "2835 cycles/iter".
    const std::size_t per = rest.find("/iter");
    if (per == std::string_view::npos) return;
    const std::size_t blank = rest.rfind(' ', per);
    if (blank == std::string_view::npos) return;
    const std::string_view unit = rest.substr(blank + 1, per - blank - 1);
    builder.figure(name, unit == "ns" ? kNanoseconds : Unit{std::string(unit), 1}, number_in(rest.substr(0, blank)));
    if (const std::size_t equals = rest.rfind("= "); equals != std::string_view::npos)
      if (const auto rate = quantity_in(rest.substr(equals + 2)); rate && rate->unit == "MB/s")
        builder.figure(name + " throughput", {"B/s", 1e6}, rate->number);
  });
}

bool matches_libtest_json(std::string_view head) {
  return head.starts_with('{') && (has(head, "\"type\": \"bench\"") || has(head, "\"type\":\"bench\""));
}

void read_libtest_json(const Input& input, Report& report) {
  report.tool = "libtest";
  Builder builder(report);
  const std::size_t broken = each_json_line(input.bytes, [&](const element& event) {
    if (text_of(event, "type") != "bench") return;
    const std::string name(text_of(event, "name"));
    builder.figure(name, kNanoseconds, number_of(event, "median"));
    if (const auto rate = number_of(event, "mib_per_second"); rate && *rate > 0)
      builder.figure(name + " throughput", {"B/s", 1048576}, rate);
  });
  if (broken > 0) builder.incomplete("a line is cut off");
}

}  // namespace

extern const Format criterion_estimates_format, criterion_sample_format, criterion_messages_format,
    criterion_csv_format, criterion_text_format, libtest_text_format, libtest_json_format;
const Format criterion_estimates_format{"criterion-estimates", matches_estimates, read_estimates};
const Format criterion_sample_format{"criterion-sample", matches_sample, read_sample};
const Format criterion_messages_format{"criterion-messages", matches_messages, read_messages};
const Format criterion_csv_format{"criterion-csv", matches_raw_csv, read_raw_csv};
const Format criterion_text_format{"criterion-text", matches_criterion_text, read_criterion_text};
const Format libtest_text_format{"libtest-bench", matches_libtest, read_libtest};
const Format libtest_json_format{"libtest-bench-json", matches_libtest_json, read_libtest_json};

}  // namespace resident::benchmarks
