// R's bench::mark and microbenchmark as CSV and as printed; and the plain forms that anything can write: CSV, JSON
// Lines, and the list that github-action-benchmark takes.
#include <algorithm>
#include <array>
#include <cmath>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

std::string first_line(std::string_view head) {
  return to_lower(trim(head.substr(0, head.find('\n'))));
}

char separator_in(std::string_view line) {
  for (const char separator : {'\t', ';', ','})
    if (line.find(separator) != std::string_view::npos) return separator;
  return ',';
}

// ---- R

bool matches_r_csv(std::string_view head) {
  std::string line = first_line(head);
  std::erase(line, '"');
  const bool mark = has(line, "expression,min,median,itr/sec");
  const bool raw = line == "expr,time" || line == ",expr,time";
  const bool summary = has(line, "expr,min,lq,mean,median,uq,max,neval");
  return mark || raw || summary;
}

void read_r_csv(const Input& input, Report& report) {
  report.tool = "r-bench";
  Builder builder(report);
  const auto rows = separated_rows(input.bytes, ',');
  if (rows.empty()) return;
  const Row& header = rows.front();
  const auto at = [&](std::string_view name) { return column_of(header, name); };
  const bool is_mark = at("expression").has_value(), is_raw = at("expr") && at("time") && !at("mean");
  if (!is_mark) report.tool = "r-microbenchmark";
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::string name(field_of(rows[i], is_mark ? at("expression") : at("expr")));
    if (name.empty()) continue;
    const auto cell = [&](std::string_view column) { return field_of(rows[i], at(column)); };
    if (is_mark) {
      // Times and sizes have their unit written on; without one they are seconds and bytes.
      builder.figure(name, kSeconds, in_base_unit(cell("median")));
      builder.figure(name + " min", kSeconds, in_base_unit(cell("min")));
      builder.figure(name + " itr/sec", kPerSecond, number_in(cell("itr/sec")));
      if (const auto memory = quantity_in(cell("mem_alloc"))) {
        // bench writes 1024 bytes as 1KB.
        std::string unit(memory->unit);
        if (unit.size() == 2 && unit[1] == 'B') unit.insert(1, "i");
        builder.figure(name + " mem_alloc", kBytes, memory->number * unit_of(unit).factor);
      }
      builder.figure(name + " gc/sec", {"gc/s", 1}, Better::lower, number_in(cell("gc/sec")));
    } else if (is_raw) {
      if (const auto time = number_in(cell("time")))
        builder.of_name(name, kNanoseconds, Better::lower).values.push_back(*time * 1e-9);
    } else {
      // The summary's unit is chosen by its size and not written.
      builder.figure(name, Unit{}, Better::lower, number_in(cell("mean")));
    }
  }
}

bool matches_r_text(std::string_view head) {
  return has(head, "Unit: ") && has(head, "expr") && has(head, "neval");
}

void read_r_text(const Input& input, Report& report) {
  report.tool = "r-microbenchmark";
  Builder builder(report);
  Unit unit = kNanoseconds;
  bool in_table = false;
  each_line(input.bytes, [&](std::string_view line) {
    if (line.starts_with("Unit: "))
      unit = unit_of(line.substr(6));
    else if (has(line, "neval"))
      in_table = true;
    else if (in_table) {
      std::vector<std::string_view> words;
      for (const auto word : split(trim(line), ' '))
        if (!word.empty()) words.push_back(word);
      if (!words.empty() && !number_in(words.back())) words.pop_back();  // letters of a grouping
      if (words.size() < 8) return;
      std::string name;
      for (std::size_t i = 0; i + 7 < words.size(); ++i) name += (name.empty() ? "" : " ") + std::string(words[i]);
      builder.figure(name, unit, number_in(words[words.size() - 5]));
    }
  });
}

// ---- plain: what columns and keys are called

constexpr std::array kNames{"benchmark", "name", "series", "test", "metric"};
constexpr std::array kCommits{"commit", "sha", "revision", "commit_hash"};
constexpr std::array kTimes{"time", "at", "date", "timestamp", "measured_at"};

std::optional<Better> better_of(std::string_view text) {
  const std::string word = to_lower(text);
  if (word == "lower" || word == "smaller" || word == "less" || word == "lower_is_better") return Better::lower;
  if (word == "higher" || word == "bigger" || word == "more" || word == "higher_is_better") return Better::higher;
  return std::nullopt;
}

std::optional<Timestamp> time_in(std::string_view text) {
  if (const auto parsed = parse_time(text)) return parsed;
  const auto seconds = number_in(text);
  if (!seconds || *seconds < 1e8 || *seconds > 1e13) return std::nullopt;
  return static_cast<Timestamp>(*seconds > 1e11 ? *seconds / 1000 : *seconds);
}

bool is_environment(std::string_view key) {
  return key == "machine" || key == "cpu" || key == "os" || key == "kernel" || key == "compiler" || key == "runtime";
}

// ---- plain CSV: a row a value

bool matches_plain_csv(std::string_view head) {
  const std::string line = first_line(head);
  const auto rows = separated_rows(line, separator_in(line));
  if (rows.empty() || rows.front().size() < 2 || !column_of(rows.front(), "value")) return false;
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](const char* name) { return column_of(rows.front(), name).has_value(); });
}

template <std::size_t N>
std::optional<std::size_t> first_column(const Row& header, const std::array<const char*, N>& names) {
  for (const char* name : names)
    if (const auto found = column_of(header, name)) return found;
  return std::nullopt;
}

void read_plain_csv(const Input& input, Report& report) {
  Builder builder(report);
  const std::string line = first_line(input.bytes);
  const auto rows = separated_rows(input.bytes, separator_in(line));
  if (rows.empty()) return;
  const Row& header = rows.front();
  const auto name_at = first_column(header, kNames), commit_at = first_column(header, kCommits),
             time_at = first_column(header, kTimes), value_at = column_of(header, "value"),
             unit_at = column_of(header, "unit"), better_at = column_of(header, "better");
  std::vector<std::size_t> parameters;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const bool own = i == name_at || i == commit_at || i == time_at || i == value_at || i == unit_at || i == better_at;
    if (!own && !trim(header[i]).empty()) parameters.push_back(i);
  }
  std::size_t bad = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto value = number_in(field_of(rows[i], value_at));
    const std::string name(field_of(rows[i], name_at)), commit(field_of(rows[i], commit_at));
    if (name.empty() || !value) {
      ++bad;
      continue;
    }
    std::vector<std::pair<std::string, std::string>> given;
    for (const std::size_t column : parameters) {
      const std::string key = to_lower(trim(header[column]));
      if (is_environment(key))
        builder.environment(key, field_of(rows[i], column));
      else if (!field_of(rows[i], column).empty())
        given.emplace_back(key, std::string(field_of(rows[i], column)));
    }
    const Unit unit = unit_of(field_of(rows[i], unit_at));
    const auto better = better_of(field_of(rows[i], better_at));
    const std::string shown = with_parameters(name, given);
    auto& series = builder.of_name(shown + '\n' + commit, unit, better ? better : usual_direction(unit));
    if (series.values.empty()) {
      series.name = shown, series.benchmark = name, series.parameters = given, series.commit = commit;
      series.at = time_in(field_of(rows[i], time_at));
    }
    series.values.push_back(*value * unit.factor);
  }
  if (bad > 0)
    builder.incomplete(plural(static_cast<long long>(bad), "row has", "rows have") + " no name or no number");
}

// ---- plain JSON Lines, and lists of {name, unit, value} as github-action-benchmark takes them

bool matches_plain_json(std::string_view head) {
  if (!head.starts_with('{') && !head.starts_with('[')) return false;
  const bool named = std::any_of(kNames.begin(), kNames.end(),
                                 [&](const char* name) { return has(head, '"' + std::string(name) + '"'); });
  return named && (has(head, "\"value\"") || has(head, "\"values\""));
}

void take_plain_object(const element& object, Builder& builder, std::size_t& bad) {
  std::string name, commit;
  std::optional<Timestamp> at;
  for (const char* key : kNames)
    if (name.empty()) name = text_of(object, key);
  for (const char* key : kCommits)
    if (commit.empty()) commit = text_of(object, key);
  for (const char* key : kTimes)
    if (const auto value = member(object, key); value && !at) at = time_in(shown(*value));
  std::vector<double> values = numbers_of(object, "values");
  std::optional<double> value = number_of(object, "value");
  if (!value) value = number_in(text_of(object, "value"));
  const std::string_view error = text_of(object, "error");
  if (name.empty() || (values.empty() && !value && error.empty())) {
    ++bad;
    return;
  }
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const char* key : {"parameters", "params"})
    if (const auto given = member(object, key); given && given->is_object())
      for (const auto& [parameter, each] : simdjson::dom::object(*given))
        parameters.emplace_back(std::string(parameter), shown(each));
  if (const auto environment = member(object, "environment"); environment && environment->is_object())
    for (const auto& [key, each] : simdjson::dom::object(*environment))
      builder.environment(std::string(key), shown(each));
  if (const auto machine = text_of(object, "machine"); !machine.empty()) builder.environment("machine", machine);
  const Unit unit = unit_of(text_of(object, "unit"));
  const auto better = better_of(text_of(object, "better"));
  const std::string shown_name = with_parameters(name, parameters);
  auto& series = builder.of_name(shown_name + '\n' + commit, unit, better ? better : usual_direction(unit));
  series.name = shown_name, series.benchmark = name, series.parameters = std::move(parameters), series.commit = commit;
  series.at = at, series.error = error;
  if (series.tags.empty())
    for (const char* key : {"tags", "group"})
      for (auto& tag : texts_of(object, key)) series.tags.push_back(std::move(tag));
  // A row a value, or a row with all of them and perhaps the tool's own figure.
  if (values.empty() && value)
    series.values.push_back(*value * unit.factor);
  else if (value)
    series.value = *value * unit.factor;
  for (const double each : values) series.values.push_back(each * unit.factor);
  if (const auto spread = number_of(object, "spread")) series.spread = *spread * unit.factor;
}

void read_plain_json(const Input& input, Report& report) {
  Builder builder(report);
  std::size_t bad = 0;
  if (trim(input.bytes.substr(0, 100)).starts_with('[')) {
    simdjson::dom::parser parser;
    simdjson::dom::array list;
    if (document_of(parser, input.bytes).get(list) == simdjson::SUCCESS)
      for (const element& each : list) each.is_object() ? take_plain_object(each, builder, bad) : void(++bad);
  } else {
    bad += each_json_line(input.bytes, [&](const element& object) { take_plain_object(object, builder, bad); });
  }
  if (bad > 0)
    builder.incomplete(plural(static_cast<long long>(bad), "row has", "rows have") + " no name or no number");
}

}  // namespace

extern const Format r_csv_format, r_text_format, plain_json_format, plain_csv_format;
const Format r_csv_format{"r-csv", matches_r_csv, read_r_csv};
const Format r_text_format{"r-text", matches_r_text, read_r_text};
const Format plain_json_format{"plain-json", matches_plain_json, read_plain_json};
const Format plain_csv_format{"plain-csv", matches_plain_csv, read_plain_csv};

}  // namespace resident::benchmarks
