#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/flow/metrics.hpp>
#include <base/embedded.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <model/known_items.hpp>

namespace resident {

std::vector<Metric> kept_metrics() {
  std::vector<Metric> list;
  for (const auto& file : embedded::kept_metric_files())
    list.push_back(parse_metric(file.content, "metrics/kept/" + file.name));
  return list;
}

std::vector<Metric> built_in_metrics() {
  std::vector<Metric> list;
  for (const auto& file : embedded::metric_files()) list.push_back(parse_metric(file.content, "metrics/" + file.name));
  return list;
}

namespace {

std::vector<Metric> in_order(std::vector<Metric> list, const std::vector<Metric>& kept) {
  compose_with_kept(list, kept);
  std::erase_if(list, [](const Metric& each) { return each.kind >= MetricKind::part; });
  std::sort(list.begin(), list.end(),
            [](const Metric& a, const Metric& b) { return std::tie(a.order, a.name) < std::tie(b.order, b.name); });
  return list;
}

std::vector<Metric> read_folder(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> names;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".sql") names.push_back(at->path().filename().string());
  if (error)
    throw Error(ErrorKind::usage,
                fmt::format("cannot read the folder of metrics {}: {}", one_line(folder), error.message()),
                "RESIDENT_METRICS names a folder that holds one .sql file a metric");
  std::sort(names.begin(), names.end());
  std::vector<Metric> list;
  for (const auto& name : names) {
    const std::string file = fmt::format("{}/{}", folder, name);
    std::ifstream stream(file, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (!stream.is_open() || stream.bad()) throw Error(fmt::format("cannot read {}", one_line(file)));
    list.push_back(parse_metric(text, file));
  }
  return list;
}

// The query must give what the front matter promises.
void check_columns(const Metric& metric, const Rows& rows) {
  bool same = rows.column_count() == metric.columns.size();
  for (std::size_t i = 0; same && i < metric.columns.size(); ++i) same = rows.column_name(i) == metric.columns[i].name;
  if (same) return;
  std::string given, promised;
  for (std::size_t i = 0; i < rows.column_count(); ++i)
    given += fmt::format("{}{}", i ? ", " : "", rows.column_name(i));
  for (const auto& each : metric.columns) promised += fmt::format("{}{}", promised.empty() ? "" : ", ", each.name);
  throw Error(
      ErrorKind::usage,
      fmt::format("{}: the query gives other columns than the front matter names: {}", metric.file, one_line(given)),
      fmt::format("the front matter names {}", promised));
}

// Where a series of months begins later than the data (item_month.sql, month.sql): how much is before it.
void tell_what_is_before(const Metric& metric, const Context& context, Result& result) {
  const bool is_series = std::any_of(metric.uses.begin(), metric.uses.end(),
                                     [](const auto& each) { return each == "item_month" || each == "month"; });
  if (!is_series || result.rows.empty() || result.rows.front().empty()) return;
  const Cell& cell = result.rows.front().front();
  std::optional<Timestamp> begin;
  if (const auto* at = std::get_if<std::int64_t>(&cell)) begin = *at;
  if (const auto* year = std::get_if<std::string>(&cell)) begin = parse_time(*year + "-01-01");
  if (!begin) return;
  const auto first_at = context.database.integer(
      "SELECT min(at) FROM (SELECT min(created_at) AS at FROM item WHERE project_id = :project AND kind = 'issue' "
      "UNION "
      "ALL SELECT min(created_at) FROM item WHERE project_id = :project AND kind = 'pull' UNION ALL SELECT "
      "min(committed_at) FROM git_commit WHERE project_id = :project AND on_default = 1) e",
      {{"project", context.project_id}});
  // Else: items that were there before the first commit, or the other way.
  if (!first_at || *begin - *first_at < 10 * 365 * kDay) return;
  const auto rows = context.database.query(
      "SELECT count(*), min(at) FROM (SELECT created_at AS at FROM item WHERE project_id = :project AND created_at < "
      ":begin UNION ALL SELECT committed_at FROM git_commit WHERE project_id = :project AND on_default = 1 AND "
      "committed_at < :begin) e",
      {{"project", context.project_id}, {"begin", *begin}});
  if (!rows->next() || rows->integer(0) == 0) return;
  const Timestamp first = rows->integer(1);
  result.notes.push_back(
      fmt::format("The series begins where 99.9 % of the data do: {} from before {} (the earliest is dated {}).",
                  plural(rows->integer(0), "issue, pull request or commit is", "issues, pull requests and commits are"),
                  format_date(*begin), format_date(first)));
}

std::vector<Result> table_result(const Metric& metric, const Context& context) {
  Result result = metric_result(metric, context);
  result.columns = metric.columns;
  result.chart = metric.chart;
  check_columns(metric, *context.database.query(fmt::format("SELECT * FROM (\n{}\n) AS metric LIMIT 0", metric.sql),
                                                context.parameters()));
  fill_rows(result, context.database, metric_query(metric, context), context.parameters());
  if (!metric.sample.empty()) {
    const Cell size = metric_figure(metric.sample, result);
    const auto* whole = std::get_if<std::int64_t>(&size);
    result.sample_size = whole ? *whole : 0;
  }
  result.claim = metric_claim(metric, result);
  if (metric.page == "flow" && !has_figures(result) && !knows_items(context))
    result.claim = "No issue or pull request is known, so nothing is told of them.";
  tell_what_is_before(metric, context, result);
  return {std::move(result)};
}

}  // namespace

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> list = in_order(built_in_metrics(), kept_metrics());
  return list;
}

std::vector<Metric> metrics_for(const Context& context) {
  const char* variable = std::getenv("RESIDENT_METRICS");
  const std::string folder = context.argument("folder", variable ? variable : "");
  if (folder.empty()) return metrics();
  std::vector<Metric> list = built_in_metrics(), kept = kept_metrics();
  for (auto& own : read_folder(folder)) {
    const auto is_same = [&](const Metric& each) { return each.name == own.name; };
    const auto built = std::find_if(list.begin(), list.end(), is_same);
    // With another part, the summaries are of something else.
    if (built != list.end() && built->kind == MetricKind::part) kept.clear();
    std::erase_if(kept, [&](const Metric& each) { return is_same(each) && each.kind == MetricKind::kept; });
    std::erase_if(list, is_same);
    list.push_back(std::move(own));
  }
  return in_order(std::move(list), kept);
}

namespace {

// "release_cycles" is not near "cycles" by its letters, but shares a word with it.
std::vector<std::string> with_a_word_of(const std::string& name, const std::vector<std::string>& names) {
  constexpr std::size_t kShortestWord = 4, kMost = 3;
  const std::string text = to_lower(name);
  std::vector<std::string> found;
  for (const std::string& each : names) {
    const auto words = split(each, '_');
    const bool shares = std::any_of(words.begin(), words.end(), [&](std::string_view word) {
      return word.size() >= kShortestWord && text.find(word) != std::string::npos;
    });
    if (shares) found.push_back(each);
  }
  return found.size() <= kMost ? found : std::vector<std::string>();
}

}  // namespace

const Metric& find_metric(const std::vector<Metric>& list, const std::string& name,
                          const std::vector<std::string>& others) {
  std::vector<std::string> names;
  for (const auto& each : list) {
    if (each.name == name) return each;
    names.push_back(each.name);
  }
  names.insert(names.end(), others.begin(), others.end());
  std::vector<std::string> meant{near_miss(name, names)};
  if (meant.front().empty()) meant = with_a_word_of(name, names);
  throw Error(ErrorKind::usage, fmt::format("there is no metric called {}", one_line(name)),
              meant.empty()
                  ? fmt::format("they are {}", fmt::join(names, ", "))
                  : fmt::format("did you mean {}? `resident measures --list` has all", fmt::join(meant, " or ")));
}

Result metric_result(const Metric& metric, const Context& context) {
  Result result = context.result(metric.name, metric.title, metric.question);
  result.definition = metric.definition;
  if (!metric.source.empty()) result.definition += fmt::format(" Source: {}.", metric.source);
  result.method = fmt::format("SQL in {}.", metric.file);
  result.uncertainty = metric.uncertainty;
  result.notes = metric.notes;
  result.evidence.push_back({"The query", metric_evidence(metric, context), {}});
  return result;
}

const std::string& metric_query(const Metric& metric, const Context& context) {
  return !metric.kept_sql.empty() && are_summaries_kept(context) ? metric.kept_sql : metric.sql;
}

std::string metric_evidence(const Metric& metric, const Context& context) {
  const std::string_view sql = metric.sql;
  std::string result;
  for (std::size_t at = 0; at < sql.size();) {
    const char c = sql[at];
    std::size_t end = at + 1;
    if (c == '\'' || c == '"') {
      end = std::min(sql.find(c, at + 1), sql.size() - 1) + 1;
    } else if (sql.substr(at, 2) == "--") {
      end = std::min(sql.find('\n', at), sql.size());
    } else if (sql.substr(at, 2) == "::") {
      end = at + 2;
    } else if (sql.substr(at, 8) == ":project") {
      result += std::to_string(context.project_id);
      at += 8;
      continue;
    } else if (sql.substr(at, 6) == ":as_of") {
      result += std::to_string(context.as_of);
      at += 6;
      continue;
    }
    result += sql.substr(at, end - at);
    at = end;
  }
  return result;
}

std::vector<Result> run_metric(const Metric& metric, const Context& context) {
  try {
    switch (metric.kind) {
      case MetricKind::survival:
        return survival_results(metric, context);
      case MetricKind::survival_by_period:
        return {survival_by_period_result(metric, context)};
      case MetricKind::table:
      case MetricKind::part:
      case MetricKind::kept:
      case MetricKind::summary:
        break;
    }
    return table_result(metric, context);
  } catch (const Error& error) {
    const std::string message = error.what();
    if (message.starts_with(metric.file)) throw;
    throw Error(error.kind(), fmt::format("{}: {}", metric.file, message), error.hint());
  }
}

}  // namespace resident
