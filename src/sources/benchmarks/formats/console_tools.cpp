// What people see of hyperfine, pytest-benchmark, mitata, vitest bench, JMH, fio, iperf3, dd, bonnie++, hey -o csv and
// Ruby's benchmark-memory: their consoles, where the file that a tool can write was not asked for.
#include <algorithm>
#include <array>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <map>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

bool any_line(std::string_view text, const Pattern& pattern) {
  bool found = false;
  each_line(text, [&](std::string_view line) { found = found || pattern.matches(line); });
  return found;
}

// ---- hyperfine: "Benchmark 1: sleep 0.02", below it "  Time (mean ± σ):      24.8 ms ±   2.2 ms"; one run has "abs ≡"

bool matches_hyperfine(std::string_view head) {
  static const Pattern time(R"(\s*Time \((?:mean ± σ|abs ≡)\): +[0-9.]+ (?:µs|ms|s)\b.*)");
  return any_line(without_colours(head), time);
}

void read_hyperfine(const Input& input, Report& report) {
  report.tool = "hyperfine";
  Builder builder(report);
  static const Pattern begun(R"(Benchmark (?:#)?[0-9]+: (.*))");
  static const Pattern time(R"(\s*Time \((?:mean ± σ|abs ≡)\): +([0-9.]+) (µs|ms|s)(?: ± +([0-9.]+) (µs|ms|s))?.*)");
  std::string command;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string line = without_colours(raw);
    std::string mean, unit, spread, spread_unit;
    if (begun.matches(line, &command)) return;
    if (!time.matches(line, &mean, &unit, &spread, &spread_unit)) {
      if (has(line, "Ignoring non-zero exit code")) builder.incomplete(command + ": a run failed, and its time counts");
      return;
    }
    auto& series = builder.add(command, kSeconds);
    series.benchmark = command;
    series.value = number_in(mean).value_or(0) * unit_of(unit).factor;
    if (const auto number = number_in(spread)) series.spread = *number * unit_of(spread_unit).factor;
  });
}

// --export-asciidoc has a cell a line, --export-orgmode a row a line with other quotes.
bool matches_hyperfine_table(std::string_view head) {
  return has(head, "| Command") && has(head, "| Mean [") ? !head.starts_with("| Command |")
                                                         : head.starts_with("| Command  |  Mean [");
}

void read_hyperfine_table(const Input& input, Report& report) {
  report.tool = "hyperfine";
  Builder builder(report);
  static const Pattern heading(R"(.*\| *Mean \[(\w+|µs)\].*)"), quoted(R"(\| *[`=](.*)[`=] *)");
  static const Pattern row(R"(\| *=(.*)= *\| *([0-9.]+)(?: ± ([0-9.]+))? *\|.*)"),
      cell(R"(\| *([0-9.]+)(?: ± ([0-9.]+))? *)");
  Unit unit = kSeconds;
  std::string command;
  const auto take = [&](const std::string& name, const std::string& mean, const std::string& spread) {
    auto& series = builder.add(name, kSeconds);
    series.benchmark = name;
    series.value = number_in(mean).value_or(0) * unit.factor;
    if (const auto number = number_in(spread)) series.spread = *number * unit.factor;
  };
  each_line(input.bytes, [&](std::string_view line) {
    std::string word, mean, spread;
    if (heading.matches(line, &word)) {
      unit = unit_of(word);
    } else if (row.matches(line, &word, &mean, &spread)) {
      take(word, mean, spread);
    } else if (quoted.matches(line, &word)) {
      command = word;
    } else if (!command.empty() && cell.matches(line, &mean, &spread)) {
      take(std::exchange(command, {}), mean, spread);
    }
  });
}

// ---- pytest-benchmark's table: "Name (time in ms)   Min   Max   Mean …", each figure with its ratio behind it

const Pattern& pytest_heading() {
  static const Pattern pattern(R"(.*Name \(time in (ns|us|μs|ms|s)\) +(.*Mean.*))");
  return pattern;
}

bool matches_pytest_table(std::string_view head) {
  return any_line(head, pytest_heading());
}

void read_pytest_table(const Input& input, Report& report) {
  report.tool = "pytest-benchmark";
  Builder builder(report);
  static const Pattern group(R"(-+ benchmark(?: '(.*)')?: [0-9]+ tests -+)"), rule("-{20,}");
  Unit unit = kSeconds;
  std::vector<std::string> columns;
  std::string of;
  int rules = 0;
  each_line(input.bytes, [&](std::string_view raw) {
    std::string line = without_colours(raw), word, titles;
    std::replace(line.begin(), line.end(), '\r', '\n');
    if (const std::size_t last = line.rfind('\n'); last != std::string::npos) line.erase(0, last + 1);
    if (group.matches(line, &word)) {
      of = word;
    } else if (pytest_heading().matches(line, &word, &titles)) {
      unit = word == "μs" ? kMicroseconds : unit_of(word);
      columns.clear();
      for (const auto part : split(titles, ' '))
        if (!trim(part).empty() && !trim(part).starts_with('(')) columns.emplace_back(trim(part));
      rules = 1;
    } else if (rules > 0 && rule.matches(line)) {
      rules = rules == 1 ? 2 : 0;
    } else if (rules == 2) {
      // The ratio in brackets belongs to the figure before it.
      const std::size_t end = line.find(' ');
      if (end == std::string::npos) return;
      const std::string name = line.substr(0, end);
      std::vector<std::string> figures;
      static const Pattern figure(R"((?:^| )([0-9][0-9.,]*(?:;[0-9]+)?|inf)(?: \([0-9.,>]+\))?(?: |$))");
      std::string_view rest = std::string_view(line).substr(end);
      for (std::string found; figures.size() < columns.size() && figure.find_next(rest, &found);)
        figures.push_back(found);
      auto& series = builder.add(name, kSeconds);
      series.benchmark = name;
      if (!of.empty()) series.tags = {of};
      for (std::size_t i = 0; i < std::min(columns.size(), figures.size()); ++i) {
        const auto number = number_in(figures[i]);
        if (columns[i] == "Mean" && number) series.value = *number * unit.factor;
        if (columns[i] == "StdDev" && number) series.spread = *number * unit.factor;
      }
    }
  });
}

// ---- mitata: "sleep 2ms     2.16 ms/iter …" below "• group"; "throws   error: why"

const Pattern& mitata_line() {
  static const Pattern pattern(R"((\S.*?) +(?:([0-9.,]+) (ps|ns|µs|ms|s)/iter\b.*|error: (.*)))");
  return pattern;
}

bool matches_mitata(std::string_view head) {
  static const Pattern heading(R"(benchmark +(?:avg|time) \((?:min … max|avg)\).*)");
  return any_line(without_colours(head), heading) && has(head, "/iter");
}

void read_mitata(const Input& input, Report& report) {
  report.tool = "mitata";
  Builder builder(report);
  std::string group;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string line = without_colours(raw);
    std::string name, number, unit, error;
    if (line.starts_with("cpu: ")) builder.environment("cpu", std::string_view(line).substr(5));
    if (line.starts_with("runtime: ")) builder.environment("runtime", std::string_view(line).substr(9));
    if (line.starts_with("• ")) group = std::string(trim(std::string_view(line).substr(std::string_view("• ").size())));
    if (!mitata_line().matches(line, &name, &number, &unit, &error)) return;
    const std::string full = group.empty() ? name : group + " > " + name;
    if (number.empty()) return builder.failed(full, error);
    auto& series = builder.add(full, kSeconds);
    series.benchmark = name;
    if (!group.empty()) series.tags = {group};
    series.value = number_in(number).value_or(0) * (unit == "ps" ? 1e-12 : unit_of(unit).factor);
  });
}

// ---- vitest bench: "   · two ms   470.76  2.0923 …" below its heading; hz has more figures than the mean in ms

bool matches_vitest_table(std::string_view head) {
  static const Pattern heading(R"( +name +hz +min +max +mean +p75 .*)");
  return any_line(without_colours(head), heading);
}

void read_vitest_table(const Input& input, Report& report) {
  report.tool = "vitest-bench";
  Builder builder(report);
  static const Pattern suite(R"( *(?:✓|×|❯) (\S.*?)(?: [0-9.]+m?s)?)"),
      row(R"( +· (\S.*?) +([0-9.,]+) +([0-9.,]+) +([0-9.,]+) +([0-9.,]+) .*)");
  std::string of;
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string line = without_colours(raw);
    std::string name, rate, least, most, mean;
    if (suite.matches(line, &name)) of = name;
    if (!row.matches(line, &name, &rate, &least, &most, &mean)) return;
    auto& series = builder.add(of.empty() ? name : of + " > " + name, kSeconds);
    series.benchmark = name;
    if (!of.empty()) series.tags = {of};
    // Four digits of a millisecond are nothing of what takes nanoseconds.
    if (const auto hz = number_in(rate); hz && *hz > 0) series.value = 1 / *hz;
    const auto shown = number_in(mean);
    constexpr double kEnough = 0.01;
    if (shown && *shown >= kEnough) series.value = *shown * 1e-3;
  });
}

// ---- JMH's table: "Benchmark   (n)  Mode  Cnt  Score   Error  Units"

const Pattern& jmh_heading() {
  static const Pattern pattern(R"((Benchmark)((?: +\([\w.]+\))*) +Mode +(?:Cnt|Samples) +Score +(?:Error +)?Units)");
  return pattern;
}

bool matches_jmh_text(std::string_view head) {
  return any_line(head, jmh_heading()) || has(head, "# JMH version: ");
}

void read_jmh_text(const Input& input, Report& report) {
  report.tool = "jmh";
  Builder builder(report);
  static const Pattern row(
      R"((\S+)((?: +\S+)*?) +(thrpt|avgt|sample|ss)(?: +([0-9]+))? +(?:≈ )?(\S+)(?: +± +(\S+))? +(\S+/\S+|\S+))");
  std::vector<std::string> names;
  bool in_table = false;
  each_line(input.bytes, [&](std::string_view line) {
    std::string word, columns, name, values, mode, count, score, error, unit;
    if (line.starts_with("# JMH version: ")) report.version = std::string(trim(line.substr(15)));
    if (line.starts_with("# VM version: ")) builder.environment("runtime", line.substr(14));
    if (jmh_heading().matches(line, &word, &columns)) {
      names.clear();
      for (const auto part : split(columns, ' '))
        if (part.size() > 2) names.emplace_back(part.substr(1, part.size() - 2));
      in_table = true;
    } else if (in_table && row.matches(line, &name, &values, &mode, &count, &score, &error, &unit)) {
      std::vector<std::pair<std::string, std::string>> parameters;
      std::size_t at = 0;
      for (const auto part : split(values, ' '))
        if (!part.empty() && at < names.size() && part != "N/A")
          parameters.emplace_back(names[at++], std::string(part));
      const Unit of = unit_of(unit);
      auto& series = builder.add(with_parameters(name, parameters), of);
      series.benchmark = name;
      series.parameters = std::move(parameters);
      series.tags = class_of(name);
      std::replace(score.begin(), score.end(), ',', '.');
      if (const auto number = number_in(score)) series.value = *number * of.factor;
      // "≈ 10⁻⁶": no more than its size.
      if (!series.value) series.error = "the table has its size alone: " + score;
    }
  });
  if (!in_table) builder.incomplete("the table of results is missing: the run was killed");
}

// ---- fio's own text: "name: (groupid=0, …", "  read: IOPS=16.0k, BW=1000MiB/s (1049MB/s)", "clat (usec): …,
// avg=57.93"

bool matches_fio_text(std::string_view head) {
  static const Pattern group(R"(\S.*: \(groupid=[0-9]+, jobs=[0-9]+\): err= *[0-9]+: .*)");
  return any_line(head, group);
}

double scaled(std::string_view text) {
  const auto quantity = quantity_in(text);
  if (!quantity) return 0;
  return quantity->number * (quantity->unit == "k" ? 1e3 : quantity->unit == "M" ? 1e6 : 1);
}

void read_fio_text(const Input& input, Report& report) {
  report.tool = "fio";
  Builder builder(report);
  static const Pattern group(R"((\S.*): \(groupid=[0-9]+, jobs=[0-9]+\): err= *([0-9]+).*)"),
      side(R"(\s+(read|write|trim): IOPS=([0-9.]+[kM]?), BW=([0-9.]+)([KMGT]?i?B/s) .*)"),
      times(R"(\s+(clat|slat|lat) \((nsec|usec|msec|sec)\): min=.*, avg= *([0-9.]+), stdev= *([0-9.]+))");
  std::string job, kind;
  each_line(input.bytes, [&](std::string_view line) {
    std::string name, error, iops, number, unit, mean, spread;
    if (line.starts_with("fio-")) report.version = std::string(trim(line.substr(4)));
    if (group.matches(line, &name, &error)) {
      job = name;
      kind.clear();
      if (error != "0") builder.failed(job, "err=" + error);
    } else if (side.matches(line, &name, &iops, &number, &unit)) {
      kind = name;
      const Unit of = unit_of(unit);
      builder.figure(job + " " + kind + " bw", kBytesPerSecond, number_in(number).value_or(0) * of.factor);
      builder.figure(job + " " + kind + " iops", kPerSecond, scaled(iops));
    } else if (!kind.empty() && times.matches(line, &name, &unit, &mean, &spread)) {
      const double factor = unit == "nsec" ? 1e-9 : unit == "usec" ? 1e-6 : unit == "msec" ? 1e-3 : 1;
      auto& series = builder.add(job + " " + kind + " " + name + " mean", kSeconds);
      series.value = number_in(mean).value_or(0) * factor;
      series.spread = number_in(spread).value_or(0) * factor;
    }
  });
}

// --output-format=terse, versions 3 to 5: fields by their place; of a side that did nothing all are 0.
bool matches_fio_terse(std::string_view head) {
  static const Pattern line(R"([345];fio-[0-9.]+[^;]*;[^;]*;[0-9]+;[0-9]+;[0-9]+;[0-9]+;.*)");
  return any_line(head, line);
}

void read_fio_terse(const Input& input, Report& report) {
  report.tool = "fio";
  Builder builder(report);
  constexpr std::size_t kName = 2;
  constexpr std::array<std::pair<const char*, std::size_t>, 2> kSides{{{"read", 5}, {"write", 46}}};
  each_line(input.bytes, [&](std::string_view line) {
    const auto fields = split(line, ';');
    if (fields.size() < 90 || !trim(fields[1]).starts_with("fio-")) return;
    report.version = std::string(fields[1].substr(4));
    const std::string job(fields[kName]);
    if (trim(fields[4]) != "0") return builder.failed(job, "error " + std::string(fields[4]));
    for (const auto& [kind, at] : kSides) {
      const auto number = [&, at = at](std::size_t place) { return number_in(fields[at + place]).value_or(0); };
      if (number(0) == 0) continue;
      const std::string prefix = job + " " + kind + " ";
      builder.figure(prefix + "bw", kBytesPerSecond, number(1) * 1024);
      builder.figure(prefix + "iops", kPerSecond, number(2));
      constexpr std::size_t kSlat = 6, kClat = 10, kLat = 35;
      for (const auto& [name, place] : {std::pair{"slat", kSlat}, {"clat", kClat}, {"lat", kLat}})
        if (number(place) > 0) {
          auto& series = builder.add(prefix + name + " mean", kSeconds);
          series.value = number(place) * 1e-6;
          series.spread = number(place + 1) * 1e-6;
        }
    }
  });
}

// ---- iperf3: "[SUM]   0.00-1.00   sec  1.87 GBytes  16.0 Gbits/sec                  receiver"

bool matches_iperf3_text(std::string_view head) {
  static const Pattern heading(R"(\[ ID\](?:\[Role\])? Interval +Transfer +(?:Bitrate|Bandwidth).*)");
  return any_line(head, heading) && (has(head, "Bitrate") || has(head, "receiver") || has(head, "iperf3:"));
}

void read_iperf3_text(const Input& input, Report& report) {
  report.tool = "iperf3";
  Builder builder(report);
  static const Pattern row(
      R"(\[ *(\d+|SUM)\](?:\[[A-Z-]+\])? +[0-9.]+-[0-9.]+ +sec +[0-9.]+ \w+ +([0-9.]+) ([KMGT]?bits/sec)(?: +([0-9]+))?.* (sender|receiver)\s*)");
  std::map<std::string, std::map<std::string, double>> rates;  // by sender or receiver, then stream
  std::map<std::string, double> again;
  each_line(input.bytes, [&](std::string_view line) {
    std::string stream, number, unit, retries, end;
    if (line.starts_with("iperf3: error")) builder.incomplete(std::string(trim(line)));
    if (!row.matches(line, &stream, &number, &unit, &retries, &end)) return;
    const double factor = unit.front() == 'K'   ? 1e3
                          : unit.front() == 'M' ? 1e6
                          : unit.front() == 'G' ? 1e9
                          : unit.front() == 'T' ? 1e12
                                                : 1;
    rates[end][stream] = number_in(number).value_or(0) * factor;
    if (const auto count = number_in(retries); count && end == "sender") again[stream] = *count;
  });
  const Unit bits{"bit/s", 1};
  for (const auto& [end, name] : {std::pair{"receiver", "received"}, {"sender", "sent"}}) {
    const auto& of = rates[end];
    if (of.empty()) continue;
    double all = 0;
    for (const auto& [stream, rate] : of)
      if (stream != "SUM") all += rate;
    const auto sum = of.find("SUM");
    builder.figure(std::string(name) + " bits_per_second", bits, sum == of.end() ? all : sum->second);
  }
  double count = 0;
  for (const auto& [stream, retries] : again)
    if (stream != "SUM" || again.size() == 1) count += retries;
  if (!again.empty()) builder.figure("sent retransmits", kCount, Better::lower, count);
  if (rates.empty()) builder.incomplete("there is no line of the whole run: it was killed");
}

// ---- dd: "209715200 bytes (210 MB, 200 MiB) copied, 0.0062 s, 33.7 GB/s": by a thousand, and rounded

bool matches_dd(std::string_view head) {
  static const Pattern line(R"([0-9]+ bytes (?:\(.*\) )?(?:copied|transferred)(?:, | in )[0-9.e-]+ s(?:ecs?)?.*)");
  return has(head, " records out") && any_line(head, line);
}

void read_dd(const Input& input, Report& report) {
  report.tool = "dd";
  Builder builder(report);
  static const Pattern line(R"(([0-9]+) bytes (?:\(.*\) )?(?:copied|transferred)(?:, | in )([0-9.e-]+) s(?:ecs?)?.*)");
  each_line(input.bytes, [&](std::string_view text) {
    std::string bytes, seconds;
    // A terminal's progress stands before it on the same line.
    if (const std::size_t over = text.rfind('\r'); over != std::string_view::npos) text.remove_prefix(over + 1);
    if (!line.matches(text, &bytes, &seconds)) return;
    const double size = number_in(bytes).value_or(0), time = number_in(seconds).value_or(0);
    if (time > 0) builder.figure("dd", kBytesPerSecond, size / time);
  });
}

// ---- bonnie++: a line of separated values, KiB/s and share of processor in turn; "+++++" was too quick to be measured

bool matches_bonnie(std::string_view head) {
  static const Pattern line(R"(1\.9[0-9],[^,]+,[^,]*,[0-9]+,[0-9]+,[0-9]+[KMG]?,.*)");
  return any_line(head, line);
}

void read_bonnie(const Input& input, Report& report) {
  report.tool = "bonnie++";
  Builder builder(report);
  const auto rows = separated_rows(input.bytes, ',');
  // By place: what is measured, in which column.
  static const std::vector<std::pair<std::size_t, std::string>> kRates{{9, "Sequential Per Chr output"},
                                                                       {11, "Sequential Block output"},
                                                                       {13, "Sequential Rewrite"},
                                                                       {15, "Sequential Per Chr input"},
                                                                       {17, "Sequential Block input"}};
  for (const auto& row : rows) {
    if (row.size() < 21 || !row[0].starts_with("1.9")) continue;
    report.version = row[1];
    for (const auto& [column, name] : kRates) {
      if (row[column].empty()) continue;
      if (const auto number = number_in(row[column])) {
        builder.figure(name, kBytesPerSecond, *number * 1024);
      } else {
        builder.failed(name, "too quick to be measured");
      }
    }
    if (const auto seeks = number_in(row[19])) builder.figure("Random Seeks", kPerSecond, *seeks);
  }
}

// ---- hey -o csv: a row a request

bool matches_hey_csv(std::string_view head) {
  return head.starts_with("response-time,DNS+dialup,");
}

void read_hey_csv(const Input& input, Report& report) {
  report.tool = "hey";
  Builder builder(report);
  const auto rows = separated_rows(input.bytes, ',');
  if (rows.empty()) return;
  const auto time = column_of(rows.front(), "response-time"), status = column_of(rows.front(), "status-code");
  std::vector<double> values;
  std::size_t bad = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (field_of(rows[i], status) >= "400") ++bad;
    if (const auto number = number_in(field_of(rows[i], time))) values.push_back(*number);
  }
  if (!values.empty()) builder.add("response time", kSeconds).values = std::move(values);
  if (bad > 0) builder.incomplete(std::to_string(bad) + " requests were answered with an error, and count");
}

// ---- benchmark-memory: "   array    48.040k memsize (     0.000  retained)", below it objects and strings

bool matches_ruby_memory(std::string_view head) {
  static const Pattern line(R"( *\S.*? +[0-9.]+[kMBTQ]? +memsize \( *[0-9.]+[kMBTQ]? +retained\))");
  return any_line(head, line);
}

void read_ruby_memory(const Input& input, Report& report) {
  report.tool = "benchmark-memory";
  Builder builder(report);
  static const Pattern line(
      R"( *(\S.*?)? +([0-9.]+)([kMBTQ]?) +(memsize|objects|strings) \( *[0-9.]+[kMBTQ]? +retained\))");
  std::string of;
  each_line(input.bytes, [&](std::string_view text) {
    std::string name, number, scale, what;
    if (!line.matches(text, &name, &number, &scale, &what)) return;
    if (!trim(name).empty()) of = std::string(trim(name));
    const double factor = scale == "k" ? 1e3 : scale == "M" ? 1e6 : scale == "B" ? 1e9 : scale == "T" ? 1e12 : 1;
    const auto value = number_in(number);
    auto& series = builder.add(of + " " + what, what == "memsize" ? kBytes : kCount, Better::lower);
    series.benchmark = of;
    if (value) series.value = *value * factor;
  });
}

}  // namespace

extern const Format hyperfine_text_format, hyperfine_table_format, pytest_table_format, mitata_text_format,
    vitest_table_format, jmh_text_format, fio_text_format, fio_terse_format, iperf3_text_format, dd_format,
    bonnie_format, hey_csv_format, ruby_memory_format;
const Format hyperfine_text_format{"hyperfine-text", matches_hyperfine, read_hyperfine};
const Format hyperfine_table_format{"hyperfine-table", matches_hyperfine_table, read_hyperfine_table};
const Format pytest_table_format{"pytest-benchmark-table", matches_pytest_table, read_pytest_table};
const Format mitata_text_format{"mitata-text", matches_mitata, read_mitata};
const Format vitest_table_format{"vitest-bench-table", matches_vitest_table, read_vitest_table};
const Format jmh_text_format{"jmh-text", matches_jmh_text, read_jmh_text};
const Format fio_text_format{"fio-text", matches_fio_text, read_fio_text};
const Format fio_terse_format{"fio-terse", matches_fio_terse, read_fio_terse};
const Format iperf3_text_format{"iperf3-text", matches_iperf3_text, read_iperf3_text};
const Format dd_format{"dd", matches_dd, read_dd};
const Format bonnie_format{"bonnie++", matches_bonnie, read_bonnie};
const Format hey_csv_format{"hey-csv", matches_hey_csv, read_hey_csv};
const Format ruby_memory_format{"benchmark-memory", matches_ruby_memory, read_ruby_memory};

}  // namespace resident::benchmarks
