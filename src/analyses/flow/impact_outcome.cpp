#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/impact_outcome.hpp>
#include <analyses/flow/metrics.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <map>
#include <model/benchmarks/stored.hpp>
#include <model/flow_items.hpp>

namespace resident {

namespace {

constexpr Timestamp kAnswered = 7 * kDay;

struct Counted {
  const char* name;
  const char* what;
  // Gives (time, who did it, item, who opened the item) of each; :project, :as_of.
  const char* sql;
  bool by_bots;  // a bot's act counts, where what it was done to is not a bot's
};

constexpr Counted kCounted[] = {
    {"merged", "pull requests merged",
     // Forges tell it of the pull request, in its timeline, or both.
     "SELECT i.merged_at, COALESCE(i.merged_by, e.actor_id), i.item_id, i.author_id FROM item i LEFT JOIN (SELECT "
     "item_id, min(actor_id) AS actor_id FROM event WHERE project_id = :project AND kind = 'merged' AND actor_id IS "
     "NOT NULL AND occurred_at <= :as_of GROUP BY item_id) e ON e.item_id = i.item_id WHERE i.project_id = :project "
     "AND i.kind = 'pull' AND i.merged_at <= :as_of",
     true},
    {"closed", "issues closed",
     "SELECT v.closed_at, v.closed_by, v.item_id, i.author_id FROM item_interval v JOIN item i ON i.project_id = "
     "v.project_id AND i.item_id = v.item_id WHERE v.project_id = :project AND i.kind = 'issue' AND v.closed_at <= "
     ":as_of",
     false},
    {"reviews", "reviews",
     "SELECT submitted_at, author_id, item_id, NULL FROM review WHERE project_id = :project AND submitted_at <= :as_of",
     false},
    {"comments", "comments",
     "SELECT created_at, author_id, item_id, NULL FROM comment WHERE project_id = :project AND created_at <= :as_of",
     false},
    {"commits", "commits",
     "SELECT committed_at, author_id, 0, NULL FROM git_commit WHERE project_id = :project AND on_default = 1 AND "
     "parent_count < 2 AND committed_at <= :as_of",
     false},
    {"opened", "pull requests opened",
     "SELECT created_at, author_id, item_id, NULL FROM item WHERE project_id = :project AND kind = 'pull' AND "
     "created_at <= :as_of",
     false},
    {"issues", "issues opened",
     "SELECT created_at, author_id, item_id, NULL FROM item WHERE project_id = :project AND kind = 'issue' AND "
     "created_at <= :as_of",
     false},
};

// What is not counted by one query.
constexpr const char* kNewcomers = "newcomers";
constexpr const char* kAnsweredName = "answered";
constexpr std::string_view kMeasure = "measure:", kBenchmark = "benchmark:", kAdoption = "adoption:",
                           kDownloads = "downloads:";

// Where the tracker's (or else the code's) data end.
Timestamp end_of_data(const Context& context, bool of_code) {
  const auto rows = context.database.query(
      "SELECT max(CASE WHEN kind = 'git' THEN data_until END), max(CASE WHEN kind <> 'git' THEN data_until END) FROM "
      "source WHERE project_id = :project",
      {{"project", context.project_id}});
  std::optional<Timestamp> code, tracker;
  if (rows->next()) {
    code = rows->optional_integer(0);
    tracker = rows->optional_integer(1);
  }
  const auto until = of_code ? (code ? code : tracker) : (tracker ? tracker : code);
  return std::min(until.value_or(context.as_of), context.as_of);
}

std::vector<OutcomeMark> counted_marks(const Context& context, const People& people, const Counted& counted) {
  std::vector<OutcomeMark> marks;
  const auto rows = context.database.query(counted.sql, context.parameters());
  while (rows->next()) {
    if (rows->is_null(0)) continue;
    const std::int64_t actor = people.person(rows->optional_integer(1)),
                       author = people.person(rows->optional_integer(3));
    const bool is_bot = people.bots.contains(actor);
    if ((is_bot && !counted.by_bots) || people.bots.contains(author)) continue;
    marks.push_back({rows->integer(0), is_bot ? 0 : actor, rows->integer(2)});
  }
  return marks;
}

std::vector<OutcomeMark> first_pulls(const Context& context, const People& people) {
  std::map<std::int64_t, OutcomeMark> first;
  for (const auto& item : load_flow_items(context, people, FlowDetail::openings))
    if (item.is_pull && item.author != 0 && !first.contains(item.author))
      first[item.author] = {item.created, item.author, item.id};
  std::vector<OutcomeMark> marks;
  for (const auto& [person, mark] : first) marks.push_back(mark);
  return marks;
}

// 1 where somebody answered within a week, at the opening; by whom.
std::vector<OutcomeMark> answers(const Context& context, const People& people, Timestamp until) {
  std::vector<OutcomeMark> marks;
  for (const auto& item : load_flow_items(context, people, FlowDetail::times)) {
    if (item.created > until - kAnswered) continue;
    const bool is_answered = item.responded && *item.responded - item.created <= kAnswered;
    marks.push_back({item.created, is_answered ? item.responder : 0, item.id, is_answered ? 1.0 : 0.0});
  }
  return marks;
}

Outcome measure_outcome(const Context& context, const std::string& wanted) {
  const auto dot = wanted.find('.');
  const auto list = metrics_for(context);
  const Metric metric = find_metric(list, wanted.substr(0, dot));
  Context own = context;
  own.arguments.clear();
  const Result result = run_metric(metric, own).front();
  std::vector<std::string> columns;
  std::size_t column = result.columns.size();
  for (std::size_t i = 1; i < result.columns.size(); ++i) {
    const auto type = result.columns[i].type;
    if (result.columns[i].hidden || (type != ColumnType::integer && type != ColumnType::number &&
                                     type != ColumnType::share && type != ColumnType::duration))
      continue;
    columns.push_back(result.columns[i].name);
    if (columns.back() == (dot == std::string::npos ? columns.front() : wanted.substr(dot + 1))) column = i;
    if (dot == std::string::npos) break;
  }
  if (columns.empty() || result.columns[0].type != ColumnType::date || result.columns[0].name != "week")
    throw Error(ErrorKind::usage, fmt::format("the measure {} has no figures by the week", metric.name),
                "those that have are called …_per_week");
  if (column == result.columns.size())
    throw Error(ErrorKind::usage, fmt::format("the measure {} has no such column", metric.name),
                "write it as measure:NAME.COLUMN");
  Outcome outcome{wanted, to_lower(result.columns[column].title), true, {}, end_of_data(context, false)};
  for (const auto& row : result.rows) {
    const auto* at = std::get_if<std::int64_t>(&row[0]);
    if (at == nullptr || *at + kWeek > outcome.until) continue;  // a week that is running
    if (const auto* whole = std::get_if<std::int64_t>(&row[column]))
      outcome.marks.push_back({*at + kWeek / 2, 0, 0, static_cast<double>(*whole)});
    if (const auto* number = std::get_if<double>(&row[column]))
      outcome.marks.push_back({*at + kWeek / 2, 0, 0, *number});
  }
  return outcome;
}

Outcome benchmark_outcome(const Context& context, const std::string& wanted) {
  const auto stored = load_benchmarks(context);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < stored.series.size(); ++i) {
    const auto& series = stored.series[i];
    names.push_back(series.name);
    if (series.name != wanted) continue;
    Outcome outcome{
        wanted, fmt::format("{} of {}", stored.units[i].empty() ? "value" : stored.units[i], wanted), true, {}, 0};
    for (std::size_t k = 0; k < series.times.size(); ++k) {
      outcome.marks.push_back({series.times[k], 0, 0, series.values[k]});
      outcome.until = std::max(outcome.until, series.times[k]);
    }
    return outcome;
  }
  const std::string nearest = near_miss(wanted, names);
  throw Error(ErrorKind::usage, fmt::format("there is no series of a benchmark called {}", one_line(wanted)),
              nearest.empty() ? "`resident speed` names them" : fmt::format("did you mean {}?", nearest));
}

// Users of a module, by the counts of a corpus that the store has kept.
Outcome adoption_outcome(const Context& context, const std::string& wanted, bool of_downloads) {
  std::vector<std::string> names;
  Outcome outcome{
      wanted, fmt::format("{} of projects that use {}", of_downloads ? "downloads" : "share", wanted), true, {}, 0};
  outcome.is_counted_seldom = true;
  const auto rows = context.database.query(
      "SELECT module, counted_at, projects, corpus_projects, downloads FROM module_use_count WHERE project_id = "
      ":project AND counted_at <= :as_of ORDER BY module, counted_at",
      context.parameters());
  while (rows->next()) {
    if (names.empty() || names.back() != rows->text(0)) names.push_back(rows->string(0));
    if (names.back() != wanted || rows->integer(3) <= 0 || (of_downloads && rows->is_null(4))) continue;
    outcome.marks.push_back({rows->integer(1), 0, 0,
                             of_downloads
                                 ? rows->number(4)
                                 : static_cast<double>(rows->integer(2)) / static_cast<double>(rows->integer(3))});
    outcome.until = rows->integer(1) + kWeek;
  }
  if (!outcome.marks.empty()) return outcome;
  const std::string nearest = near_miss(wanted, names);
  throw Error(
      ErrorKind::usage,
      fmt::format("no {} of the module {} are in the store", of_downloads ? "downloads" : "users", one_line(wanted)),
      !nearest.empty() && nearest != wanted ? fmt::format("did you mean {}?", nearest)
                                            : "`resident interest … --project NAME --keep` counts them");
}

}  // namespace

const std::vector<std::string>& outcome_names() {
  static const auto names = [] {
    std::vector<std::string> list;
    for (const auto& counted : kCounted) list.emplace_back(counted.name);
    list.insert(list.end(), {kNewcomers, kAnsweredName});
    return list;
  }();
  return names;
}

std::string_view outcome_choices() {
  return "merged|closed|reviews|comments|commits|opened|issues|newcomers|answered|measure:NAME.COLUMN|benchmark:NAME|"
         "adoption:MODULE|downloads:MODULE";
}

Outcome load_outcome(const Context& context, const People& people, const std::string& name) {
  const std::string wanted = name.empty() ? kCounted[0].name : name;
  if (wanted.starts_with(kMeasure)) return measure_outcome(context, wanted.substr(kMeasure.size()));
  if (wanted.starts_with(kBenchmark)) return benchmark_outcome(context, wanted.substr(kBenchmark.size()));
  for (const auto prefix : {kAdoption, kDownloads})
    if (wanted.starts_with(prefix))
      return adoption_outcome(context, wanted.substr(prefix.size()), prefix == kDownloads);
  const Timestamp until = end_of_data(context, wanted == "commits");
  for (const auto& counted : kCounted)
    if (wanted == counted.name) return {wanted, counted.what, false, counted_marks(context, people, counted), until};
  if (wanted == kNewcomers)
    return {wanted, "first pull requests of newcomers", false, first_pulls(context, people), until};
  if (wanted == kAnsweredName)
    return {wanted, "share of issues and pull requests answered within a week", true, answers(context, people, until),
            until - kAnswered};
  const std::string nearest = near_miss(wanted, outcome_names());
  throw Error(
      ErrorKind::usage, fmt::format("--outcome: there is no outcome called {}", one_line(wanted)),
      nearest.empty() ? fmt::format("they are {}", outcome_choices()) : fmt::format("did you mean {}?", nearest));
}

Outcome others_answering(const Context& context, const People& people, std::int64_t person) {
  const Timestamp until = end_of_data(context, false);
  Outcome outcome{"", "others' first answers a day, of what waits", true, {}, until - kAnswered};
  for (const auto& item : load_flow_items(context, people, FlowDetail::times)) {
    if (item.created > until - kAnswered) continue;
    const Timestamp wait =
        item.responded ? std::clamp<Timestamp>(*item.responded - item.created, 60, kAnswered) : kAnswered;
    const bool is_others = item.responded && *item.responded - item.created <= kAnswered && item.responder != person;
    outcome.marks.push_back({item.created, is_others ? item.responder : 0, item.id, is_others ? 1.0 : 0.0,
                             static_cast<double>(wait) / kDay});
  }
  return outcome;
}

std::string untouched_outcome(const std::string& name) {
  if (name == "issues" || name == "commits") return "";
  for (const auto prefix : {kMeasure, kBenchmark, kAdoption, kDownloads})
    if (name.starts_with(prefix)) return "";
  return "issues";
}

Timestamp beginning_of(std::vector<Timestamp> moments) {
  std::sort(moments.begin(), moments.end());
  const std::size_t few = moments.size() < 20 ? 0 : std::max<std::size_t>(1, moments.size() / 100);
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= few; ++i)
    if (moments[i] - moments[i - 1] > 365 * kDay) begin = i;
  return moments[begin];
}

ImpactWeeks::ImpactWeeks(Timestamp first, Timestamp start, Timestamp end) {
  before_ = start > first ? (start - first) / kWeek : 0;
  begin_ = start - before_ * kWeek;
  count_ = static_cast<std::size_t>(before_ + (end > start ? (end - start) / kWeek : 0));
}

std::vector<Timestamp> ImpactWeeks::begins() const {
  std::vector<Timestamp> result;
  for (std::size_t i = 0; i < count_; ++i) result.push_back(begin_ + static_cast<Timestamp>(i) * kWeek);
  return result;
}

std::optional<std::vector<double>> ImpactWeeks::series(const Outcome& outcome,
                                                       const std::function<bool(const OutcomeMark&)>& counts) const {
  std::vector<double> sums(count_, 0), marks(count_, 0);
  for (const auto& mark : outcome.marks) {
    if (mark.at < begin_ || !counts(mark)) continue;
    const auto week = static_cast<std::size_t>((mark.at - begin_) / kWeek);
    if (week >= count_) continue;
    sums[week] += mark.value;
    marks[week] += mark.weight;
  }
  if (!outcome.is_mean) return sums;
  const auto empty = static_cast<std::size_t>(std::count(marks.begin(), marks.end(), 0.0));
  // A stock that is counted every month or so stays what it was until the next count.
  if (empty == count_ || (outcome.is_counted_seldom ? empty * 6 > count_ * 5 : empty * 4 > count_)) return std::nullopt;
  std::optional<double> last;
  for (std::size_t i = 0; i < count_ && !last; ++i)
    if (marks[i] > 0) last = sums[i] / marks[i];
  for (std::size_t i = 0; i < count_; ++i) {
    if (marks[i] > 0) last = sums[i] / marks[i];
    sums[i] = *last;
  }
  return sums;
}

}  // namespace resident
