// resident bench changes: steps of series, from a file or from the store.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <cli/benchmarks/benchmarks.hpp>
#include <cmath>
#include <model/benchmarks/changes.hpp>
#include <model/benchmarks/stored.hpp>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sources/benchmarks/formats/reading.hpp>
#include <sources/files/files.hpp>
#include <unordered_map>

namespace resident {

namespace {

using Json = nlohmann::ordered_json;

struct FromFile {
  std::vector<BenchmarkSeries> series;
  std::size_t bad_rows = 0;
};

struct Columns {
  std::optional<std::size_t> series, position, value, commit, at;
};

// The cells of one line; a line without quotes needs no copies.
void split_line(std::string_view line, char separator, std::vector<std::string_view>& cells, benchmarks::Row& copies) {
  cells.clear();
  if (line.find('"') != std::string_view::npos) {
    auto rows = benchmarks::separated_rows(line, separator);
    copies = rows.empty() ? benchmarks::Row{} : std::move(rows.front());
    cells.assign(copies.begin(), copies.end());
    return;
  }
  for (std::size_t begin = 0;;) {
    const std::size_t end = line.find(separator, begin);
    cells.push_back(line.substr(begin, end == std::string_view::npos ? end : end - begin));
    if (end == std::string_view::npos) return;
    begin = end + 1;
  }
}

std::string_view cell_of(const std::vector<std::string_view>& cells, std::optional<std::size_t> column) {
  return column && *column < cells.size() ? trim(cells[*column]) : std::string_view();
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && std::isfinite(number) ? std::optional(number)
                                                                                           : std::nullopt;
}

// Values of one series, by position where the file has one.
void put_in_order(BenchmarkSeries& series, const std::vector<double>& positions) {
  if (std::is_sorted(positions.begin(), positions.end())) return;
  std::vector<std::size_t> order(positions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return positions[a] < positions[b]; });
  const auto permuted = [&](auto& list) {
    if (list.empty()) return;
    auto sorted = list;
    for (std::size_t i = 0; i < order.size(); ++i) sorted[i] = list[order[i]];
    list = std::move(sorted);
  };
  permuted(series.values), permuted(series.commits.which), permuted(series.times);
}

// Columns series (or benchmark), position, value; commit and at where there are any.
FromFile read_series(const std::string& path) {
  const std::string content = read_whole_file(path == "-" ? "/dev/stdin" : path);
  std::string_view bytes = content;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::string_view first = bytes.substr(0, bytes.find('\n'));
  const bool has_tabs = first.find('\t') != std::string_view::npos;
  const char separator = has_tabs ? '\t' : first.find(';') != std::string_view::npos ? ';' : ',';
  Columns columns;
  FromFile result;
  std::vector<std::vector<double>> positions;
  std::unordered_map<std::string, std::size_t> number;
  std::vector<std::string_view> cells;
  benchmarks::Row copies;
  const auto commits = std::make_shared<std::vector<std::string>>();
  std::unordered_map<std::string, std::uint32_t> commit_number;
  const auto number_of_commit = [&](const std::string& commit) {
    const auto [found, is_new] = commit_number.try_emplace(commit, static_cast<std::uint32_t>(commits->size()));
    if (is_new) commits->push_back(commit);
    return found->second;
  };
  bool is_header = true;
  std::string name, last_name;
  std::size_t last = 0;
  double row = 0;
  each_line(bytes, [&](std::string_view line) {
    if (trim(line).empty()) return;
    split_line(line, separator, cells, copies);
    if (is_header) {
      is_header = false;
      const benchmarks::Row header(cells.begin(), cells.end());
      auto series = benchmarks::column_of(header, "series");
      if (!series) series = benchmarks::column_of(header, "benchmark");
      columns = {series, benchmarks::column_of(header, "position"), benchmarks::column_of(header, "value"),
                 benchmarks::column_of(header, "commit"), benchmarks::column_of(header, "at")};
      return;
    }
    ++row;
    const auto value = number_of(cell_of(cells, columns.value));
    const auto position = columns.position ? number_of(cell_of(cells, columns.position)) : std::optional(row);
    if (!value || !position) {
      ++result.bad_rows;
      return;
    }
    name = cell_of(cells, columns.series);
    if (result.series.empty() || name != last_name) {
      const auto [found, is_new] = number.try_emplace(name, result.series.size());
      if (is_new) result.series.push_back({clean_text(name, 500), {}, {}, {}}), positions.emplace_back();
      last = found->second, last_name = name;
    }
    auto& series = result.series[last];
    series.values.push_back(*value);
    positions[last].push_back(*position);
    if (columns.commit)
      series.commits.which.push_back(number_of_commit(clean_text(cell_of(cells, columns.commit), 64)));
    if (columns.at) series.times.push_back(parse_time(cell_of(cells, columns.at)).value_or(0));
  });
  if (!columns.value)
    throw Error(ErrorKind::failed, fmt::format("{} has no column called value", one_line(path)),
                "columns: series (or benchmark), position, value");
  for (std::size_t i = 0; i < result.series.size(); ++i) {
    result.series[i].commits.names = commits;
    put_in_order(result.series[i], positions[i]);
  }
  return result;
}

Json json_of(const BenchmarkChange& change, const BenchmarkSeries& series) {
  Json commit = nullptr, at = nullptr;
  if (change.index < series.commits.size() && !series.commits[change.index].empty())
    commit = series.commits[change.index];
  if (change.index < series.times.size() && series.times[change.index] != 0)
    at = format_time(series.times[change.index]);
  return {{"series", series.name},   {"index", change.index}, {"commit", std::move(commit)}, {"at", std::move(at)},
          {"before", change.before}, {"after", change.after}, {"change", change.change},     {"low", change.low},
          {"high", change.high},     {"p", change.p}};
}

Result table_of(const FromFile& file, const ChangesFound& found, const BenchOptions& options) {
  Result result;
  result.name = "bench_changes";
  result.title = "Changes in benchmarks";
  result.question = "What became faster or slower, when, and how sure is it?";
  result.columns = {{"series", "Series", ColumnType::text}, {"index", "Value", ColumnType::integer},
                    {"commit", "Commit", ColumnType::text}, {"before", "Before", ColumnType::number},
                    {"after", "After", ColumnType::number}, {"change", "Change", ColumnType::share},
                    {"low", "at least", ColumnType::share}, {"high", "at most", ColumnType::share},
                    {"p", "p", ColumnType::number}};
  for (const auto& change : found.changes) {
    const auto& series = file.series[change.series];
    result.rows.push_back({series.name, static_cast<std::int64_t>(change.index),
                           change.index < series.commits.size() ? series.commits[change.index] : std::string(),
                           change.before, change.after, change.change, change.low, change.high, change.p});
  }
  result.sample_size = static_cast<std::int64_t>(file.series.size());
  result.claim =
      fmt::format("{} in {}.",
                  found.changes.empty() ? "No changes" : plural(static_cast<long long>(found.changes.size()), "change"),
                  plural(static_cast<long long>(file.series.size()), "series", "series"));
  result.definition =
      "A change is a lasting step of a series' level. Before and after: the levels of the stretches on both sides; "
      "change: "
      "their relative difference, with a 95 % interval. Value: the number of the first value after it, from 0.";
  result.method = options.method == "vote" ? "steps that stand against the noise of the series itself (its deviation, "
                                             "how neighbours move together), "
                                             "that E-divisive or Perfherder's weighted t sees too, and of which at "
                                             "most 5 % may be false over all series together "
                                             "(Benjamini and Hochberg)"
                                           : "the method " + options.method + " alone, as its own tool does it";
  if (found.jumps > 0)
    result.notes.push_back(fmt::format("{} not told: those series go back and forth between levels.",
                                       plural(static_cast<long long>(found.jumps), "jump is", "jumps are")));
  for (const auto& [series, drift] : found.drifts)
    result.notes.push_back(
        fmt::format("{} drifts: {:+.1f} % from begin to end, with no step.", file.series[series].name, 100 * drift));
  if (file.bad_rows > 0)
    result.notes.push_back(fmt::format("{} left out: no number in value or position.",
                                       plural(static_cast<long long>(file.bad_rows), "row was", "rows were")));
  return result;
}

}  // namespace

int bench_changes(const Invocation& invocation, const BenchOptions& options) {
  ChangeOptions own;
  own.method = change_method_of(options.method);
  if (options.window) own.window = static_cast<std::size_t>(*options.window);
  if (options.p) own.p = *options.p;
  if (options.least_change) own.least_change = *options.least_change;
  FromFile series;
  if (options.from.empty()) {
    const auto database = invocation.open(Access::read);
    series.series = load_benchmarks(invocation.context(*database)).series;
  } else {
    series = read_series(options.from);
  }
  const ChangesFound found = find_changes(series.series, own);
  if (!invocation.wants_json()) {
    invocation.print({table_of(series, found, options)});
    return 0;
  }
  Json list = Json::array();
  for (const auto& change : found.changes) list.push_back(json_of(change, series.series[change.series]));
  invocation.out << list.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
  return 0;
}

}  // namespace resident
