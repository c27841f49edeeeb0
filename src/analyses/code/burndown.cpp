// `burndown`: how many lines stood at the beginning of each month, by when, where or by
// whom they were written: how the code grew, and how fast what was written goes again.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <map>
#include <model/lines.hpp>

namespace resident {

namespace {

constexpr int kMostPoints = 130;  // as many as a picture shows well

// Lines of a cohort at the beginnings of months: changes from one to the next.
struct Cohort {
  std::string name;
  std::map<int, std::int64_t> change;
  std::vector<std::int64_t> at_point = {};
  std::int64_t peak() const { return *std::max_element(at_point.begin(), at_point.end()); }
};

struct History {
  LineMoment moment;
  // Points are beginnings of months; the last is one more: the moment itself, where
  // that is not one.
  int first_month = kStanding, last_point = 0;
  std::map<std::pair<std::int64_t, std::string>, Cohort> cohorts;
  std::map<int, std::int64_t> kept;  // of what stands, by the month it was written in
  std::int64_t lines = 0, standing = 0, unknown = 0;
  std::int64_t year_ago = 0, year_ago_kept = 0;
};

History read(const Context& context, const People& people, ModuleMap& map, const PathFilter& filter,
             const std::string& by) {
  History history;
  history.moment = line_moment(context);
  // What was written in month b and went in month d stood at the beginnings of b+1 to d.
  history.last_point = history.moment.is_newest ? history.moment.month + 1 : history.moment.month;
  const int year_ago = history.moment.month - 12;
  each_lines(context, people, history.moment, true, [&](const Lines& lines) {
    if (!filter.counts(lines.path_id)) return;
    if (!lines.has_origin) {
      history.unknown += lines.died_month == kStanding ? lines.count : 0;
      return;
    }
    std::pair<std::int64_t, std::string> key;
    if (by == "year") key.first = lines.born_month / 12;
    if (by == "module") key.second = map.module_of(lines.path_id);
    if (by == "author") key.first = lines.person;
    Cohort& cohort = history.cohorts[key];
    cohort.change[lines.born_month + 1] += lines.count;
    if (lines.died_month != kStanding) cohort.change[lines.died_month + 1] -= lines.count;
    history.first_month = std::min(history.first_month, lines.born_month);
    history.lines += lines.count;
    if (lines.died_month == kStanding) history.standing += lines.count;
    if (lines.born_month < year_ago && lines.died_month >= year_ago) {
      history.year_ago += lines.count;
      if (lines.died_month == kStanding) history.year_ago_kept += lines.count;
    }
  });
  for (auto& [key, cohort] : history.cohorts)
    cohort.name = by == "year"     ? std::to_string(key.first)
                  : by == "module" ? key.second
                  : key.first == 0 ? "(unknown)"
                                   : people.name(key.first);
  return history;
}

// How many months lie between points.
int step_of(const std::string& every, int months) {
  if (every == "auto") return months <= kMostPoints ? 1 : months <= 3 * kMostPoints ? 3 : 12;
  return every == "month" ? 1 : every == "quarter" ? 3 : 12;
}

std::vector<int> points_of(const History& history, int step) {
  std::vector<int> points;
  const int first = history.first_month / step * step;
  for (int month = first; month < history.last_point; month += step) points.push_back(month);
  points.push_back(history.last_point);
  return points;
}

void sum_up(Cohort& cohort, const std::vector<int>& points) {
  std::int64_t lines = 0;
  auto change = cohort.change.begin();
  for (const int point : points) {
    for (; change != cohort.change.end() && change->first <= point; ++change) lines += change->second;
    cohort.at_point.push_back(lines);
  }
}

void merge(Cohort& into, const Cohort& from) {
  if (into.at_point.empty()) into.at_point.resize(from.at_point.size());
  for (std::size_t i = 0; i < from.at_point.size(); ++i) into.at_point[i] += from.at_point[i];
}

// Years in bands of equal length, at most `top` of them, oldest first.
std::vector<Cohort> bands(const History& history, int top) {
  const auto first = static_cast<int>(history.cohorts.begin()->first.first);
  const auto last = static_cast<int>(history.cohorts.rbegin()->first.first);
  const int length = (last - first) / top + 1;
  std::vector<Cohort> result;
  for (int year = first; year <= last; year += length) {
    const int end = std::min(year + length - 1, last);
    Cohort band{end == year ? std::to_string(year) : fmt::format("{}–{}", year, end), {}};
    for (const auto& [key, cohort] : history.cohorts)
      if (key.first >= year && key.first <= end) merge(band, cohort);
    if (!band.at_point.empty()) result.push_back(std::move(band));
  }
  return result;
}

// The cohorts that were once the largest, and all others as one.
std::vector<Cohort> largest(const History& history, int top) {
  std::vector<Cohort> result;
  for (const auto& [key, cohort] : history.cohorts) result.push_back(cohort);
  std::stable_sort(result.begin(), result.end(), [](const Cohort& a, const Cohort& b) { return a.peak() > b.peak(); });
  if (result.size() <= static_cast<std::size_t>(top) + 1) return result;
  Cohort others{fmt::format("{} others", result.size() - static_cast<std::size_t>(top)), {}};
  for (std::size_t i = static_cast<std::size_t>(top); i < result.size(); ++i) merge(others, result[i]);
  result.resize(static_cast<std::size_t>(top));
  result.push_back(std::move(others));
  return result;
}

std::string claim(const History& history, const std::string& of) {
  const std::string stand =
      fmt::format("{} stood{} on {}", plural(history.standing, "line"), of, history.moment.text());
  const std::string written =
      format_cell(static_cast<double>(history.standing) / static_cast<double>(std::max<std::int64_t>(1, history.lines)),
                  ColumnType::share);
  std::string text = fmt::format("{}, {} of all that were ever written", stand, written);
  if (history.year_ago > 0)
    text += fmt::format("; of the {} that stood on {}, {} still did", with_thousands(history.year_ago),
                        format_date(start_of_month_number(history.moment.month - 12)),
                        format_cell(static_cast<double>(history.year_ago_kept) / static_cast<double>(history.year_ago),
                                    ColumnType::share));
  return text + ".";
}

std::vector<Result> analyse_burndown(const Context& context) {
  const std::string by = context.choice("by", {"year", "module", "author"});
  const auto top = static_cast<int>(context.whole_number("top", by == "year" ? 12 : 8, 1, 100));
  const std::string every = context.choice("every", {"auto", "month", "quarter", "year"});
  Result result = context.result("burndown", "Lines standing, by " + (by == "year" ? "year written" : by),
                                 "How did the code grow, and how much of what was written is still there?");
  result.columns = {{"date", "Date", ColumnType::date},
                    {"cohort", by == "year"     ? "Written in"
                               : by == "module" ? "Module"
                                                : "Author"},
                    {"lines", "Lines", ColumnType::integer, "lines", "that stood then"}};
  result.chart = {Chart::Kind::area, "date", {"lines"}, "cohort", "", "", "lines that stand"};
  result.definition = fmt::format("{} Lines that stood at the beginning of a month, by {}.", kLineDefinition,
                                  by == "year"     ? "the year they were written in"
                                  : by == "module" ? "module"
                                                   : "who wrote them");
  if (const std::string why = why_no_lines(context); !why.empty()) {
    result.claim = why;
    return {std::move(result)};
  }
  const People people = load_people(context);
  ModuleMap map(context);
  const PathFilter filter(context, map);
  History history = read(context, people, map, filter, by);
  const int step = step_of(every, history.last_point - std::min(history.first_month, history.last_point));
  if (history.cohorts.empty()) {
    result.claim = fmt::format("No line{} stood on {}.", filter.text(), history.moment.text());
    return {std::move(result)};
  }
  const auto points = points_of(history, step);
  for (auto& [key, cohort] : history.cohorts) sum_up(cohort, points);
  const auto shown = by == "year" ? bands(history, top) : largest(history, top);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool is_last = i + 1 == points.size();
    const Timestamp date = is_last ? history.moment.at : start_of_month_number(points[i]);
    // A newest moment that is itself the beginning of a month would be told twice.
    if (!is_last && date >= history.moment.at) continue;
    for (const auto& cohort : shown) result.rows.push_back({date, cohort.name, cohort.at_point[i]});
  }
  result.sample_size = history.lines;
  result.claim = claim(history, filter.text());
  result.method = line_method(history.moment) + " Each month from the month lines were written in and removed in." +
                  (by == "year" ? "" : " The largest cohorts are those that once had most lines.");
  result.evidence.push_back(
      {"Lines removed, by month written and removed",
       fmt::format("SELECT born_month / 12 AS written, died_month / 12 AS removed, sum(lines) AS lines FROM line_death "
                   "WHERE project_id = {} AND died_month {} {} GROUP BY born_month / 12, died_month / 12 ORDER BY 1, 2",
                   context.project_id, history.moment.is_newest ? "<=" : "<", history.moment.month),
       {}});
  if (history.unknown > 0)
    result.coverage += fmt::format("{}{} of unknown origin and left out", result.coverage.empty() ? "" : "; ",
                                   plural(history.unknown, "line is", "lines are"));
  return {std::move(result)};
}

}  // namespace

extern const Analysis burndown_analysis;
const Analysis burndown_analysis{
    "burndown",
    "Lines standing",
    "How did the code grow, and how much of what was written is still there?",
    {{"by", "WHAT", "year (of writing), module or author; year without it"},
     {"module", "MODULE", "Only this module"},
     {"path", "PATH", "Only this file or folder"},
     {"every", "STEP", "month, quarter or year; without it as a picture shows well"},
     {"top", "N", "So many cohorts: years in bands (12), the largest modules or authors and all others as one (8)"}},
    analyse_burndown,
    {groups::kCode, "Lines standing over time, by year of writing, module or author",
     "Example: resident burndown --by year --every quarter --format csv"},
    {{"modules", 50}}};

}  // namespace resident
