// Small benchmarks that print a few lines: hackbench, ioping, multitime, 7-Zip, mbw, iperf 2; of languages: Ruby's
// benchmark and benchmark-ips, Perl's Benchmark, Python's timeit, Deno; Catch2's console.
#include <base/pattern.hpp>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

void take_figure(Builder& builder, std::string name, std::string_view text) {
  if (const auto quantity = quantity_in(text))
    builder.figure(std::move(name), unit_of(quantity->unit), quantity->number);
}

// ---- hackbench

bool matches_hackbench(std::string_view head) {
  return has(head, "Each sender will pass ") && has(head, "\nTime: ");
}
void read_hackbench(const Input& input, Report& report) {
  report.tool = "hackbench";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    if (line.starts_with("Time: ")) builder.figure("Time", kSeconds, number_in(line.substr(6)));
  });
}

// ---- ioping

bool matches_ioping(std::string_view head) {
  return has(head, " ioping statistics ---") ||
         (has(head, "min/avg/max/mdev = ") && has(head, " requests completed in "));
}
void read_ioping(const Input& input, Report& report) {
  static const Pattern done(R"(([0-9]+) requests completed in ([^,]+), .*, ([0-9.]+) ?([kM]?) iops, (\S+ \S+)/s)");
  static const Pattern times(R"(min/avg/max/mdev = (\S+ \S+) / (\S+ \S+) / (\S+ \S+) / (\S+ \S+))");
  static const Pattern one(R"(.*: request=[0-9]+ time=(\S+ \S+?)(?: \((.*)\))?)");
  report.tool = "ioping";
  Builder builder(report);
  std::vector<double> values;
  each_line(input.bytes, [&](std::string_view line) {
    std::string a, b, c, d, e;
    if (one.matches(line, &a, &b) && b != "warmup") {
      if (const auto seconds = in_base_unit(a)) values.push_back(*seconds);
    } else if (done.matches(line, &a, &b, &c, &d, &e)) {
      builder.figure("iops", Unit{"1/s", d == "k" ? 1e3 : d == "M" ? 1e6 : 1}, number_in(c));
      if (const auto rate = quantity_in(e))
        builder.figure("throughput", Unit{"B/s", unit_of(rate->unit).factor}, rate->number);
      take_figure(builder, "requests completed in", b);
    } else if (times.matches(line, &a, &b, &c, &d)) {
      take_figure(builder, "time min", a);
      take_figure(builder, "time avg", b);
      if (!report.series.empty()) report.series.back().values = values;
      take_figure(builder, "time max", c);
    }
  });
}

// ---- multitime: a column a statistic, seconds

bool matches_multitime(std::string_view head) {
  return has(head, "===> multitime results");
}
void read_multitime(const Input& input, Report& report) {
  static const Pattern command(R"(([0-9]+): (.*))");
  static const Pattern row(R"((real|user|sys) +(\S+) +(\S+) +(\S+) +(\S+) +(\S+) *)");
  report.tool = "multitime";
  Builder builder(report);
  std::string of;
  each_line(input.bytes, [&](std::string_view line) {
    std::string name, mean, spread, least, median, most;
    if (command.matches(line, &name, &mean)) {
      of = mean;
    } else if (row.matches(line, &name, &mean, &spread, &least, &median, &most)) {
      builder.figure(of + " " + name, kSeconds, number_in(mean));
      if (!report.series.empty()) report.series.back().spread = number_in(spread);
    }
  });
}

// ---- 7-Zip: "Avr:" has speed (KiB/s), usage, rating per use and rating of both directions

bool matches_seven_zip(std::string_view head) {
  return has(head, "7-Zip") && has(head, "Compressing") && has(head, "Decompressing");
}
void read_seven_zip(const Input& input, Report& report) {
  static const Pattern average(
      R"(Avr: +(?:([0-9]+) +)?([0-9]+) +([0-9]+) +([0-9]+) +\| +(?:([0-9]+) +)?([0-9]+) +([0-9]+) +([0-9]+))");
  static const Pattern total(R"(Tot: +([0-9]+) +([0-9]+) +([0-9]+))");
  report.tool = "7-zip";
  Builder builder(report);
  const Unit rating{"MIPS", 1};
  each_line(input.bytes, [&](std::string_view line) {
    std::string speed, use, per_use, rated, other_speed, other_use, other_per_use, other_rated;
    if (average.matches(line, &speed, &use, &per_use, &rated, &other_speed, &other_use, &other_per_use, &other_rated)) {
      builder.figure("Compressing Speed", Unit{"B/s", 1024}, number_in(speed));
      builder.figure("Compressing Rating", rating, Better::higher, number_in(rated));
      builder.figure("Decompressing Speed", Unit{"B/s", 1024}, number_in(other_speed));
      builder.figure("Decompressing Rating", rating, Better::higher, number_in(other_rated));
    } else if (total.matches(line, &use, &per_use, &rated)) {
      builder.figure("Total Rating", rating, Better::higher, number_in(rated));
    }
  });
}

// ---- mbw

bool matches_mbw(std::string_view head) {
  return has(head, "\tMethod: ") && has(head, "\tCopy: ");
}
void read_mbw(const Input& input, Report& report) {
  static const Pattern row(R"((AVG|[0-9]+)\tMethod: (\S+)\tElapsed: ([0-9.]+)\tMiB: ([0-9.]+)\tCopy: ([0-9.]+) MiB/s)");
  report.tool = "mbw";
  Builder builder(report);
  const Unit rate{"B/s", 1048576};
  std::vector<double> values;
  each_line(input.bytes, [&](std::string_view line) {
    std::string which, method, elapsed, size, copied;
    if (!row.matches(line, &which, &method, &elapsed, &size, &copied)) return;
    const auto number = number_in(copied);
    if (which != "AVG") {
      if (number) values.push_back(*number * rate.factor);
      return;
    }
    builder.figure(method + " Copy", rate, number);
    if (!report.series.empty()) report.series.back().values = std::exchange(values, {});
  });
}

// ---- iperf 2: "[  1] 0.0000-1.7553 sec  18.8 MBytes  89.6 Mbits/sec"; -y C

bool matches_iperf2(std::string_view head) {
  return has(head, "[ ID] Interval ") && has(head, "Bandwidth") && !has(head, "iperf 3");
}
void read_iperf2(const Input& input, Report& report) {
  static const Pattern row(R"(\[ *(\S+)\] +[0-9.]+- *[0-9.]+ sec +\S+ \S+ +([0-9.]+) ([KMG]?)(bits|Bytes)/sec.*)");
  report.tool = "iperf";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    std::string id, number, scale, unit;
    if (!row.matches(line, &id, &number, &scale, &unit)) return;
    // Bits by thousands, bytes by 1024.
    const double k = unit == "bits" ? 1000 : 1024;
    const double factor = scale == "K" ? k : scale == "M" ? k * k : scale == "G" ? k * k * k : 1;
    // The last line of a stream is its sum.
    Series& series = builder.of_name(id == "SUM" ? "SUM Bandwidth" : "Bandwidth " + id,
                                     Unit{unit == "bits" ? "bit/s" : "B/s", 1}, Better::higher);
    if (const auto value = number_in(number)) series.value = *value * factor;
  });
}

// ---- Ruby: benchmark-ips and benchmark

bool matches_ips_json(std::string_view head) {
  return head.starts_with('[') && has(head, "\"ips\"") && has(head, "\"central_tendency\"");
}
void read_ips_json(const Input& input, Report& report) {
  report.tool = "benchmark-ips";
  Builder builder(report);
  simdjson::dom::parser parser;
  simdjson::dom::array list;
  if (document_of(parser, input.bytes).get(list) != simdjson::SUCCESS) return;
  for (const element each : list) {
    auto value = number_of(each, "central_tendency");
    if (!value) value = number_of(each, "ips");
    if (!value) continue;
    builder.figure(std::string(text_of(each, "name")), kPerSecond, value);
    report.series.back().spread = number_of(each, "stddev");
  }
}

bool matches_ips(std::string_view head) {
  return has(head, "Calculating ---") && has(head, "i/s");
}
void read_ips(const Input& input, Report& report) {
  static const Pattern row(R"(\s*(\S.*?)\s+([0-9.]+)([kMBT]?) {1,2}\(±\s*([0-9.]+)%\) i/s.*)");
  report.tool = "benchmark-ips";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    std::string name, number, scale, spread;
    if (!row.matches(line, &name, &number, &scale, &spread)) return;
    const double factor = scale == "k" ? 1e3 : scale == "M" ? 1e6 : scale == "B" ? 1e9 : scale == "T" ? 1e12 : 1;
    const auto value = number_in(number);
    if (!value) return;
    builder.figure(name, Unit{"1/s", factor}, value);
    report.series.back().spread = *value * factor * number_in(spread).value_or(0) / 100;
  });
}

// "              user     system      total        real"
bool matches_ruby_benchmark(std::string_view head) {
  static const Pattern heading(R"((?m)^ *user +system +total +real *$)");
  return heading.found_in(head);
}
void read_ruby_benchmark(const Input& input, Report& report) {
  static const Pattern row(R"( *(\S.*?)?:? +([0-9.]+) +([0-9.]+) +([0-9.]+) \( *([0-9.]+)\))");
  static const Pattern rehearsal(R"(Rehearsal -+.*)");
  report.tool = "ruby-benchmark";
  Builder builder(report);
  bool is_rehearsal = false;
  each_line(input.bytes, [&](std::string_view line) {
    std::string name, user, system, total, real;
    if (rehearsal.matches(line)) is_rehearsal = true;
    if (is_rehearsal && line.starts_with("-") && has(line, "total: ")) {
      is_rehearsal = false;
    } else if (!is_rehearsal && row.matches(line, &name, &user, &system, &total, &real)) {
      if (name.empty()) name = "(unnamed)";
      builder.figure(name + " real", kSeconds, number_in(real));
      builder.figure(name + " user", kSeconds, number_in(user));
      builder.figure(name + " system", kSeconds, number_in(system));
      builder.figure(name + " total", kSeconds, number_in(total));
    }
  });
}

// ---- Perl's Benchmark: timethese and the table of cmpthese

bool matches_perl_benchmark(std::string_view head) {
  return has(head, " wallclock secs (") && has(head, " CPU)");
}
void read_perl_benchmark(const Input& input, Report& report) {
  static const Pattern row(
      R"( *(\S.*?): +([0-9.]+) wallclock secs \( *([0-9.]+) usr.* = +([0-9.]+) CPU\)(?: @ +([0-9.]+)/s \(n=([0-9]+)\))?)");
  report.tool = "perl-benchmark";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    std::string name, wall, user, cpu, rate, count;
    if (!row.matches(line, &name, &wall, &user, &cpu, &rate, &count)) return;
    if (!rate.empty()) builder.figure(name, kPerSecond, number_in(rate));
    builder.figure(name + " CPU", kSeconds, number_in(cpu));
    builder.figure(name + " wallclock", kSeconds, number_in(wall));
  });
}

// ---- python -m timeit: "20 loops, best of 3: 4.69 msec per loop"

const Pattern& timeit_line() {
  static const Pattern pattern(R"((?m)^([0-9]+) loops?, best of ([0-9]+): ([0-9.]+) (\S+) per loop$)");
  return pattern;
}
bool matches_timeit(std::string_view head) {
  return timeit_line().found_in(head);
}
void read_timeit(const Input& input, Report& report) {
  static const Pattern raw(R"(raw times: (.*))");
  report.tool = "timeit";
  Builder builder(report);
  std::vector<double> whole;
  each_line(input.bytes, [&](std::string_view line) {
    std::string loops, rounds, number, unit, times;
    if (raw.matches(line, &times)) {
      for (const auto part : split(times, ','))
        if (const auto seconds = in_base_unit(part)) whole.push_back(*seconds);
    } else if (timeit_line().matches(line, &loops, &rounds, &number, &unit)) {
      builder.figure("per loop", unit_of(unit), number_in(number));
      const double count = number_in(loops).value_or(1);
      if (report.series.empty() || count < 1) return;
      for (const double each : whole) report.series.back().values.push_back(each / count);
      whole.clear();
    }
  });
}

// ---- Deno: --json (nanoseconds), and its table

bool matches_deno_json(std::string_view head) {
  return head.starts_with('{') && has(head, "\"runtime\": \"Deno/") && has(head, "\"benches\"");
}
void read_deno_json(const Input& input, Report& report) {
  report.tool = "deno";
  Builder builder(report);
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  std::string_view runtime = text_of(document, "runtime");
  if (runtime.starts_with("Deno/")) report.version = std::string(runtime.substr(5, runtime.find(' ') - 5));
  builder.environment("cpu", text_of(document, "cpu"));
  each_of(document, "benches", [&](const element& bench) {
    const std::string name(text_of(bench, "name")), group(text_of(bench, "group"));
    each_of(bench, "results", [&](const element& result) {
      if (const auto good = member(result, "ok")) {
        builder.figure(name, kNanoseconds, number_of(*good, "avg"));
      } else if (const auto bad = member(result, "failed")) {
        builder.failed(name, std::string(text_of(*bad, "message")));
      }
      if (!group.empty() && !report.series.empty()) report.series.back().tags = {group};
    });
  });
}

bool matches_deno_table(std::string_view head) {
  return has(head, "time/iter (avg)") && has(head, "iter/s");
}
void read_deno_table(const Input& input, Report& report) {
  static const Pattern row(R"(\| (\S.*?) +\| +([0-9.,]+ \S+) \| +([0-9.,]+) \|.*)"), failed(R"((\S.*?) +error: (.*))");
  report.tool = "deno";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string line = without_colours(raw);
    std::string name, time, rate;
    if (row.matches(line, &name, &time, &rate))
      take_figure(builder, name, time);
    else if (failed.matches(line, &name, &time) && !report.series.empty())
      builder.failed(name, time);
  });
}

// ---- Catch2's console, with an analysis (three lines a benchmark) and without (one)

bool matches_catch2_console(std::string_view head) {
  return has(head, "benchmark name") && has(head, "samples ") && has(head, "iterations");
}
void read_catch2_console(const Input& input, Report& report) {
  static const Pattern alone(R"((\S.*?) +([0-9]+) +([0-9]+) +([0-9.]+ (?:ns|us|ms|s|m)) *)");
  static const Pattern three(
      R"( +([0-9.]+ (?:ns|us|ms|s|m)) +([0-9.]+ (?:ns|us|ms|s|m)) +([0-9.]+ (?:ns|us|ms|s|m)) *)");
  report.tool = "catch2";
  Builder builder(report);
  const bool is_analysed = has(input.bytes, "low mean");
  std::string name;
  bool has_mean = false;
  each_line(input.bytes, [&](std::string_view line) {
    std::string samples, iterations, time, low, high;
    if (alone.matches(line, &name, &samples, &iterations, &time)) {
      has_mean = false;
      if (!is_analysed) take_figure(builder, name, time);
    } else if (!name.empty() && three.matches(line, &time, &low, &high)) {
      if (!has_mean)
        take_figure(builder, name, time);
      else if (!report.series.empty())
        report.series.back().spread = in_base_unit(time);
      has_mean = true;
    }
  });
}

}  // namespace

extern const Format hackbench_format, ioping_format, multitime_format, seven_zip_format, mbw_format, iperf2_format,
    ips_json_format, ips_format, ruby_benchmark_format, perl_benchmark_format, timeit_format, deno_json_format,
    deno_table_format, catch2_console_format;
const Format hackbench_format{"hackbench", matches_hackbench, read_hackbench};
const Format ioping_format{"ioping", matches_ioping, read_ioping};
const Format multitime_format{"multitime", matches_multitime, read_multitime};
const Format seven_zip_format{"7-zip", matches_seven_zip, read_seven_zip};
const Format mbw_format{"mbw", matches_mbw, read_mbw};
const Format iperf2_format{"iperf", matches_iperf2, read_iperf2};
const Format ips_json_format{"benchmark-ips-json", matches_ips_json, read_ips_json};
const Format ips_format{"benchmark-ips", matches_ips, read_ips};
const Format ruby_benchmark_format{"ruby-benchmark", matches_ruby_benchmark, read_ruby_benchmark};
const Format perl_benchmark_format{"perl-benchmark", matches_perl_benchmark, read_perl_benchmark};
const Format timeit_format{"timeit", matches_timeit, read_timeit};
const Format deno_json_format{"deno-json", matches_deno_json, read_deno_json};
const Format deno_table_format{"deno", matches_deno_table, read_deno_table};
const Format catch2_console_format{"catch2-console", matches_catch2_console, read_catch2_console};

}  // namespace resident::benchmarks
