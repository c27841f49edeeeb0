// perf stat: what it prints, -x SEPARATOR and -j. "<not supported>" and "<not counted>" are no values, but for the
// tool's own clocks (user_time, system_time), where "<not counted>" stands for 0.
//
// Known trap, met in version 6.1: with -r the figures of user and system time are those of the last run beside the
// spread of all.
#include <algorithm>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

bool is_absent(std::string_view value) {
  return value.starts_with('<');
}

std::optional<Better> direction_of(std::string_view event, const Unit& unit) {
  if (unit.name == "s") return Better::lower;
  const std::string_view bare = event.substr(0, event.find(':'));
  for (const std::string_view cost : {"instructions", "cycles", "branches", "branch-misses", "cache-misses",
                                      "page-faults", "context-switches", "cpu-migrations"})
    if (bare == cost || bare.ends_with("misses")) return Better::lower;
  return usual_direction(unit);
}

// One row of any of the three forms. percent: the spread that -r tells, of the mean.
void take_event(std::string_view event, std::string_view value, std::string_view unit_text, std::string_view runtime,
                std::optional<double> number, std::optional<double> percent, Builder& builder) {
  Unit unit = unit_text.empty() ? kCount : unit_of(unit_text);
  if (unit_text == "Bytes") unit = kBytes;
  if (unit_text == "Joules") unit = {"J", 1};
  auto& series = builder.of_name(std::string(event), unit, direction_of(event, unit));
  if (is_absent(value)) {
    const bool own_clock = (event == "user_time" || event == "system_time") && has(value, "not counted");
    if (own_clock && (runtime.empty() || number_in(runtime) == 0))
      series.values.push_back(0);
    else if (series.values.empty())
      series.error = std::string(value);
    return;
  }
  if (!number) return;
  series.error.clear();
  series.values.push_back(*number * unit.factor);
  if (percent) {
    // Of many runs: this is their mean, no single value.
    series.value = series.values.back();
    series.values.clear();
  }
}

// ---- -j

bool matches_json(std::string_view head) {
  return has(head, "\"counter-value\"") && has(head, "\"event\"");
}

void read_json(const Input& input, Report& report) {
  report.tool = "perf-stat";
  Builder builder(report);
  const std::size_t broken = each_json_line(input.bytes, [&](const element& row) {
    std::string event(text_of(row, "event"));
    if (event.empty()) return;
    for (const char* place : {"cpu", "core", "node", "socket", "die"})
      if (const auto value = member(row, place)) event += " " + std::string(place) + " " + shown(*value);
    const std::string_view value = text_of(row, "counter-value");
    const auto number = value.empty() ? number_of(row, "counter-value") : number_in(value);
    const auto runtime = member(row, "event-runtime");
    take_event(event, value, text_of(row, "unit"), runtime ? shown(*runtime) : std::string(), number,
               number_of(row, "variance"), builder);
  });
  if (broken > 0) builder.incomplete("a line is cut off");
}

// ---- -x

struct Split {
  std::vector<std::string_view> fields;
  std::size_t value = 0;  // where the value stands; the unit and the event follow it
};

bool is_event_name(std::string_view text) {
  if (text.empty() || text.size() > 200) return false;
  const char first = text.front();
  if (!((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '{')) return false;
  return text.find(' ') == std::string_view::npos;
}

bool is_unit(std::string_view text) {
  return text.empty() || text == "msec" || text == "ns" || text == "Bytes" || text == "Joules" || text == "MiB" ||
         text == "mW";
}

// Values stand first, or behind a time, a processor or both.
std::optional<Split> split_row(std::string_view line, char separator) {
  Split row{split(line, separator), 0};
  if (row.fields.size() < 5) return std::nullopt;
  for (std::size_t i = 0; i < 4 && i + 2 < row.fields.size(); ++i) {
    const std::string_view value = trim(row.fields[i]);
    const bool looks =
        is_absent(value) || (!value.empty() && value.find_first_not_of("0123456789.,") == std::string_view::npos);
    if (looks && is_unit(trim(row.fields[i + 1])) && is_event_name(trim(row.fields[i + 2]))) {
      row.value = i;
      return row;
    }
  }
  return std::nullopt;
}

std::optional<char> separator_of(std::string_view head) {
  for (const char separator : {',', ';', '\t', '|', '@', '!', ':', ' '}) {
    std::size_t rows = 0, others = 0;
    each_line(head, [&](std::string_view line) {
      if (trim(line).empty() || line.front() == '#') return;
      if (split_row(line, separator))
        ++rows;
      else
        ++others;
    });
    if (rows > 0 && rows >= others) return separator;
  }
  return std::nullopt;
}

bool matches_csv(std::string_view head) {
  return separator_of(head.substr(0, 4096)).has_value();
}

void read_csv(const Input& input, Report& report) {
  report.tool = "perf-stat";
  Builder builder(report);
  const auto separator = separator_of(input.bytes.substr(0, 4096));
  if (!separator) return;
  each_line(input.bytes, [&](std::string_view line) {
    if (trim(line).empty() || line.front() == '#') return;
    const auto row = split_row(line, *separator);
    if (!row) return;
    const auto field = [&](std::size_t at) {
      return at < row->fields.size() ? trim(row->fields[at]) : std::string_view();
    };
    std::string value(field(row->value)), event(field(row->value + 2));
    if (*separator != ',') std::replace(value.begin(), value.end(), ',', '.');  // a comma of some languages
    for (std::size_t i = 0; i < row->value; ++i)
      if (!number_in(field(i))) event += " " + std::string(field(i));  // CPU0, S0-D0-C1; a time is none
    std::size_t next = row->value + 3;
    std::optional<double> percent;
    if (field(next).ends_with('%')) percent = number_in(field(next).substr(0, field(next).size() - 1)), ++next;
    take_event(event, value, field(row->value + 1), field(next), number_in(value), percent, builder);
  });
}

// ---- what it prints

bool matches_text(std::string_view head) {
  return has(head, "Performance counter stats for");
}

// "1,234,567" and "1.234.567" have thousands apart, "0,83" of other languages has a fraction.
std::optional<double> printed_number(std::string_view text, bool has_unit) {
  std::string plain(text);
  const auto commas = std::count(plain.begin(), plain.end(), ','), dots = std::count(plain.begin(), plain.end(), '.');
  if (commas == 1 && dots == 0 && has_unit)
    std::replace(plain.begin(), plain.end(), ',', '.');
  else if (dots > 0 && commas == 1 && plain.rfind(',') > plain.rfind('.')) {
    std::erase(plain, '.');
    std::replace(plain.begin(), plain.end(), ',', '.');
  } else if (dots > 1 || (dots == 1 && commas == 0 && !has_unit && plain.size() - plain.find('.') == 4)) {
    std::erase(plain, '.');
  }
  return number_in(plain);
}

void read_text(const Input& input, Report& report) {
  report.tool = "perf-stat";
  Builder builder(report);
  std::vector<double> table;
  bool in_table = false;
  each_line(input.bytes, [&](std::string_view line) {
    if (has(line, "Table of individual measurements")) in_table = true;
    std::string_view text = trim(line.substr(0, line.find('#')));
    if (in_table && has(line, "(") && has(line, "#") && !has(line, "+-")) {
      if (const auto value = leading_number(text)) table.push_back(*value);
      return;
    }
    std::optional<double> percent;
    if (const std::size_t at = line.find("( +-"); at != std::string_view::npos)
      percent = leading_number(trim(line.substr(at + 4)));
    text = trim(text.substr(0, text.find("( +-")));
    text = trim(text.substr(0, text.find("  (")));  // (45.67%): the share of time it was counted
    if (text.empty() || has(line, "Performance counter stats")) return;
    for (const std::string_view clock : {"seconds time elapsed", "seconds user", "seconds sys"})
      if (text.ends_with(clock)) {
        const auto value = printed_number(text.substr(0, text.find(' ')), true);
        auto& series = builder.of_name(std::string(clock), kSeconds, Better::lower);
        series.value = value;
        if (value && !percent && !has(text, "+-")) series.values.push_back(*value);
        return;
      }
    std::string_view value = text.substr(0, text.find(' '));
    if (is_absent(value)) value = text.substr(0, text.find('>') + 1);
    std::string_view rest = trim(text.substr(value.size()));
    std::string_view unit;
    if (const std::size_t space = rest.find(' '); space != std::string_view::npos && is_unit(rest.substr(0, space)))
      unit = rest.substr(0, space), rest = trim(rest.substr(space));
    if (!is_event_name(rest)) return;
    const auto number = is_absent(value) ? std::nullopt : printed_number(value, !unit.empty());
    if (!number && !is_absent(value)) return;
    take_event(rest, value, unit, {}, number, percent, builder);
  });
  if (!table.empty()) builder.of_name("seconds time elapsed", kSeconds, Better::lower).values = table;
}

}  // namespace

extern const Format perf_json_format, perf_csv_format, perf_text_format;
const Format perf_json_format{"perf-stat-json", matches_json, read_json};
const Format perf_csv_format{"perf-stat-csv", matches_csv, read_csv};
const Format perf_text_format{"perf-stat-text", matches_text, read_text};

}  // namespace resident::benchmarks
