// `survival`: how long lines live, by when, where or by whom they were written. Lines
// that still stand are censored, not left out; lines of one file share their fate, so
// the intervals count files, not lines.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <cmath>
#include <map>
#include <model/lines.hpp>
#include <stats/clustered_survival.hpp>

namespace resident {

namespace {

constexpr int kHorizons[] = {1, 2, 5};  // years
constexpr std::size_t kMostCurves = 5;  // beside the one of all

using stats::ClusteredCurve;
using stats::GroupedObservation;

struct Cohort {
  std::string name;
  std::vector<GroupedObservation> observations = {};
  ClusteredCurve curve = {};
  std::int64_t lines() const { return curve.curve.n; }
};

struct Data {
  LineMoment moment;
  Cohort all{"all"};
  std::vector<Cohort> cohorts;
  std::int64_t unknown = 0, first_month_lines = 0;
  int first_month = kStanding;
};

Data read(const Context& context, const People& people, ModuleMap& map, const PathFilter& filter,
          const std::string& by) {
  Data data;
  data.moment = line_moment(context, true);
  std::map<std::pair<std::int64_t, std::string>, Cohort> cohorts;
  each_lines(context, people, data.moment, true, [&](const Lines& lines) {
    if (!filter.counts(lines.path_id)) return;
    if (!lines.has_origin) {
      data.unknown += lines.count;
      return;
    }
    std::pair<std::int64_t, std::string> key;
    if (by == "year") key.first = lines.born_month / 12;
    if (by == "module") key.second = map.module_of(lines.path_id);
    if (by == "author") key.first = lines.person;
    const bool died = lines.died_month != kStanding;
    // What stands has lived through all whole months after the one it was written in.
    const int time = (died ? lines.died_month : data.moment.month - 1) - lines.born_month;
    const GroupedObservation observation{lines.path_id, std::max(0, time), died, lines.count};
    cohorts[key].observations.push_back(observation);
    data.all.observations.push_back(observation);
    if (lines.born_month < data.first_month) data.first_month = lines.born_month, data.first_month_lines = 0;
    if (lines.born_month == data.first_month) data.first_month_lines += lines.count;
  });
  data.all.curve = stats::clustered_kaplan_meier(std::move(data.all.observations));
  for (auto& [key, cohort] : cohorts) {
    cohort.name = by == "year"     ? std::to_string(key.first)
                  : by == "module" ? key.second
                  : key.first == 0 ? "(unknown)"
                                   : people.name(key.first);
    cohort.curve = stats::clustered_kaplan_meier(std::move(cohort.observations));
    data.cohorts.push_back(std::move(cohort));
  }
  if (by != "year")
    std::stable_sort(data.cohorts.begin(), data.cohorts.end(),
                     [](const Cohort& a, const Cohort& b) { return a.lines() > b.lines(); });
  return data;
}

Cell years(const std::optional<double>& months) {
  return months ? Cell(*months / 12) : Cell();
}

// Share that stands after some years with its interval; nothing where none was observed so long.
void add_share(std::vector<Cell>& row, const ClusteredCurve& curve, int after) {
  const int month = 12 * after;
  if (curve.longest < month) {
    row.insert(row.end(), {Cell(), Cell(), Cell()});
    return;
  }
  const auto* point = curve.point_at(month);
  row.push_back(point ? point->survival : 1.0);
  row.push_back(point && point->low ? Cell(*point->low) : Cell());
  row.push_back(point && point->high ? Cell(*point->high) : Cell());
}

std::vector<Column> summary_columns(const std::string& by) {
  std::vector<Column> columns{
      {by, by == "year"     ? "Written in"
           : by == "module" ? "Module"
                            : "Author"},
      {"lines", "Lines", ColumnType::integer, "lines", "ever written"},
      {"removed", "Removed", ColumnType::integer, "lines"},
      {"standing", "Standing", ColumnType::integer, "lines", "censored: known only to have lived until now"},
      {"files", "Files", ColumnType::integer, "files", "each is one unit of the intervals"},
      {"median", "Median life", ColumnType::number, "years", "by then half were gone; none: not yet observed"},
      {"low", "Low", ColumnType::number, "years", "lower bound of the median, 95 %"},
      {"high", "High", ColumnType::number, "years", "upper bound of the median, 95 %; none: not observed yet"}};
  for (const int after : kHorizons) {
    const std::string name = fmt::format("after_{}", after);
    columns.push_back({name, fmt::format("Alive, {} y", after), ColumnType::share});
    columns.push_back({name + "_low", "Low", ColumnType::share, "", "95 %", "", after != 1});
    columns.push_back({name + "_high", "High", ColumnType::share, "", "95 %", "", after != 1});
  }
  columns.push_back({"design_effect", "Design effect", ColumnType::number, "",
                     "how much larger the variance at one year is than of as many independent lines", "", true});
  columns.push_back({"effective_files", "Effective files", ColumnType::number, "files",
                     "files of equal size that would tell as much", "", true});
  return columns;
}

std::vector<Cell> summary_row(const Cohort& cohort) {
  const auto& curve = cohort.curve.curve;
  const auto median = stats::median_time(curve);
  std::vector<Cell> row{
      cohort.name,         curve.n,           curve.happened,    curve.n - curve.happened, cohort.curve.clusters,
      years(median.value), years(median.low), years(median.high)};
  for (const int after : kHorizons) add_share(row, cohort.curve, after);
  const auto* point = cohort.curve.point_at(12);
  const double effect = point ? cohort.curve.design_effect[static_cast<std::size_t>(point - curve.points.data())] : 0;
  row.push_back(effect > 0 ? Cell(effect) : Cell());
  row.push_back(cohort.curve.effective_clusters);
  return row;
}

// To where fewer than a tenth are still at risk, as the rest is more noise than figure
// (S. J. Pocock, T. C. Clayton, D. G. Altman, Lancet 359, 2002).
void add_curve(Result& result, const Cohort& cohort) {
  const auto& points = cohort.curve.curve.points;
  result.rows.push_back({cohort.name, 0.0, 1.0, 1.0, 1.0, cohort.lines()});
  for (const auto& point : points) {
    result.rows.push_back({cohort.name, point.time / 12, point.survival, point.low ? Cell(*point.low) : Cell(),
                           point.high ? Cell(*point.high) : Cell(), point.at_risk});
    if (point.at_risk * 10 < cohort.lines()) break;
  }
}

// All, and some cohorts with enough behind them to draw: the largest, or years evenly spread.
std::vector<const Cohort*> drawn(const Data& data, const std::string& by) {
  std::vector<const Cohort*> able, result{&data.all};
  for (const auto& cohort : data.cohorts)
    if (cohort.curve.effective_clusters >= stats::kFewestClusters && cohort.curve.longest >= 12)
      able.push_back(&cohort);
  if (by != "year" || able.size() <= kMostCurves) {
    able.resize(std::min(able.size(), kMostCurves));
    result.insert(result.end(), able.begin(), able.end());
    return result;
  }
  for (std::size_t i = 0; i < kMostCurves; ++i) result.push_back(able[i * (able.size() - 1) / (kMostCurves - 1)]);
  return result;
}

std::string claim(const Data& data, const std::string& of) {
  const auto& curve = data.all.curve;
  const auto median = stats::median_time(curve.curve);
  const auto as_years = [](const std::optional<double>& months) {
    return months ? fmt::format("{:.1f}", *months / 12) : std::string("an unknown number");
  };
  std::string text;
  if (median.value) {
    text = fmt::format("Half of the lines{} were gone {} years after they were written", of, as_years(median.value));
    if (median.low && median.high)
      text += fmt::format(" (95 % interval {} to {})", as_years(median.low), as_years(median.high));
    else if (median.low)
      text += fmt::format(" (95 % interval from {}; its end has not been seen yet)", as_years(median.low));
  } else {
    const double least = curve.curve.points.empty() ? 1 : curve.curve.points.back().survival;
    text = fmt::format("More than half of the lines{} outlive what has been observed ({} stand after {:.1f} years)", of,
                       format_cell(least, ColumnType::share), curve.longest / 12.0);
  }
  if (const auto* point = curve.point_at(12); point && curve.longest >= 12)
    text += fmt::format("; {} stand after a year", format_cell(point->survival, ColumnType::share));
  return text + ".";
}

std::vector<Result> analyse_survival(const Context& context) {
  const std::string by = context.choice("by", {"year", "module", "author"});
  const auto top = static_cast<std::size_t>(context.whole_number("top", 50, 0, 1'000'000));
  Result summary = context.result("survival", "Survival of lines, by " + (by == "year" ? "year written" : by),
                                  "How long do lines live?");
  Result curve = context.result("survival_curve", "Survival of lines: by when", "How long do lines live?");
  summary.columns = summary_columns(by);
  curve.columns = {summary.columns[0],
                   {"years", "Years", ColumnType::number, "years", "since they were written"},
                   {"alive", "Alive", ColumnType::share, "", "share that stands after so long, S(t)"},
                   {"low", "Low", ColumnType::share, "", "95 %, pointwise"},
                   {"high", "High", ColumnType::share, "", "95 %, pointwise"},
                   {"at_risk", "At risk", ColumnType::integer, "lines", "that stood just before"}};
  curve.chart = {Chart::Kind::step, "years", {"alive"}, by, "low", "high", "lines that stand"};
  summary.definition = fmt::format(
      "{} The life of a line: whole months from the month it was written in to the one it was removed or rewritten in. "
      "Lines that came with the first commit count from then, whatever their age; lines of unknown origin are left "
      "out.",
      kLineDefinition);
  if (const std::string why = why_no_lines(context); !why.empty()) {
    summary.claim = why;
    return {std::move(summary)};
  }
  const People people = load_people(context);
  ModuleMap map(context);
  const PathFilter filter(context, map);
  const Data data = read(context, people, map, filter, by);
  summary.method = fmt::format(
      "Kaplan–Meier with right censoring, of whole months, until {} (a running month is left out); a line that stands "
      "is censored at the last whole month. Months of birth and of death are rounded alike: lives are right on "
      "average, each within a month. Intervals: log–log, with the variance of the linearized estimate summed by file "
      "(R. L. Williams, Lifetime Data Analysis 1, 1995), as lines go in hunks and with their files, and Student's t "
      "for as many files of equal size as would tell as much (L. Kish); median by Brookmeyer and Crowley. Where that "
      "are fewer than {} there are none.",
      data.moment.text(), stats::kFewestClusters);
  summary.uncertainty =
      "95 % intervals take each file as one independent unit. Changes that sweep over many files at once, or that "
      "rename one, still make them somewhat too narrow; a bound that is missing is beyond what has been observed, or "
      "would rest on too few files.";
  summary.sample_size = data.all.lines();
  if (data.unknown > 0)
    summary.coverage += fmt::format("{}{} of unknown origin and left out", summary.coverage.empty() ? "" : "; ",
                                    plural(data.unknown, "line is", "lines are"));
  if (data.all.lines() == 0) {
    summary.claim = fmt::format("No line{} was written before {}.", filter.text(), data.moment.text());
    return {std::move(summary)};
  }
  summary.evidence.push_back(
      {"Lines removed, by months they lived",
       fmt::format("SELECT died_month - born_month AS months, sum(lines) AS lines FROM line_death WHERE project_id = "
                   "{} AND died_month < {} GROUP BY died_month - born_month ORDER BY 1",
                   context.project_id, data.moment.month),
       {}});
  summary.rows.push_back(summary_row(data.all));
  for (const auto& cohort : data.cohorts) {
    if (top != 0 && summary.rows.size() > top) {
      summary.notes.push_back(fmt::format("The first {} of {}; --top 0 shows all.", top,
                                          with_thousands(static_cast<long long>(data.cohorts.size()))));
      break;
    }
    summary.rows.push_back(summary_row(cohort));
  }
  summary.claim = claim(data, filter.text());
  const double first = static_cast<double>(data.first_month_lines) / static_cast<double>(data.all.lines());
  if (first >= 0.05)
    summary.notes.push_back(fmt::format(
        "{} of the lines came in the first month, {}: an import of older code lives longer than it seems here.",
        format_cell(first, ColumnType::share), format_month(start_of_month_number(data.first_month))));
  for (const Cohort* cohort : drawn(data, by)) add_curve(curve, *cohort);
  curve.claim = summary.claim;
  curve.definition = summary.definition;
  curve.method = summary.method;
  curve.uncertainty = summary.uncertainty;
  curve.coverage = summary.coverage;
  curve.sample_size = summary.sample_size;
  curve.evidence = summary.evidence;
  return {std::move(summary), std::move(curve)};
}

}  // namespace

extern const Analysis survival_analysis;
const Analysis survival_analysis{
    "survival",
    "Survival of lines",
    "How long do lines live?",
    {{"by", "WHAT", "year (of writing), module or author; year without it"},
     {"module", "MODULE", "Only this module"},
     {"path", "PATH", "Only this file or folder"},
     {"top", "N", "Rows to show beside the first, of all; 50 without it, 0: all"}},
    analyse_survival,
    {groups::kCode, "How long lines live, by when, where or by whom they were written",
     "Kaplan–Meier estimates with intervals that take each file as one unit.\nExample: resident survival --by module"},
    {{"modules", 60, {{"top", "15"}}}}};

}  // namespace resident
