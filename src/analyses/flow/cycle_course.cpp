#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/flow/cycle_course.hpp>
#include <analyses/flow/impact_outcome.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <model/cycle_points.hpp>
#include <model/flow_items.hpp>
#include <set>
#include <stats/quantile.hpp>
#include <stats/survival.hpp>

namespace resident {

namespace {

// How the marks of a stretch of time become one figure.
enum class Fold {
  sum,
  mean,    // of values by weights
  people,  // how many are behind them
  wait,    // median by Kaplan–Meier; value: how long, weight: 1 if it ended
};

struct Series {
  std::string what, unit;
  Fold fold = Fold::sum;
  std::vector<OutcomeMark> marks;  // in order of time
  Timestamp begin = 0, until = 0;  // what is known

  // Nothing where the stretch is not known to its end, or holds nothing that a mean or a median could be of.
  std::optional<double> figure(Timestamp from, Timestamp to) const {
    if (from < begin || to > until || marks.empty()) return std::nullopt;
    const auto before = [](const OutcomeMark& mark, Timestamp at) { return mark.at < at; };
    const auto first = std::lower_bound(marks.begin(), marks.end(), from, before),
               last = std::lower_bound(first, marks.end(), to, before);
    double sum = 0, weight = 0;
    std::set<std::int64_t> people;
    std::vector<stats::Observation> waits;
    for (auto mark = first; mark != last; ++mark) {
      sum += mark->value, weight += mark->weight;
      if (fold == Fold::people && mark->person != 0) people.insert(mark->person);
      if (fold == Fold::wait) waits.push_back({mark->value, mark->weight > 0});
    }
    switch (fold) {
      case Fold::sum:
        return sum;
      case Fold::mean:
        return weight > 0 ? std::optional(sum / weight) : std::nullopt;
      case Fold::people:
        return static_cast<double>(people.size());
      case Fold::wait:
        return waits.empty() ? std::nullopt : stats::median_time(stats::kaplan_meier(std::move(waits))).value;
    }
    return std::nullopt;
  }
};

constexpr std::string_view kContributors = "contributors", kReviewers = "reviewers", kFirstResponse = "first_response",
                           kRed = "red";

// Who committed, opened, reviewed or commented.
Series contributors(const Context& context, const People& people) {
  Series series{"people who committed, opened, reviewed or commented", "people", Fold::people, {}, 0, 0};
  for (const char* name : {"commits", "opened", "issues", "reviews", "comments"}) {
    Outcome outcome = load_outcome(context, people, name);
    series.marks.insert(series.marks.end(), outcome.marks.begin(), outcome.marks.end());
    series.until = series.until == 0 ? outcome.until : std::min(series.until, outcome.until);
  }
  return series;
}

Series first_responses(const Context& context, const People& people) {
  Series series{"median time to first response", "seconds", Fold::wait, {}, 0, 0};
  series.until = load_outcome(context, people, "issues").until;
  for (const auto& item : load_flow_items(context, people, FlowDetail::times)) {
    const Timestamp end = item.responded ? *item.responded : item.closed ? *item.closed : series.until;
    series.marks.push_back({item.created, item.author, item.id,
                            static_cast<double>(std::max<Timestamp>(0, end - item.created)),
                            item.responded ? 1.0 : 0.0});
  }
  return series;
}

// Runs of CI that belong to no pull request.
Series red_runs(const Context& context) {
  Series series{"share of CI runs outside pull requests that failed", "share", Fold::mean, {}, 0, 0};
  for (const auto rows = context.database.query(
           "SELECT finished_at, CASE WHEN conclusion = 'success' THEN 0 ELSE 1 END FROM ci_run WHERE project_id = "
           ":project AND item_id IS NULL AND finished_at <= :as_of AND conclusion IN ('success', 'failure', "
           "'timed_out', 'startup_failure')",
           context.parameters());
       rows->next();) {
    series.marks.push_back({rows->integer(0), 0, 0, static_cast<double>(rows->integer(1))});
    series.until = std::max(series.until, rows->integer(0));
  }
  return series;
}

// Names without a colon; the others are load_outcome's.
void check_name(const std::string& name) {
  std::vector<std::string> names = outcome_names();
  for (const auto own : {kContributors, kReviewers, kFirstResponse, kRed}) names.emplace_back(own);
  if (name.find(':') != std::string::npos || std::find(names.begin(), names.end(), name) != names.end()) return;
  const std::string nearest = near_miss(name, names);
  throw Error(ErrorKind::usage, fmt::format("--of: there is no weekly series called {}", one_line(name)),
              nearest.empty() ? fmt::format("they are {}; or measure:NAME.COLUMN, benchmark:NAME, adoption:MODULE, "
                                            "downloads:MODULE",
                                            fmt::join(names, ", "))
                              : fmt::format("did you mean {}?", nearest));
}

Series load_series(const Context& context, const std::string& name) {
  check_name(name);
  const People people = load_people(context);
  Series series;
  if (name == kContributors) {
    series = contributors(context, people);
  } else if (name == kFirstResponse) {
    series = first_responses(context, people);
  } else if (name == kRed) {
    series = red_runs(context);
  } else {
    Outcome outcome = load_outcome(context, people, name == kReviewers ? "reviews" : name);
    series = {std::move(outcome.what),
              outcome.is_mean ? "" : "a week",
              outcome.is_mean ? Fold::mean : Fold::sum,
              std::move(outcome.marks),
              0,
              outcome.until};
    if (series.what.starts_with("share")) series.unit = "share";
    if (name.starts_with("measure:")) series.what += ", mean of weeks,";
    if (name == kReviewers) series.what = "people who reviewed", series.unit = "people", series.fold = Fold::people;
  }
  std::sort(series.marks.begin(), series.marks.end(),
            [](const OutcomeMark& a, const OutcomeMark& b) { return a.at < b.at; });
  if (!series.marks.empty()) {
    std::vector<Timestamp> moments;
    for (const auto& mark : series.marks) moments.push_back(mark.at);
    series.begin = beginning_of(std::move(moments));
  }
  return series;
}

// One cycle: its point and what is known around it.
struct Cycle {
  std::string release;
  Timestamp at = 0;
  std::int64_t first = 0, last = 0;  // weeks from the point, the last one not among them
};

struct Course {
  CyclePoint point = CyclePoint::release;
  Series series;
  Cycle now;
  bool is_ahead = false;  // the point of the running cycle is still to come
  std::vector<Cycle> before;
  std::size_t left_out = 0;  // past cycles of which not all these weeks are known
  std::string origin;
};

std::optional<double> figure(const Course& course, const Cycle& cycle, std::int64_t first, std::int64_t last) {
  return course.series.figure(cycle.at + first * kWeek, cycle.at + last * kWeek);
}

std::string weeks_text(const Course& course) {
  const Cycle& now = course.now;
  const auto weeks = [](std::int64_t n) { return plural(static_cast<long long>(n), "week"); };
  const std::string point = fmt::format("{} of {} ({})",
                                        course.point == CyclePoint::release     ? "the release"
                                        : course.point == CyclePoint::beta      ? "the first beta"
                                        : course.point == CyclePoint::candidate ? "the first candidate"
                                                                                : "the branch",
                                        one_line(now.release), format_date(now.at));
  if (course.is_ahead) return fmt::format("from {} to {} before {}", weeks(-now.first), weeks(-now.last), point);
  if (now.first < 0) return fmt::format("from {} before to {} after {}", weeks(-now.first), weeks(now.last), point);
  return fmt::format("in the {} since {}", weeks(now.last), point);
}

std::string figure_text(const Series& series, double value) {
  if (series.fold == Fold::wait) return format_duration(value);
  if (series.unit == "share") return fmt::format("{:.0f} %", 100 * value);
  if (series.fold == Fold::mean) return fmt::format("{:.3g}", value);
  return value < 100 && value != std::floor(value) ? fmt::format("{:.1f}", value) : with_thousands(std::llround(value));
}

// What is, against the cycles before; fills the table.
void make_claim(const Course& course, Result& result) {
  const Series& series = course.series;
  const auto is = figure(course, course.now, course.now.first, course.now.last);
  std::vector<double> past;
  const auto type = series.fold == Fold::wait ? ColumnType::duration
                    : series.unit == "share"  ? ColumnType::share
                                              : ColumnType::number;
  result.columns = {{"cycle", "Cycle"},
                    {"at", course.point == CyclePoint::release ? "Released" : "Point", ColumnType::date},
                    {"figure", "Figure", type, "", "of the same weeks of each cycle"},
                    {"ratio", "Now to it", ColumnType::number, "", "the running cycle's figure by this one's"}};
  std::vector<std::vector<Cell>> rows;
  for (const Cycle& cycle : course.before) {
    const auto was = figure(course, cycle, course.now.first, course.now.last);
    if (was) past.push_back(*was);
    rows.push_back(
        {cycle.release, cycle.at, was ? Cell(*was) : Cell(), is && was && *was > 0 ? Cell(*is / *was) : Cell()});
  }
  rows.push_back({course.now.release, course.now.at, is ? Cell(*is) : Cell(), Cell()});
  result.rows = std::move(rows);
  result.sample_size = static_cast<std::int64_t>(past.size());
  if (!is) {
    result.claim = fmt::format("Nothing is known of {} {}.", series.what, weeks_text(course));
    return;
  }
  // "74 %", then "of issues …".
  const std::string_view what = std::string_view(series.what).substr(series.what.starts_with("share of ") ? 6 : 0);
  result.claim = fmt::format("{} {} {}", figure_text(series, *is), what, weeks_text(course));
  if (past.empty()) {
    result.claim += "; of no cycle before are the same weeks known.";
    return;
  }
  std::sort(past.begin(), past.end());
  const auto n = static_cast<double>(past.size());
  const double least = past.front(), most = past.back();  // quantile() puts them in another order
  const char* how = *is > most    ? "more than in each of them"
                    : *is < least ? "less than in each of them"
                                  : "within their band";
  if (past.size() == 1)
    result.claim += fmt::format("; in the cycle before {}.", figure_text(series, past[0]));
  else
    result.claim +=
        fmt::format("; in the {} cycles before {} to {}, median {}: {}.", past.size(), figure_text(series, least),
                    figure_text(series, most), figure_text(series, *stats::quantile(past, 0.5)), how);
  if (past.size() < 2) return;
  result.uncertainty = fmt::format(
      "If this cycle is like the {} before, its figure lies outside their band by chance with probability {:.2f}, and "
      "of single weeks as many do.",
      past.size(), 2 / (n + 1));
}

Result weeks_of(const Context& context, const Course& course, const Result& table) {
  Result weeks = context.result("cycle_weeks", fmt::format("Week by week: {}", course.series.what), table.question);
  weeks.claim = table.claim, weeks.definition = table.definition, weeks.method = table.method;
  weeks.uncertainty = table.uncertainty;
  weeks.columns = {{"week", "Week", ColumnType::integer, "", "from the point; 0 begins at it"},
                   {"now", "Now", ColumnType::number},
                   {"median", "Median before", ColumnType::number},
                   {"low", "Least", ColumnType::number},
                   {"high", "Most", ColumnType::number},
                   {"cycles", "Cycles", ColumnType::integer, "", "before, of which this week is known"}};
  weeks.chart = {Chart::Kind::line, "week", {"median", "now"}, "", "low", "high", course.series.what};
  // Beside the running cycle's weeks those that are to come, as far as most cycles before know them.
  std::int64_t last = course.now.last;
  for (const Cycle& cycle : course.before) last = std::max(last, cycle.last);
  const auto shown = [&](double value) { return course.series.fold == Fold::wait ? value / kDay : value; };
  if (course.series.fold == Fold::wait) weeks.chart.y_label = "median days to first response";
  for (std::int64_t week = course.now.first; week < last; ++week) {
    std::vector<double> past;
    for (const Cycle& cycle : course.before)
      if (week >= cycle.first && week < cycle.last)
        if (const auto was = figure(course, cycle, week, week + 1)) past.push_back(shown(*was));
    const auto is = week < course.now.last ? figure(course, course.now, week, week + 1) : std::nullopt;
    if (!is && past.empty()) continue;
    const auto [least, most] = std::minmax_element(past.begin(), past.end());
    const Cell low = past.empty() ? Cell() : Cell(*least), high = past.empty() ? Cell() : Cell(*most);
    const auto median = stats::quantile(past, 0.5);
    weeks.rows.push_back({week, is ? Cell(shown(*is)) : Cell(), median ? Cell(*median) : Cell(), low, high,
                          static_cast<std::int64_t>(past.size())});
  }
  weeks.sample_size = static_cast<std::int64_t>(weeks.rows.size());
  return weeks;
}

// Which cycle is the running one, and those before it.
bool choose_cycles(const CycleMarks& marks, std::int64_t weeks_before, std::int64_t weeks_after, std::int64_t most,
                   Course& course) {
  const Series& series = course.series;
  std::vector<CycleMark> past = marks.past;
  // A point ahead counts as soon as the weeks before it have begun.
  const Timestamp reach = weeks_before * kWeek;
  if (!marks.ahead.empty() && marks.ahead.front().at - reach + kWeek <= series.until) {
    course.now = {marks.ahead.front().release, marks.ahead.front().at, 0, 0};
    course.is_ahead = true;
  } else if (!past.empty()) {
    course.now = {past.back().release, past.back().at, 0, 0};
    past.pop_back();
  } else {
    return false;
  }
  course.now.first = -weeks_before;
  const auto known = static_cast<std::int64_t>(std::floor(static_cast<double>(series.until - course.now.at) / kWeek));
  course.now.last = std::clamp(known, course.now.first, weeks_after);
  if (course.is_ahead) course.now.last = std::min<std::int64_t>(course.now.last, 0);
  for (std::size_t i = past.size(); i-- > 0 && static_cast<std::int64_t>(course.before.size()) < most;) {
    Cycle cycle{past[i].release, past[i].at, -weeks_before, weeks_after};
    const Timestamp next = i + 1 < past.size() ? past[i + 1].at : course.now.at;
    // A cycle lasts until the next point; the weeks before that one are the next one's.
    cycle.last = std::min(weeks_after, std::max<std::int64_t>(0, (next - cycle.at) / kWeek));
    const bool is_known = cycle.at + cycle.first * kWeek >= series.begin && cycle.last >= course.now.last;
    if (is_known)
      course.before.push_back(std::move(cycle));
    else
      ++course.left_out;
  }
  std::reverse(course.before.begin(), course.before.end());
  return true;
}

}  // namespace

std::vector<Result> cycle_course(const Context& context) {
  Course course;
  const std::string point = context.choice("align", {"release", "candidate", "beta", "branch"});
  for (const auto each : {CyclePoint::branch, CyclePoint::beta, CyclePoint::candidate, CyclePoint::release})
    if (point == name_of(each)) course.point = each;
  const std::int64_t most = context.whole_number("last", 5, 1, 50), before = context.whole_number("before", 0, 0, 260),
                     after = context.whole_number("after", 52, 1, 520);
  const auto schedule = read_stages(context.argument("schedule"));
  course.series = load_series(context, context.argument("of", "commits"));
  const CycleMarks marks = cycle_marks(context, course.point, schedule);
  Result table = context.result("cycle_course", fmt::format("At the same point of the cycle: {}", course.series.what),
                                "Is it as in the same weeks of the cycles before?");
  table.definition = fmt::format(
      "{}, in weeks of seven days counted from the point ({}) of each cycle, which lasts until the next such point; of "
      "the last {} before the running one. Median, least and most: of those cycles.",
      course.series.what, name_of(course.point), most);
  table.definition[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(table.definition[0])));
  if (course.series.fold == Fold::wait)
    table.definition +=
        " By Kaplan–Meier: what waits counts as far as it has waited, and what was closed without an answer until "
        "then. Commands to machines alone (\"/retest\") are no responses.";
  table.method = fmt::format("Points: {}.", marks.origin.empty() ? "none" : marks.origin);
  table.evidence.push_back({"Tags and their moments",
                            fmt::format("SELECT name, tagged_at FROM git_ref WHERE project_id = {} AND name LIKE "
                                        "'refs/tags/%' AND tagged_at <= {} ORDER BY tagged_at",
                                        context.project_id, context.as_of),
                            {}});
  if (course.series.marks.empty()) {
    table.claim = fmt::format("Nothing is known of {}.", course.series.what);
    return {std::move(table)};
  }
  if (!choose_cycles(marks, before, after, most, course)) {
    table.claim = fmt::format("No {} of a release is known, so there are no cycles to compare.", point);
    table.notes.push_back(
        "They come from tags (v3.15.0b1, v3.15.0rc1, v3.15.0; release_tags says which are releases), for --align "
        "branch "
        "from branches (3.15, release/3.15, 3.15.x), from the configuration's releases (\"3.15 beta 1\"), or from "
        "--schedule.");
    return {std::move(table)};
  }
  if (course.left_out > 0)
    table.notes.push_back(fmt::format("{} left out: not all of these weeks are known of {}.",
                                      plural(static_cast<long long>(course.left_out), "cycle is", "cycles are"),
                                      course.left_out == 1 ? "it" : "them"));
  if (course.now.last <= course.now.first) {
    table.claim = fmt::format("No whole week is known yet since {} of {}.", point, one_line(course.now.release));
    return {std::move(table)};
  }
  make_claim(course, table);
  Result weeks = weeks_of(context, course, table);
  return {std::move(table), std::move(weeks)};
}

}  // namespace resident
