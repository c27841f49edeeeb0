// benny and bench-node (JavaScript), cyclictest (rt-tests), perf bench, and the benchmarks that zstd and lz4 have in
// them.
#include <algorithm>
#include <base/pattern.hpp>
#include <map>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

// ---- benny: seconds in JSON with its details, whole operations a second without them and in the CSV

bool matches_benny_json(std::string_view head) {
  return head.starts_with('{') && has(head, "\"results\"") && has(head, "\"ops\"") && has(head, "\"margin\"");
}
void read_benny_json(const Input& input, Report& report) {
  report.tool = "benny";
  Builder builder(report);
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  const std::string suite(text_of(document, "name"));
  each_of(document, "results", [&](const element& one) {
    const std::string name = (suite.empty() ? "" : suite + " > ") + std::string(text_of(one, "name"));
    const auto details = member(one, "details");
    if (!details) return builder.figure(name, kPerSecond, number_of(one, "ops"));
    auto& series = builder.add(name, kSeconds);
    if (!suite.empty()) series.tags.push_back(suite);
    series.value = number_of(*details, "mean");
    series.values = numbers_of(*details, "sampleResults");
    series.spread = number_of(*details, "standardDeviation");
    if (!series.value) series.error = "it threw or was never run";
  });
}

bool matches_benny_csv(std::string_view head) {
  return head.starts_with("\"name\",\"ops\",\"margin\"");
}
void read_benny_csv(const Input& input, Report& report) {
  report.tool = "benny";
  Builder builder(report);
  const auto rows = separated_rows(input.bytes, ',');
  for (std::size_t at = 1; at < rows.size(); ++at)
    if (rows[at].size() > 1) builder.figure(rows[at][0], kPerSecond, number_in(rows[at][1]));
}

// ---- bench-node: operations a second; its CSV and its lines group the digits

bool matches_bench_node_json(std::string_view head) {
  return head.starts_with('[') && has(head, "\"runsSampled\"") && has(head, "\"opsSec\"");
}
void read_bench_node_json(const Input& input, Report& report) {
  report.tool = "bench-node";
  Builder builder(report);
  simdjson::dom::parser parser;
  simdjson::dom::array list;
  if (document_of(parser, input.bytes).get(list) != simdjson::SUCCESS) return;
  for (const element& one : list)
    builder.figure(std::string(text_of(one, "name")), kPerSecond, number_of(one, "opsSec"));
}

bool matches_bench_node_csv(std::string_view head) {
  return head.starts_with("name,ops/sec,samples,plugins,min,max");
}
void read_bench_node_csv(const Input& input, Report& report) {
  report.tool = "bench-node";
  Builder builder(report);
  const auto rows = separated_rows(input.bytes, ',');
  for (std::size_t at = 1; at < rows.size(); ++at)
    if (rows[at].size() > 1) builder.figure(rows[at][0], kPerSecond, number_in(rows[at][1]));
}

const Pattern& bench_node_line() {
  static const Pattern pattern(R"((\S.*?) +x ([0-9,.]+) ops/sec \([0-9]+ runs? sampled\) (?:v8-.*)?min\.\.max=.*)");
  return pattern;
}
bool matches_bench_node_text(std::string_view head) {
  bool found = false;
  each_line(without_colours(head), [&](std::string_view line) { found = found || bench_node_line().matches(line); });
  return found;
}
void read_bench_node_text(const Input& input, Report& report) {
  report.tool = "bench-node";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view raw) {
    std::string name, rate;
    if (bench_node_line().matches(without_colours(raw), &name, &rate))
      builder.figure(name, kPerSecond, number_in(rate));
  });
}

// ---- cyclictest: latencies of each thread, microseconds (nanoseconds with -N)

bool matches_cyclictest_json(std::string_view head) {
  return head.starts_with('{') && has(head, "\"rt_test_version") && has(head, "\"num_threads\"");
}
void read_cyclictest_json(const Input& input, Report& report) {
  report.tool = "cyclictest";
  Builder builder(report);
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  report.version = std::string(text_of(document, "rt_test_version:"));
  const Unit unit = number_of(document, "resolution_in_ns").value_or(0) > 0 ? kNanoseconds : kMicroseconds;
  simdjson::dom::object threads;
  if (document["thread"].get(threads) != simdjson::SUCCESS) return;
  for (const auto& [thread, one] : threads)
    for (const char* figure : {"min", "avg", "max"})
      builder.figure("thread " + std::string(thread) + " latency " + figure, unit, number_of(one, figure));
}

const Pattern& cyclictest_line() {
  static const Pattern pattern(
      R"(T: *([0-9]+) \( *[0-9]+\) P: *[0-9]+ I: *[0-9]+ C: *([0-9]+) Min: *([0-9]+) Act: *([0-9]+) Avg: *([0-9]+) Max: *([0-9]+))");
  return pattern;
}
bool matches_cyclictest(std::string_view head) {
  bool found = false;
  each_line(head, [&](std::string_view line) { found = found || cyclictest_line().matches(line); });
  return found;
}
void read_cyclictest(const Input& input, Report& report) {
  report.tool = "cyclictest";
  Builder builder(report);
  // Without -q a line is written over again and again: the last one of each thread counts.
  std::map<std::string, std::string> last;
  each_line(input.bytes, [&](std::string_view line) {
    std::string thread, cycles, least, now, mean, most;
    if (cyclictest_line().matches(line, &thread, &cycles, &least, &now, &mean, &most)) last[thread] = std::string(line);
  });
  for (const auto& [thread, line] : last) {
    std::string of, cycles, least, now, mean, most;
    cyclictest_line().matches(line, &of, &cycles, &least, &now, &mean, &most);
    builder.figure("thread " + thread + " latency min", kMicroseconds, number_in(least));
    builder.figure("thread " + thread + " latency avg", kMicroseconds, number_in(mean));
    builder.figure("thread " + thread + " latency max", kMicroseconds, number_in(most));
  }
}

// ---- perf bench: its GB and MB are by 1024, as its source counts them

bool matches_perf_bench(std::string_view head) {
  return head.starts_with("# Running '") && has(head, "' benchmark:");
}
void read_perf_bench(const Input& input, Report& report) {
  report.tool = "perf-bench";
  Builder builder(report);
  static const Pattern begun(R"(# Running '?(\S+?)'? benchmark:)"), part(R"(# function '(\S+)' .*)");
  static const Pattern total(R"( +Total time: +([0-9.]+) \[sec\])"), each(R"( +([0-9.]+) (n|u|m)?secs/op)"),
      rate(R"( +([0-9.]+) ops/sec)"), bytes(R"( +([0-9.]+) (K|M|G)?B/sec)");
  std::string of, function;
  each_line(input.bytes, [&](std::string_view line) {
    std::string number, unit;
    const auto name = [&](std::string_view what) {
      return of + (function.empty() ? "" : " " + function) + " " + std::string(what);
    };
    if (begun.matches(line, &of)) {
      function.clear();
    } else if (part.matches(line, &function)) {
      return;
    } else if (total.matches(line, &number)) {
      builder.figure(name("total time"), kSeconds, number_in(number));
    } else if (each.matches(line, &number, &unit)) {
      const Unit time = unit == "n"   ? kNanoseconds
                        : unit == "u" ? kMicroseconds
                        : unit == "m" ? kMilliseconds
                                      : kSeconds;
      builder.figure(name("time per operation"), time, number_in(number));
    } else if (rate.matches(line, &number)) {
      builder.figure(name("operations"), kPerSecond, number_in(number));
    } else if (bytes.matches(line, &number, &unit)) {
      const double factor = unit == "G" ? 1073741824.0 : unit == "M" ? 1048576.0 : unit == "K" ? 1024.0 : 1.0;
      builder.figure(name("throughput"), Unit{"B/s", factor}, number_in(number));
    }
  });
}

// ---- zstd -b, lz4 -b: " 3#name : 3000000 -> 1229654 (x2.440),  121.0 MB/s,  534.2 MB/s", written over while it runs;
// megabytes of a million

const Pattern& compressor_line() {
  static const Pattern pattern(
      R"( *-?([0-9]+)# ?(\S.*?) *: *([0-9]+) -> +([0-9]+) \(x?([0-9.]+)\), *([0-9.]+) MB/s[ ,]+([0-9.]+) MB/s.*)");
  return pattern;
}
// What a terminal shows of a line that is written over from its begin.
std::string overwritten(std::string_view line) {
  std::string shown;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t end = std::min(line.find('\r', at), line.size());
    const std::string_view part = line.substr(at, end - at);
    shown.replace(0, std::min(part.size(), shown.size()), part);
    at = end + 1;
  }
  return shown;
}
bool matches_compressor(std::string_view head) {
  bool found = false;
  each_line(head, [&](std::string_view line) { found = found || compressor_line().matches(overwritten(line)); });
  return found;
}
void read_compressor(const Input& input, Report& report) {
  Builder builder(report);
  const Unit rate{"B/s", 1e6};
  each_line(input.bytes, [&](std::string_view raw) {
    const std::string line = overwritten(raw);
    std::string level, name, from, to, ratio, packed, unpacked;
    if (!compressor_line().matches(line, &level, &name, &from, &to, &ratio, &packed, &unpacked)) return;
    report.tool = has(line, "(x") ? "zstd" : "lz4";
    const std::string of = name + " level " + level;
    builder.figure(of + " size", kBytes, number_in(to));
    builder.figure(of + " compression", rate, number_in(packed));
    builder.figure(of + " decompression", rate, number_in(unpacked));
  });
}

}  // namespace

extern const Format benny_json_format, benny_csv_format, bench_node_json_format, bench_node_csv_format,
    bench_node_text_format, cyclictest_json_format, cyclictest_format, perf_bench_format, compressor_format;
const Format benny_json_format{"benny-json", matches_benny_json, read_benny_json};
const Format benny_csv_format{"benny-csv", matches_benny_csv, read_benny_csv};
const Format bench_node_json_format{"bench-node-json", matches_bench_node_json, read_bench_node_json};
const Format bench_node_csv_format{"bench-node-csv", matches_bench_node_csv, read_bench_node_csv};
const Format bench_node_text_format{"bench-node", matches_bench_node_text, read_bench_node_text};
const Format cyclictest_json_format{"cyclictest-json", matches_cyclictest_json, read_cyclictest_json};
const Format cyclictest_format{"cyclictest", matches_cyclictest, read_cyclictest};
const Format perf_bench_format{"perf-bench", matches_perf_bench, read_perf_bench};
const Format compressor_format{"compressor", matches_compressor, read_compressor};

}  // namespace resident::benchmarks
