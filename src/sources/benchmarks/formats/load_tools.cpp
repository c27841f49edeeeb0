// Tools that load a disk, a network or a database: fio, iperf3, pgbench, redis-benchmark, sysbench.
#include <algorithm>
#include <cmath>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

// ---- fio: "bw" is KiB/s beside bw_bytes; times are ns since fio 3, µs before

bool matches_fio(std::string_view head) {
  return has(head, "\"fio version\"") && has(head, "{");
}

void take_fio_times(const std::string& prefix, const element& side, std::string_view key, Builder& builder) {
  auto times = member(side, std::string(key) + "_ns");
  Unit unit = kNanoseconds;
  if (!times) times = member(side, key), unit = kMicroseconds;
  if (!times || number_of(*times, "N") == 0) return;
  builder.figure(prefix + " " + std::string(key) + " mean", unit, number_of(*times, "mean"));
  if (const auto mean = number_of(*times, "mean"); mean && number_of(*times, "N").value_or(2) > 1)
    if (const auto spread = number_of(*times, "stddev")) builder.report().series.back().spread = *spread * unit.factor;
  if (const auto most = number_of(*times, "max")) builder.figure(prefix + " " + std::string(key) + " max", unit, most);
  if (const auto percentiles = member(*times, "percentile"); percentiles && percentiles->is_object())
    for (const auto& [name, value] : simdjson::dom::object(*percentiles)) {
      double number = 0;
      if (value.get(number) != simdjson::SUCCESS) continue;
      std::string rank(name);
      while (rank.ends_with('0') && has(rank, ".")) rank.pop_back();
      if (rank.ends_with('.')) rank.pop_back();
      builder.figure(prefix + " p" + rank + " " + std::string(key), unit, number);
    }
}

void read_fio(const Input& input, Report& report) {
  report.tool = "fio";
  Builder builder(report);
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  report.version = text_of(document, "fio version");
  if (const auto time = number_of(document, "timestamp"); time && *time > 0 && *time < 1e12)
    report.at = static_cast<Timestamp>(*time);
  const auto job_of = [&](const element& job) {
    const std::string name(text_of(job, "jobname"));
    const double error = number_of(job, "error").value_or(0);
    for (const char* side_name : {"read", "write", "trim"}) {
      const auto side = member(job, side_name);
      if (!side || number_of(*side, "total_ios").value_or(1) == 0 || number_of(*side, "io_bytes") == 0) continue;
      const std::string prefix = name + " " + side_name;
      if (error != 0) {
        builder.failed(prefix + " bw",
                       "the job ended with error " + std::to_string(static_cast<long>(std::min(error, 1e9))));
        continue;
      }
      auto rate = number_of(*side, "bw_bytes");
      if (!rate && number_of(*side, "bw")) rate = *number_of(*side, "bw") * 1024;
      builder.figure(prefix + " bw", kBytesPerSecond, rate);
      builder.figure(prefix + " iops", kPerSecond, number_of(*side, "iops"));
      for (const char* times : {"slat", "clat", "lat"}) take_fio_times(prefix, *side, times, builder);
    }
    if (const auto sync = member(job, "sync"))
      if (const auto times = member(*sync, "lat_ns"); times && number_of(*times, "N").value_or(0) > 0)
        builder.figure(name + " sync lat mean", kNanoseconds, number_of(*times, "mean"));
  };
  each_of(document, "jobs", job_of);
  each_of(document, "client_stats", job_of);
}

// ---- iperf3

bool matches_iperf3(std::string_view head) {
  return head.starts_with('{') && has(head, "\"start\"") &&
         (has(head, "\"version\":\t\"iperf") || has(head, "\"iperf 3"));
}

void read_iperf3(const Input& input, Report& report) {
  report.tool = "iperf3";
  Builder builder(report);
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  if (const auto start = member(document, "start")) {
    const auto version = text_of(*start, "version");
    report.version = version.starts_with("iperf ") ? version.substr(6) : version;
    builder.environment("kernel", text_of(*start, "system_info"));
    if (const auto time = member(*start, "timestamp"))
      if (const auto seconds = number_of(*time, "timesecs"); seconds && *seconds > 0 && *seconds < 1e12)
        report.at = static_cast<Timestamp>(*seconds);
  }
  const Unit bits{"bit/s", 1};
  const auto end = member(document, "end");
  std::vector<double> intervals;
  each_of(document, "intervals", [&](const element& interval) {
    bool omitted = false;
    if (const auto sum = member(interval, "sum"))
      if (const auto rate = number_of(*sum, "bits_per_second");
          rate && !((*sum)["omitted"].get(omitted) == simdjson::SUCCESS && omitted))
        intervals.push_back(*rate);
  });
  if (end)
    for (const auto& [key, name] :
         std::initializer_list<std::pair<const char*, const char*>>{{"sum_received", "received"},
                                                                    {"sum_sent", "sent"},
                                                                    {"sum", "sum"},
                                                                    {"sum_received_bidir_reverse", "reverse received"},
                                                                    {"sum_sent_bidir_reverse", "reverse sent"}}) {
      const auto sum = member(*end, key);
      if (!sum) continue;
      builder.figure(std::string(name) + " bits_per_second", bits, number_of(*sum, "bits_per_second"));
      builder.figure(std::string(name) + " retransmits", kCount, Better::lower, number_of(*sum, "retransmits"));
      builder.figure(std::string(name) + " jitter", kMilliseconds, number_of(*sum, "jitter_ms"));
      builder.figure(std::string(name) + " lost_percent", kPercent, Better::lower, number_of(*sum, "lost_percent"));
    }
  if (intervals.size() > 1) builder.add("interval bits_per_second", bits).values = intervals;
  if (const auto error = text_of(document, "error"); !error.empty()) {
    builder.incomplete(std::string(error));
    for (auto& series : report.series) series.error = error;
  }
}

// ---- pgbench

bool matches_pgbench(std::string_view head) {
  return has(head, "transaction type: ") && has(head, "scaling factor: ");
}

void read_pgbench(const Input& input, Report& report) {
  report.tool = "pgbench";
  Builder builder(report);
  std::optional<double> average, deviation;
  bool in_scripts = false, none = false;
  each_line(input.bytes, [&](std::string_view line) {
    if (line.starts_with("pgbench (")) report.version = line.substr(9, line.find(' ', 9) - 9);
    in_scripts = in_scripts || line.starts_with("SQL script ");
    if (in_scripts) return;
    const auto after = [&](std::string_view key) -> std::optional<std::string_view> {
      if (!line.starts_with(key)) return std::nullopt;
      return trim(line.substr(key.size()));
    };
    if (const auto value = after("latency average = ")) average = in_base_unit(value->substr(0, value->find(" (")));
    if (const auto value = after("latency stddev = ")) deviation = in_base_unit(*value);
    if (const auto value = after("initial connection time = "))
      builder.figure("initial connection time", kSeconds, in_base_unit(*value));
    if (const auto value = after("average connection time = "))
      builder.figure("average connection time", kSeconds, in_base_unit(*value));
    if (const auto value = after("number of failed transactions: "))
      builder.figure("failed transactions", kCount, Better::lower, leading_number(*value));
    if (const auto value = after("number of transactions actually processed: ")) none = leading_number(*value) == 0;
    if (const auto value = after("tps = ")) {
      const bool including = has(*value, "including");
      if (none)
        builder.failed("tps", "no transaction was processed");
      else
        builder.figure(including ? "including connections tps" : "tps", kPerSecond, leading_number(*value));
    }
    for (const auto key :
         {"scaling factor: ", "query mode: ", "number of clients: ", "number of threads: ", "transaction type: "})
      if (const auto value = after(key)) {
        const std::string_view name(key);
        builder.environment(std::string(name.substr(0, name.size() - 2)), *value);
      }
  });
  if (!none) builder.figure("latency average", kSeconds, average);
  if (average && !none) report.series.back().spread = deviation;
}

// Rows of numbers: "client transaction time script epoch µs", or an interval's sums ("epoch count sum squares min
// max").
enum class PgLog { none, transactions, intervals };

PgLog pgbench_log_kind(std::string_view head) {
  const std::string_view line = head.substr(0, head.find('\n'));
  const auto words = split(trim(line), ' ');
  if (words.size() < 6) return PgLog::none;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (!number_in(words[i]) && !(i == 2 && (words[i] == "skipped" || words[i] == "failed"))) return PgLog::none;
  const auto is_time = [&](std::size_t i) { return words[i].size() >= 9 && words[i].size() <= 11; };
  if (is_time(4) && words[5].size() <= 6 && words[0].size() < 9) return PgLog::transactions;
  return is_time(0) && number_in(words[2]) ? PgLog::intervals : PgLog::none;
}

bool matches_pgbench_log(std::string_view head) {
  return pgbench_log_kind(head) != PgLog::none;
}

void read_pgbench_log(const Input& input, Report& report) {
  report.tool = "pgbench";
  Builder builder(report);
  const bool single = pgbench_log_kind(input.bytes) == PgLog::transactions;
  std::vector<double> latencies;
  double count = 0, sum = 0;
  std::size_t skipped = 0, failed = 0;
  each_line(input.bytes, [&](std::string_view line) {
    const auto words = split(trim(line), ' ');
    if (words.size() < 6) return;
    if (single) {
      const auto epoch = number_in(words[4]);
      if (!report.at && epoch && *epoch > 0 && *epoch < 1e12) report.at = static_cast<Timestamp>(*epoch);
      skipped += words[2] == "skipped", failed += words[2] == "failed";
      if (const auto value = number_in(words[2])) latencies.push_back(*value * 1e-6);
    } else if (const auto transactions = number_in(words[1]), total = number_in(words[2]); transactions && total) {
      count += *transactions, sum += *total;
    }
  });
  if (single) {
    builder.add("transaction latency", kSeconds).values = latencies;
    if (!latencies.empty()) builder.figure("first transaction latency", kSeconds, latencies.front());
    if (skipped > 0)
      builder.incomplete(plural(static_cast<long long>(skipped), "transaction was", "transactions were") + " skipped");
    if (failed > 0) builder.incomplete(plural(static_cast<long long>(failed), "transaction") + " failed");
  } else if (count > 0) {
    builder.figure("mean latency", kMicroseconds, sum / count);
  }
}

// ---- redis-benchmark: --csv and what it prints

bool matches_redis_csv(std::string_view head) {
  if (head.starts_with("\"test\",\"rps\"")) return true;
  // Before version 7: "PING_INLINE","81234.56" without a heading.
  const std::string_view line = trim(head.substr(0, head.find('\n')));
  const auto cells = split(line, ',');
  return cells.size() == 2 && cells[0].size() > 2 && cells[1].size() > 2 && cells[0].front() == '"' &&
         cells[1].front() == '"' && cells[1].back() == '"' && number_in(cells[1].substr(1, cells[1].size() - 2)) &&
         to_lower(cells[0]) != cells[0];
}

void take_redis(const std::string& test, const std::vector<std::pair<std::string, std::string>>& figures,
                Builder& builder) {
  const bool is_preparation = has(test, "needed to benchmark");
  for (const auto& [key, text] : figures) {
    const auto number = number_in(text);
    if (!number) continue;
    std::string name = key;
    Unit unit = kMilliseconds;
    if (name == "rps") unit = kPerSecond;
    if (name.ends_with("_ms")) name.resize(name.size() - 3);
    auto& series = builder.add(test + " " + name, unit);
    series.benchmark = test;
    series.value = *number * unit.factor;
    if (is_preparation) series.error = "preparation of another test, not a measurement";
  }
}

void read_redis_csv(const Input& input, Report& report) {
  report.tool = "redis-benchmark";
  Builder builder(report);
  const auto rows = separated_rows(input.bytes, ',');
  if (rows.empty()) return;
  const bool has_header = rows.front().size() > 1 && rows.front()[1] == "rps";
  for (std::size_t i = has_header ? 1 : 0; i < rows.size(); ++i) {
    std::vector<std::pair<std::string, std::string>> figures;
    for (std::size_t column = 1; column < rows[i].size(); ++column)
      figures.emplace_back(has_header && column < rows.front().size() ? rows.front()[column] : "rps", rows[i][column]);
    take_redis(rows[i].front(), figures, builder);
  }
}

bool matches_redis_text(std::string_view head) {
  return has(head, " requests per second") && (has(head, "======") || has(head, ": "));
}

void read_redis_text(const Input& input, Report& report) {
  report.tool = "redis-benchmark";
  Builder builder(report);
  std::string test;
  std::string text(input.bytes);
  for (auto& c : text)
    if (c == '\r') c = '\n';  // -q draws its progress over one line
  Row percentiles;
  each_line(text, [&](std::string_view line) {
    line = trim(line);
    if (line.starts_with("====== "))
      test = line.substr(7, line.rfind(" ======") == std::string_view::npos ? 0 : line.rfind(" ======") - 7);
    const std::size_t at = line.find(" requests per second");
    if (at != std::string_view::npos) {
      std::string_view before = line.substr(0, at);
      if (before.starts_with("throughput summary: ")) before.remove_prefix(20);
      if (const std::size_t colon = before.rfind(": "); colon != std::string_view::npos)
        test = before.substr(0, colon), before = before.substr(colon + 2);
      take_redis(test, {{"rps", std::string(before)}}, builder);
      if (const std::size_t p50 = line.find("p50="); p50 != std::string_view::npos)
        if (const auto value = leading_number(line.substr(p50 + 4)))
          take_redis(test, {{"p50_latency_ms", std::to_string(*value)}}, builder);
    }
    Row words;
    for (const auto word : split(line, ' '))
      if (!word.empty()) words.emplace_back(word);
    if (words.size() == 6 && words[0] == "avg")
      percentiles = words;
    else if (words.size() == 6 && !percentiles.empty()) {
      std::vector<std::pair<std::string, std::string>> figures;
      for (std::size_t i = 0; i < 6; ++i) figures.emplace_back(percentiles[i] + "_latency_ms", words[i]);
      take_redis(test, figures, builder);
      percentiles.clear();
    }
  });
}

// ---- sysbench

bool matches_sysbench(std::string_view head) {
  return has(head, "sysbench ") &&
         (has(head, "Running the test") || has(head, "General statistics") || has(head, "Latency (ms)"));
}

void read_sysbench(const Input& input, Report& report) {
  report.tool = "sysbench";
  Builder builder(report);
  std::string section;
  each_line(input.bytes, [&](std::string_view line) {
    if (const std::size_t at = line.find("sysbench "); report.version.empty() && at != std::string_view::npos)
      report.version = line.substr(at + 9, line.find(' ', at + 9) - at - 9);
    const std::string_view text = trim(line);
    if (line.size() == text.size() && text.ends_with(':')) section = text.substr(0, text.size() - 1);
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon + 1 >= text.size()) {
      if (const std::size_t open = text.find(" MiB transferred ("); open != std::string_view::npos)
        builder.figure("transferred", {"B/s", 1048576}, leading_number(text.substr(open + 18)));
      return;
    }
    const std::string key(text.substr(0, colon));
    const std::string_view value = trim(text.substr(colon + 1));
    if (const std::size_t open = value.find('('); open != std::string_view::npos && has(value, "per sec"))
      builder.figure(key, kPerSecond, leading_number(value.substr(open + 1)));
    else if (key == "events per second" || key == "reads/s" || key == "writes/s" || key == "fsyncs/s")
      builder.figure(key, kPerSecond, leading_number(value));
    else if (key == "read, MiB/s" || key == "written, MiB/s")
      builder.figure(key, {"B/s", 1048576}, leading_number(value));
    else if (key == "total time")
      builder.figure(key, kSeconds, std::nullopt, in_base_unit(value));
    else if (key == "total number of events")
      builder.figure(key, kCount, std::nullopt, leading_number(value));
    else if (section == "Latency (ms)" && (key == "min" || key == "avg" || key == "max" || key.ends_with("percentile")))
      builder.figure("latency " + key, kMilliseconds, leading_number(value));
    else if (key == "Number of threads")
      builder.environment("threads", value);
  });
}

}  // namespace

extern const Format fio_format, iperf3_format, pgbench_format, pgbench_log_format, redis_csv_format, redis_text_format,
    sysbench_format;
const Format fio_format{"fio-json", matches_fio, read_fio};
const Format iperf3_format{"iperf3-json", matches_iperf3, read_iperf3};
const Format pgbench_format{"pgbench", matches_pgbench, read_pgbench};
const Format pgbench_log_format{"pgbench-log", matches_pgbench_log, read_pgbench_log};
const Format redis_csv_format{"redis-benchmark-csv", matches_redis_csv, read_redis_csv};
const Format redis_text_format{"redis-benchmark-text", matches_redis_text, read_redis_text};
const Format sysbench_format{"sysbench", matches_sysbench, read_sysbench};

}  // namespace resident::benchmarks
