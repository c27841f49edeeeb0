// Front matter of the metric files. Leading lines `-- key: value`; a line that
// begins with `--` and four spaces or more goes on with the value before. An empty
// line ends it, and the query follows.
//
//   -- name: open_items                 as the file
//   -- title, question, definition, source, uncertainty, happened, sample: text
//   -- kind: table | survival | survival_by_period | part | kept | summary
//   -- page: flow
//   -- order: 10
//   -- claim: {last:open_issues|issue|issues} open.   (again: what to say when a figure lacks)
//   -- none: There are no issues.      said where there is no figure at all
//   -- chart: none | line | step | bar | area | dot
//   -- x, y, series, low, high: columns; y_label: text; y: several with commas
//   -- column: name | Title | type | unit | description | hidden   (once for each, in order)
//   -- note: text                                            (any number)
//   -- uses: part, part
//   -- materialized: yes      a part that is computed once, not merged into the query
//   -- into: table (columns)  of a summary
#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/metrics.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <functional>
#include <optional>
#include <set>

namespace resident {

namespace {

class Parser {
 public:
  Parser(const std::string& text, const std::string& file) : file_(file) {
    metric_.file = file;
    read(text);
  }

  Metric finish() {
    line_ = 1;
    if (metric_.name.empty()) fail("there is no name", "the first line is `-- name: NAME`, as the file is called");
    const std::string stem = file_.substr(file_.rfind('/') + 1);
    if (stem != metric_.name + ".sql") fail(fmt::format("the name is {}, but the file is {}", metric_.name, stem));
    if (metric_.sql.empty()) fail("there is no query below the front matter");
    if (metric_.kind == MetricKind::summary && metric_.into.empty()) fail("a summary needs `into: table (columns)`");
    if (metric_.kind >= MetricKind::part) return std::move(metric_);
    for (const auto& [key, value] : {std::pair("title", &metric_.title), std::pair("question", &metric_.question),
                                     std::pair("definition", &metric_.definition), std::pair("page", &metric_.page)})
      if (value->empty()) fail(fmt::format("there is no {}", key));
    if (metric_.claims.empty()) fail("there is no claim");
    if (metric_.kind == MetricKind::table) {
      if (metric_.columns.empty()) fail("there is no column");
      check_chart();
    } else {
      const std::size_t columns = metric_.kind == MetricKind::survival ? 1 : 2;
      if (metric_.columns.size() != columns)
        fail(columns == 1 ? "kind survival takes one column, the group"
                          : "kind survival_by_period takes two columns, period and group");
      if (metric_.happened.empty()) fail("there is no `happened`, the heading for those to whom it did");
    }
    return std::move(metric_);
  }

 private:
  [[noreturn]] void fail(const std::string& message, const std::string& hint = {}) const {
    throw Error(ErrorKind::usage, fmt::format("{}:{}: {}", file_, line_, message),
                hint.empty() ? "docs/guide/metrics.md shows one" : hint);
  }

  void read(const std::string& text) {
    std::string key, value;
    int number = 0, key_line = 1;
    const auto flush = [&] {
      line_ = key_line;
      if (!key.empty()) set(key, value);
      key.clear();
    };
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string_view line = std::string_view(text).substr(at, end - at);
      line_ = ++number;
      if (!line.starts_with("--")) break;
      at = std::min(end + 1, text.size());
      const std::string_view rest = trim(line.substr(2));
      if (rest.empty()) continue;
      if (line.starts_with("--    ")) {
        if (key.empty()) fail("a line goes on with nothing");
        value += fmt::format(" {}", rest);
        continue;
      }
      flush();
      line_ = key_line = number;
      const std::size_t colon = rest.find(':');
      key = std::string(rest.substr(0, std::min(colon, rest.size())));
      const bool is_key =
          colon != std::string_view::npos && !key.empty() &&
          std::all_of(key.begin(), key.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
      if (!is_key)
        fail(fmt::format("expected `-- key: value`, found: {}", one_line(line.substr(0, 80))),
             "an empty line ends the front matter");
      value = std::string(trim(rest.substr(colon + 1)));
    }
    flush();
    std::string_view query = trim(std::string_view(text).substr(at));
    while (query.starts_with("--")) query = trim(query.substr(std::min(query.find('\n'), query.size())));
    metric_.sql = std::string(query);
    if (metric_.sql.ends_with(';')) metric_.sql.pop_back();
  }

  void set(const std::string& key, const std::string& value) {
    if (value.empty()) fail(fmt::format("{} has no value", key));
    const std::pair<std::string_view, std::string*> texts[] = {
        {"name", &metric_.name},           {"title", &metric_.title},
        {"question", &metric_.question},   {"definition", &metric_.definition},
        {"source", &metric_.source},       {"none", &metric_.none},
        {"page", &metric_.page},           {"happened", &metric_.happened},
        {"sample", &metric_.sample},       {"uncertainty", &metric_.uncertainty},
        {"into", &metric_.into},           {"x", &metric_.chart.x},
        {"series", &metric_.chart.series}, {"low", &metric_.chart.low},
        {"high", &metric_.chart.high},     {"y_label", &metric_.chart.y_label}};
    for (const auto& [name, target] : texts) {
      if (name != key) continue;
      if (!target->empty()) fail(fmt::format("{} is there twice", key));
      *target = value;
      return;
    }
    if (key == "claim") return metric_.claims.push_back(value);
    if (key == "note") return metric_.notes.push_back(value);
    if (key == "uses") return list(value, metric_.uses);
    if (key == "y") return list(value, metric_.chart.y);
    if (key == "kind") return set_kind(value);
    if (key == "chart") return set_chart(value);
    if (key == "column") return add_column(value);
    if (key == "materialized") {
      metric_.is_materialized = value == "yes";
      if (value != "yes" && value != "no") fail("materialized is yes or no");
      return;
    }
    if (key == "order") {
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), metric_.order);
      if (error != std::errc() || end != value.data() + value.size())
        fail(fmt::format("order is not a whole number: {}", value));
      return;
    }
    std::vector<std::string> keys{"claim", "note", "uses", "y", "kind", "chart", "column", "order", "materialized"};
    for (const auto& each : texts) keys.emplace_back(each.first);
    const std::string nearest = near_miss(key, keys);
    fail(fmt::format("there is no key {}", key), nearest.empty() ? "" : fmt::format("did you mean {}?", nearest));
  }

  static void list(const std::string& value, std::vector<std::string>& target) {
    for (const auto part : split(value, ',')) target.emplace_back(trim(part));
  }

  void set_kind(const std::string& value) {
    static constexpr std::pair<std::string_view, MetricKind> kinds[] = {
        {"table", MetricKind::table},
        {"survival", MetricKind::survival},
        {"survival_by_period", MetricKind::survival_by_period},
        {"part", MetricKind::part},
        {"kept", MetricKind::kept},
        {"summary", MetricKind::summary}};
    for (const auto& [name, kind] : kinds) {
      if (name != value) continue;
      metric_.kind = kind;
      return;
    }
    fail(fmt::format("there is no kind {}", value),
         "kinds are table, survival, survival_by_period, part, kept and summary");
  }

  void set_chart(const std::string& value) {
    for (const auto kind : {Chart::Kind::none, Chart::Kind::line, Chart::Kind::step, Chart::Kind::bar,
                            Chart::Kind::area, Chart::Kind::dot}) {
      if (value != kind_name(kind)) continue;
      metric_.chart.kind = kind;
      return;
    }
    fail(fmt::format("there is no chart {}", value), "charts are none, line, step, bar, area and dot");
  }

  void add_column(const std::string& value) {
    const auto parts = split(value, '|');
    const auto part = [&](std::size_t index) {
      return index < parts.size() ? std::string(trim(parts[index])) : std::string();
    };
    Column column{part(0), part(1), ColumnType::text, part(3), part(4)};
    const bool is_name = !column.name.empty() && std::all_of(column.name.begin(), column.name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (parts.size() < 3 || parts.size() > 6 || !is_name || column.title.empty() ||
        (parts.size() == 6 && part(5) != "hidden"))
      fail("a column is `name | Title | type | unit | description | hidden`, the last three if wanted");
    column.hidden = part(5) == "hidden";
    std::optional<ColumnType> type;
    std::string types;
    for (const auto each :
         {ColumnType::text, ColumnType::integer, ColumnType::number, ColumnType::share, ColumnType::duration,
          ColumnType::date, ColumnType::time, ColumnType::item, ColumnType::url}) {
      if (part(2) == type_name(each)) type = each;
      types += fmt::format("{}{}", types.empty() ? "" : ", ", type_name(each));
    }
    if (!type) fail(fmt::format("there is no column type {}", part(2)), "types are " + types);
    column.type = *type;
    metric_.columns.push_back(std::move(column));
  }

  void check_chart() const {
    const auto check = [&](const char* key, const std::string& column) {
      const bool found = std::any_of(metric_.columns.begin(), metric_.columns.end(),
                                     [&](const Column& each) { return each.name == column; });
      if (!column.empty() && !found) fail(fmt::format("{} names no column: {}", key, column));
    };
    const Chart& chart = metric_.chart;
    check("x", chart.x), check("series", chart.series), check("low", chart.low), check("high", chart.high);
    for (const auto& each : chart.y) check("y", each);
    if (chart.kind != Chart::Kind::none && (chart.x.empty() || chart.y.empty())) fail("a chart needs x and y");
  }

  const std::string& file_;
  int line_ = 1;
  Metric metric_;
};

// "WITH [RECURSIVE] a AS (…) SELECT …" → what follows the first words; else nothing.
std::optional<std::string> after_with(const std::string& sql) {
  if (!to_lower(sql.substr(0, 5)).starts_with("with") || sql.size() < 6 ||
      !std::isspace(static_cast<unsigned char>(sql[4])))
    return std::nullopt;
  std::string rest(trim(std::string_view(sql).substr(5)));
  if (to_lower(rest.substr(0, 10)) == "recursive ") rest = std::string(trim(std::string_view(rest).substr(10)));
  return rest;
}

}  // namespace

Metric parse_metric(const std::string& text, const std::string& file) {
  return Parser(text, file).finish();
}

void compose_metrics(std::vector<Metric>& metrics) {
  std::vector<std::string> names;
  for (const auto& each : metrics)
    if (each.kind == MetricKind::part) names.push_back(each.name);
  for (auto& metric : metrics) {
    if (metric.kind == MetricKind::part || metric.uses.empty()) continue;  // parts stand in those that use them
    std::string parts;
    std::set<std::string> done, under_way;
    const std::function<void(const Metric&)> add = [&](const Metric& user) {
      for (const auto& name : user.uses) {
        if (done.contains(name)) continue;
        const auto part = std::find_if(metrics.begin(), metrics.end(), [&](const Metric& each) {
          return each.kind == MetricKind::part && each.name == name;
        });
        if (part == metrics.end()) {
          const std::string nearest = near_miss(name, names);
          throw Error(ErrorKind::usage, fmt::format("{}: there is no part {}", user.file, one_line(name)),
                      nearest.empty() ? fmt::format("a part is a file {}.sql of kind part", name)
                                      : fmt::format("did you mean {}?", nearest));
        }
        if (!under_way.insert(name).second)
          throw Error(ErrorKind::usage, fmt::format("{}: the part {} uses itself", user.file, name));
        add(*part);
        parts += fmt::format("{}{} AS {}(\n{}\n)", parts.empty() ? "" : ",\n", name,
                             part->is_materialized ? "MATERIALIZED " : "", part->sql);
        done.insert(name);
      }
    };
    add(metric);
    const auto own = after_with(metric.sql);
    metric.sql = fmt::format("WITH RECURSIVE {}{}{}", parts, own ? ",\n" : "\n", own.value_or(metric.sql));
  }
}

void compose_with_kept(std::vector<Metric>& metrics, const std::vector<Metric>& kept) {
  std::vector<Metric> fast = metrics;
  for (const Metric& each : kept) {
    if (each.kind == MetricKind::summary) continue;
    const auto same =
        std::find_if(fast.begin(), fast.end(), [&](const Metric& other) { return other.name == each.name; });
    if (same == fast.end()) {
      if (each.kind == MetricKind::part) fast.push_back(each);
      continue;
    }
    same->sql = each.sql, same->uses = each.uses, same->is_materialized = each.is_materialized;
  }
  compose_metrics(fast);
  compose_metrics(metrics);
  for (std::size_t i = 0; i < metrics.size(); ++i)
    if (fast[i].sql != metrics[i].sql) metrics[i].kept_sql = std::move(fast[i].sql);
}

}  // namespace resident
