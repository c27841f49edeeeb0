// resident stats segments: the segments of histories of tests.
#include <fmt/format.h>

#include <base/error.hpp>
#include <base/text.hpp>
#include <cli/stats/segments.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <stats/outcome_segments.hpp>

namespace resident {

namespace {

using Json = nlohmann::ordered_json;
using stats::OutcomeCount;
using stats::OutcomeSegment;

struct TestHistory {
  std::string test;
  std::vector<OutcomeCount> counts;
  std::vector<OutcomeSegment> segments;
};

std::vector<TestHistory> read_histories(const CsvTable& table) {
  const std::size_t position = table.need_column("position"), runs = table.need_column("runs"),
                    unexpected = table.need_column("unexpected");
  const auto test = table.column("test"), retried = table.column("retried_runs"),
             retried_unexpected = table.column("retried_unexpected");
  std::vector<TestHistory> histories;
  std::map<std::string, std::size_t> index;
  const auto value = [&](std::size_t row, std::optional<std::size_t> column) {
    return column ? table.integer(row, *column).value_or(0) : 0;
  };
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string name = test ? table.text(row, *test) : "";
    const auto [at, is_new] = index.try_emplace(name, histories.size());
    if (is_new) histories.push_back({name, {}, {}});
    histories[at->second].counts.push_back({value(row, position), value(row, runs), value(row, unexpected),
                                            value(row, retried), value(row, retried_unexpected)});
  }
  return histories;
}

Json json_of(const TestHistory& history) {
  Json list = Json::array();
  const auto position_of = [&](std::optional<std::size_t> index) {
    return index ? Json(history.counts[*index].position) : Json(nullptr);
  };
  for (const OutcomeSegment& segment : history.segments) {
    Json json;
    if (!history.test.empty()) json["test"] = history.test;
    json["first"] = history.counts[segment.first].position;
    json["last"] = history.counts[segment.last].position;
    json["start_low"] = position_of(segment.start_low);
    json["start_high"] = position_of(segment.start_high);
    json["probability"] = segment.probability;
    json["runs"] = segment.counts.runs;
    json["unexpected"] = segment.counts.unexpected;
    json["retried_runs"] = segment.counts.retried_runs;
    json["retried_unexpected"] = segment.counts.retried_unexpected;
    json["rate"] = segment.unexpected.rate;
    json["rate_low"] = segment.unexpected.interval.low;
    json["rate_high"] = segment.unexpected.interval.high;
    json["retry_rate"] = segment.unexpected_after_retry.n ? Json(segment.unexpected_after_retry.rate) : Json(nullptr);
    list.push_back(std::move(json));
  }
  return list;
}

Result table_of(const std::vector<TestHistory>& histories) {
  Result result;
  result.name = "segments";
  result.title = "Segments of the histories of tests";
  result.columns = {{"test", "Test"},
                    {"first", "From", ColumnType::integer},
                    {"last", "To", ColumnType::integer},
                    {"start_low", "Began from", ColumnType::integer},
                    {"start_high", "Began by", ColumnType::integer},
                    {"runs", "Runs", ColumnType::integer},
                    {"unexpected", "Unexpected", ColumnType::integer},
                    {"rate", "Rate", ColumnType::share},
                    {"rate_low", "Low", ColumnType::share},
                    {"rate_high", "High", ColumnType::share},
                    {"probability", "Probability", ColumnType::share}};
  std::int64_t changes = 0;
  for (const TestHistory& history : histories) {
    const auto position = [&](std::optional<std::size_t> index) {
      return index ? Cell(history.counts[*index].position) : Cell();
    };
    for (const OutcomeSegment& segment : history.segments) {
      changes += segment.start_low.has_value();
      result.rows.push_back({history.test, position(segment.first), position(segment.last), position(segment.start_low),
                             position(segment.start_high), segment.counts.runs, segment.counts.unexpected,
                             segment.unexpected.rate, segment.unexpected.interval.low, segment.unexpected.interval.high,
                             segment.probability});
    }
  }
  const auto tests = static_cast<long long>(histories.size());
  result.claim = fmt::format("{} in {}.", plural(changes, "change"), plural(tests, "history", "histories"));
  result.sample_size = tests;
  result.uncertainty =
      "A segment began between its two positions with 99 % probability; intervals of rates are of 95 % (Jeffreys).";
  result.definition =
      "Within a segment, first tries are unexpected at one rate, and so are retries; a new segment is begun where that "
      "is 100,000 times as likely as that nothing changed. The model is LUCI Analysis', the search finds the best of "
      "all segmentations (B. Jackson et al. 2005).";
  return result;
}

}  // namespace

void print_segments(const CsvTable& table, const Invocation& invocation) {
  auto histories = read_histories(table);
  const stats::OutcomeSegmenter segmenter;
  for (auto& history : histories) {
    try {
      history.segments = segmenter.segments(history.counts);
    } catch (const Error& error) {
      if (history.test.empty()) throw;
      throw Error(fmt::format("{}: {}", one_line(history.test), error.what()), error.hint());
    }
  }
  if (invocation.json != "all") return invocation.print({table_of(histories)});
  Json list = Json::array();
  for (const auto& history : histories)
    for (auto& segment : json_of(history)) list.push_back(std::move(segment));
  invocation.out << list.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
}

}  // namespace resident
