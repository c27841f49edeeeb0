// Tools that ask a web server and print what it took: ApacheBench, wrk, hey, siege, httperf, h2load, Locust,
// autocannon, loadtest. Series are called as the tool calls its figures.
#include <base/pattern.hpp>
#include <sources/benchmarks/formats/reading.hpp>

namespace resident::benchmarks {

namespace {

// "4.52ms", "947.24 [#/sec]": the number with the unit behind it. Nothing is added where there is no number.
void take_quantity(Builder& builder, std::string name, std::string_view text) {
  if (const auto quantity = quantity_in(text))
    builder.figure(std::move(name), unit_of(quantity->unit), quantity->number);
}
void take_number(Builder& builder, std::string name, const Unit& unit, std::string_view text) {
  builder.figure(std::move(name), unit, number_in(text));
}

// ---- ApacheBench

bool matches_ab(std::string_view head) {
  return has(head, "This is ApacheBench") || (has(head, "Time taken for tests:") && has(head, "Requests per second:"));
}

void read_ab(const Input& input, Report& report) {
  static const Pattern times(
      R"((Connect|Processing|Waiting|Total): +([0-9]+) +([0-9]+) +([0-9.]+) +([0-9]+) +([0-9]+))");
  static const Pattern share(R"( +([0-9]+)% +([0-9]+).*)");
  report.tool = "ab";
  Builder builder(report);
  bool has_end = false;
  each_line(input.bytes, [&](std::string_view line) {
    const std::size_t colon = line.find(':');
    const std::string_view label = line.substr(0, colon),
                           rest = colon == std::string_view::npos ? std::string_view() : trim(line.substr(colon + 1));
    const std::string_view number = rest.substr(0, rest.find(' '));
    std::string name, least, mean, spread, median, most;
    if (label == "Time taken for tests") take_number(builder, "Time taken for tests", kSeconds, number);
    if (label == "Complete requests") builder.figure("Complete requests", kCount, {}, number_in(number));
    if (label == "Failed requests") builder.figure("Failed requests", kCount, Better::lower, number_in(number));
    if (label == "Non-2xx responses") builder.figure("Non-2xx responses", kCount, Better::lower, number_in(number));
    if (label == "Requests per second") take_number(builder, "Requests per second", kPerSecond, number), has_end = true;
    if (label == "Time per request")
      take_number(builder,
                  has(rest, "across all") ? "Time per request across all concurrent requests" : "Time per request",
                  kMilliseconds, number);
    if (label == "Transfer rate")
      builder.figure(has(rest, "total")  ? "Transfer rate total"
                     : has(rest, "sent") ? "Transfer rate sent"
                                         : "Transfer rate",
                     Unit{"B/s", 1024}, number_in(number));
    if (times.matches(line, &name, &least, &mean, &spread, &median, &most)) {
      take_number(builder, name + " mean", kMilliseconds, mean);
      take_number(builder, name + " median", kMilliseconds, median);
      take_number(builder, name + " max", kMilliseconds, most);
      take_number(builder, name + " min", kMilliseconds, least);
    }
    if (share.matches(line, &name, &mean)) take_number(builder, name + "%", kMilliseconds, mean);
  });
  if (!has_end) builder.incomplete("there is no summary: the run was stopped");
}

// ---- wrk, wrk2

bool matches_wrk(std::string_view head) {
  return head.starts_with("Running ") && has(head, " threads and ") && has(head, " connections");
}

void read_wrk(const Input& input, Report& report) {
  static const Pattern stats(R"( +(Latency|Req/Sec) +(\S+) +(\S+) +(\S+) +(\S+)%)"),
      share(R"( +([0-9.]+)% +([0-9.]+[a-z]+))");
  static const Pattern totals(R"(( +[0-9]+) requests in (\S+), (\S+) read)");
  report.tool = "wrk";
  Builder builder(report);
  bool has_end = false;
  each_line(input.bytes, [&](std::string_view line) {
    std::string name, mean, spread, most, near;
    if (stats.matches(line, &name, &mean, &spread, &most, &near)) {
      const bool is_rate = name == "Req/Sec";
      for (const auto& [word, text] : {std::pair("Avg", mean), std::pair("Max", most), std::pair("Stdev", spread)}) {
        if (!is_rate) {
          take_quantity(builder, name + " " + word, text);
        } else if (const auto quantity = quantity_in(text)) {
          const double factor = quantity->unit == "k" ? 1e3 : quantity->unit == "M" ? 1e6 : 1;
          builder.figure(name + " " + word, Unit{"1/s", factor}, quantity->number);
        }
        if (word == std::string_view("Stdev") && !report.series.empty()) report.series.back().better.reset();
      }
    } else if (share.matches(line, &name, &mean)) {
      take_quantity(builder, "Latency " + name + "%", mean);
    } else if (totals.matches(line, &name, &mean, &most)) {
      builder.figure("requests", kCount, {}, number_in(name));
    } else if (line.starts_with("Requests/sec:")) {
      take_number(builder, "Requests/sec", kPerSecond, trim(line.substr(13)));
      has_end = true;
    } else if (line.starts_with("Transfer/sec:")) {
      const auto quantity = quantity_in(trim(line.substr(13)));
      if (!quantity) return;
      const char letter = quantity->unit.empty() ? 'B' : quantity->unit[0];
      const double factor = letter == 'K' ? 1024.0 : letter == 'M' ? 1048576.0 : letter == 'G' ? 1073741824.0 : 1;
      builder.figure("Transfer/sec", Unit{"B/s", factor}, quantity->number);
    } else if (trim(line).starts_with("Socket errors:") || trim(line).starts_with("Non-2xx")) {
      builder.incomplete(std::string(trim(line)));
    }
  });
  if (!has_end) builder.incomplete("there is no summary: the run was stopped");
}

// ---- hey

bool matches_hey(std::string_view head) {
  return has(head, "Summary:\n") && has(head, "  Slowest:\t") && has(head, "  Requests/sec:\t");
}

void read_hey(const Input& input, Report& report) {
  static const Pattern share(R"( +([0-9]+)%+ in ([0-9.]+) secs)"),
      detail(R"( +([\w+ -]+):\t([0-9.]+) secs, ([0-9.]+) secs, ([0-9.]+) secs)");
  report.tool = "hey";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    std::string name, value, least, most;
    const std::size_t colon = line.find(':');
    const std::string_view label = trim(line.substr(0, colon));
    const std::string_view rest = colon == std::string_view::npos ? std::string_view() : trim(line.substr(colon + 1));
    if (share.matches(line, &name, &value)) {
      take_number(builder, "Latency " + name + "%", kSeconds, value);
    } else if (detail.matches(line, &name, &value, &least, &most)) {
      take_number(builder, name + " average", kSeconds, value);
    } else if (label == "Total" || label == "Slowest" || label == "Fastest" || label == "Average") {
      take_quantity(builder, std::string(label), rest);
    } else if (label == "Requests/sec") {
      take_number(builder, "Requests/sec", kPerSecond, rest);
    } else if (label == "Total data" || label == "Size/request") {
      take_quantity(builder, std::string(label), rest);
    }
  });
}

// ---- siege: JSON by hand, behind other lines; older ones print "Transactions: 40 hits"

bool matches_siege(std::string_view head) {
  return has(head, "\"transaction_rate\":") || (has(head, "Transaction rate:") && has(head, "Availability:"));
}

void read_siege(const Input& input, Report& report) {
  static const Pattern row(R"x(\s*\{?\s*"?([A-Za-z_ ]+)"?:\s*([0-9.]+) ?([A-Za-z/%]*),?)x");
  report.tool = "siege";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    std::string name, value, unit;
    if (!row.matches(line, &name, &value, &unit)) return;
    std::string label = to_lower(name);
    for (char& c : label)
      if (c == '_') c = ' ';
    const auto number = number_in(value);
    if (label == "elapsed time" || label == "response time" || label == "longest transaction" ||
        label == "shortest transaction")
      builder.figure(label, kSeconds, number);
    else if (label == "transaction rate")
      builder.figure(label, kPerSecond, number);
    else if (label == "throughput")
      builder.figure(label, Unit{"B/s", 1e6}, number);
    else if (label == "availability")
      builder.figure(label, kPercent, Better::higher, number);
    else if (label == "failed transactions")
      builder.figure(label, kCount, Better::lower, number);
    else if (label == "transactions" || label == "successful transactions" || label == "concurrency")
      builder.figure(label, kCount, {}, number);
  });
}

// ---- httperf

bool matches_httperf(std::string_view head) {
  return has(head, "\nRequest rate: ") && has(head, "\nConnection rate: ");
}

void read_httperf(const Input& input, Report& report) {
  static const Pattern rate(R"((Connection|Request) rate: ([0-9.]+) .*)"),
      reply(R"(Reply time \[ms\]: response ([0-9.]+) transfer ([0-9.]+))");
  static const Pattern connection(
      R"(Connection time \[ms\]: min ([0-9.]+) avg ([0-9.]+) max ([0-9.]+) median ([0-9.]+) .*)");
  static const Pattern total(R"(Total: connections .* test-duration ([0-9.]+) s)"),
      errors(R"(Errors: total ([0-9]+) .*)");
  report.tool = "httperf";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    std::string one, two, three, four;
    if (rate.matches(line, &one, &two)) take_number(builder, one + " rate", kPerSecond, two);
    if (reply.matches(line, &one, &two)) {
      take_number(builder, "Reply time response", kMilliseconds, one);
      take_number(builder, "Reply time transfer", kMilliseconds, two);
    }
    if (connection.matches(line, &one, &two, &three, &four)) {
      take_number(builder, "Connection time avg", kMilliseconds, two);
      take_number(builder, "Connection time median", kMilliseconds, four);
      take_number(builder, "Connection time max", kMilliseconds, three);
    }
    if (total.matches(line, &one)) take_number(builder, "test-duration", kSeconds, one);
    if (errors.matches(line, &one)) builder.figure("Errors total", kCount, Better::lower, number_in(one));
  });
}

// ---- h2load

bool matches_h2load(std::string_view head) {
  return has(head, "finished in ") && has(head, " req/s, ") && has(head, "time for request:");
}

void read_h2load(const Input& input, Report& report) {
  static const Pattern whole(R"(finished in (\S+), (\S+) req/s, (\S+)B/s)");
  static const Pattern row(R"((time for (?:request|connect)|time to 1st byte|req/s) *: +(\S+) +(\S+) +(\S+) +.*)");
  report.tool = "h2load";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    std::string one, two, three, four;
    if (whole.matches(line, &one, &two, &three)) {
      take_quantity(builder, "finished in", one);
      take_number(builder, "req/s", kPerSecond, two);
    } else if (row.matches(trim(line), &one, &two, &three, &four)) {
      if (one == "req/s") return take_number(builder, "req/s per client mean", kPerSecond, four);
      take_quantity(builder, one + " mean", four);
      take_quantity(builder, one + " max", three);
    }
  });
}

// ---- Locust: --csv's _stats.csv and _stats_history.csv, the table, --json

bool matches_locust_csv(std::string_view head) {
  return head.starts_with("Type,Name,Request Count,Failure Count,") ||
         head.starts_with("\"Type\",\"Name\",\"Request Count\",");
}

void read_locust_csv(const Input& input, Report& report) {
  report.tool = "locust";
  Builder builder(report);
  Row header;
  for (const Row& row : separated_rows(input.bytes, ',')) {
    if (header.empty()) {
      header = row;
      continue;
    }
    const std::string_view type = field_of(row, column_of(header, "type")),
                           of = field_of(row, column_of(header, "name"));
    if (of.empty()) continue;
    const std::string name = (type.empty() ? "" : std::string(type) + " ") + std::string(of) + " ";
    for (const std::string_view column :
         {"Average Response Time", "Median Response Time", "Min Response Time", "Max Response Time", "50%", "66%",
          "75%", "80%", "90%", "95%", "98%", "99%", "99.9%", "100%"})
      builder.figure(name + std::string(column), kMilliseconds,
                     number_in(field_of(row, column_of(header, to_lower(column)))));
    for (const std::string_view column : {"Requests/s", "Failures/s"})
      builder.figure(name + std::string(column), kPerSecond, column[0] == 'F' ? Better::lower : Better::higher,
                     number_in(field_of(row, column_of(header, to_lower(column)))));
    builder.figure(name + "Request Count", kCount, {}, number_in(field_of(row, column_of(header, "request count"))));
    builder.figure(name + "Failure Count", kCount, Better::lower,
                   number_in(field_of(row, column_of(header, "failure count"))));
  }
}

bool matches_locust(std::string_view head) {
  return has(head, "# reqs") && has(head, "# fails") && has(head, "Aggregated");
}

void read_locust(const Input& input, Report& report) {
  static const Pattern row(
      R"( *([A-Z]*) +(\S.*?) +([0-9]+) +([0-9]+)\([0-9.]+%\) \| +([0-9]+) +([0-9]+) +([0-9]+) +([0-9]+) \| +([0-9.]+) +[0-9.]+)");
  report.tool = "locust";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    std::string type, of, count, failures, mean, least, most, median, rate;
    if (!row.matches(line, &type, &of, &count, &failures, &mean, &least, &most, &median, &rate)) {
      // A table that comes later has all that those before it have.
      if (line.starts_with("Type ") && has(line, "# fails")) report.series.clear();
      return;
    }
    const std::string name = (type.empty() ? "" : type + " ") + of + " ";
    take_number(builder, name + "Avg", kMilliseconds, mean);
    take_number(builder, name + "Med", kMilliseconds, median);
    take_number(builder, name + "Min", kMilliseconds, least);
    take_number(builder, name + "Max", kMilliseconds, most);
    take_number(builder, name + "req/s", kPerSecond, rate);
    builder.figure(name + "# reqs", kCount, {}, number_in(count));
    builder.figure(name + "# fails", kCount, Better::lower, number_in(failures));
  });
}

bool matches_locust_json(std::string_view head) {
  return head.starts_with('[') && has(head, "\"num_requests\"") && has(head, "\"total_response_time\"");
}

void read_locust_json(const Input& input, Report& report) {
  report.tool = "locust";
  Builder builder(report);
  simdjson::dom::parser parser;
  simdjson::dom::array list;
  if (document_of(parser, input.bytes).get(list) != simdjson::SUCCESS) return;
  for (const element each : list) {
    const std::string name = std::string(text_of(each, "method")) + " " + std::string(text_of(each, "name")) + " ";
    const double count = number_of(each, "num_requests").value_or(0);
    builder.figure(name + "num_requests", kCount, {}, count);
    if (const auto total = number_of(each, "total_response_time"); total && count > 0)
      builder.figure(name + "response_time mean", kMilliseconds, *total / count);
    builder.figure(name + "max_response_time", kMilliseconds, number_of(each, "max_response_time"));
    builder.figure(name + "min_response_time", kMilliseconds, number_of(each, "min_response_time"));
    builder.figure(name + "num_failures", kCount, Better::lower, number_of(each, "num_failures"));
  }
}

// ---- autocannon: JSON (times in ms), and its tables

bool matches_autocannon(std::string_view head) {
  return head.starts_with('{') && has(head, "\"connections\":") && has(head, "\"pipelining\":") &&
         has(head, "\"latency\":");
}

void read_autocannon(const Input& input, Report& report) {
  report.tool = "autocannon";
  Builder builder(report);
  simdjson::dom::parser parser;
  const element document = document_of(parser, input.bytes);
  for (const auto& [key, unit] : {std::pair("latency", kMilliseconds), std::pair("requests", kPerSecond),
                                  std::pair("throughput", kBytesPerSecond)}) {
    const auto part = member(document, key);
    if (!part) continue;
    for (const char* figure :
         {"average", "mean", "stddev", "min", "max", "p50", "p75", "p90", "p97_5", "p99", "p99_9"}) {
      builder.figure(std::string(key) + " " + figure, unit, number_of(*part, figure));
      if (std::string_view(figure) == "stddev" && !report.series.empty()) report.series.back().better.reset();
    }
    if (std::string_view(key) == "requests") builder.figure("requests total", kCount, {}, number_of(*part, "total"));
  }
  builder.figure("duration", kSeconds, {}, number_of(document, "duration"));
  for (const char* key : {"errors", "timeouts", "non2xx"})
    builder.figure(key, kCount, Better::lower, number_of(document, key));
}

bool matches_autocannon_table(std::string_view head) {
  return has(head, "│ Latency │") && has(head, "│ Req/Sec");
}

void read_autocannon_table(const Input& input, Report& report) {
  report.tool = "autocannon";
  Builder builder(report);
  std::vector<std::string> header;
  each_line(input.bytes, [&](std::string_view line) {
    constexpr std::string_view kBar = "│";
    std::vector<std::string> cells;
    for (std::size_t at = line.find(kBar); at != std::string_view::npos;) {
      const std::size_t begin = at + kBar.size(), end = line.find(kBar, begin);
      if (end == std::string_view::npos) break;
      cells.emplace_back(trim(line.substr(begin, end - begin)));
      at = end;
    }
    if (cells.size() < 3) return;
    if (cells[0] == "Stat") {
      header = cells;
      return;
    }
    for (std::size_t i = 1; i < cells.size() && i < header.size(); ++i) {
      const auto quantity = quantity_in(cells[i]);
      if (!quantity) continue;
      Unit unit = cells[0] == "Latency" ? unit_of(quantity->unit) : Unit{"1/s", 1};
      if (cells[0] == "Bytes/Sec") unit = Unit{"B/s", unit_of(quantity->unit).factor};
      if (cells[0] == "Req/Sec" && quantity->unit == "k") unit.factor = 1000;
      builder.figure(cells[0] + " " + header[i], unit, quantity->number);
    }
  });
}

// ---- loadtest (npm)

bool matches_loadtest(std::string_view head) {
  return has(head, "Mean latency:") && has(head, "Effective rps:");
}

void read_loadtest(const Input& input, Report& report) {
  static const Pattern share(R"( +([0-9]+)% +([0-9.]+ ms).*)");
  report.tool = "loadtest";
  Builder builder(report);
  each_line(input.bytes, [&](std::string_view line) {
    const std::size_t colon = line.find(':');
    const std::string_view label = trim(line.substr(0, colon));
    const std::string_view rest = colon == std::string_view::npos ? std::string_view() : trim(line.substr(colon + 1));
    std::string name, value;
    if (label == "Total time" || label == "Mean latency") take_quantity(builder, std::string(label), rest);
    if (label == "Effective rps") take_number(builder, "Effective rps", kPerSecond, rest);
    if (label == "Completed requests") builder.figure("Completed requests", kCount, {}, number_in(rest));
    if (label == "Total errors") builder.figure("Total errors", kCount, Better::lower, number_in(rest));
    if (share.matches(line, &name, &value)) take_quantity(builder, name + "%", value);
  });
}

}  // namespace

extern const Format ab_format, wrk_format, hey_format, siege_format, httperf_format, h2load_format, locust_csv_format,
    locust_format, locust_json_format, autocannon_format, autocannon_table_format, loadtest_format;
const Format ab_format{"ab", matches_ab, read_ab};
const Format wrk_format{"wrk", matches_wrk, read_wrk};
const Format hey_format{"hey", matches_hey, read_hey};
const Format siege_format{"siege", matches_siege, read_siege};
const Format httperf_format{"httperf", matches_httperf, read_httperf};
const Format h2load_format{"h2load", matches_h2load, read_h2load};
const Format locust_csv_format{"locust-csv", matches_locust_csv, read_locust_csv};
const Format locust_format{"locust", matches_locust, read_locust};
const Format locust_json_format{"locust-json", matches_locust_json, read_locust_json};
const Format autocannon_format{"autocannon-json", matches_autocannon, read_autocannon};
const Format autocannon_table_format{"autocannon", matches_autocannon_table, read_autocannon_table};
const Format loadtest_format{"loadtest", matches_loadtest, read_loadtest};

}  // namespace resident::benchmarks
