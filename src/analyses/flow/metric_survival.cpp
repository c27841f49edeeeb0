// From (group, seconds, happened) to Results: what the query of a survival metric
// gives becomes a summary with medians, a curve, or medians by period.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/metrics.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <map>
#include <stats/intervals.hpp>
#include <stats/quantile.hpp>
#include <stats/survival.hpp>

namespace resident {

namespace {

constexpr const char* kMethod =
    " Kaplan–Meier estimate with right censoring; the median is the first time at which the estimate is a half or "
    "less. "
    "95 % intervals: log–log transformed Greenwood variance, for the median by Brookmeyer and Crowley; medians of "
    "those alone "
    "to whom it happened: between order statistics (binomial), without an assumption on the distribution.";
constexpr const char* kUncertainty =
    "95 % intervals stand beside each median; a bound that is missing is beyond what has been observed.";

using Key = std::pair<std::int64_t, std::string>;  // period (0 without), group

struct Observed {
  std::map<Key, std::vector<stats::Observation>> groups;
  std::int64_t backwards = 0;  // left out

  // Says what is left out, once a figure.
  void note(Result& result) const {
    if (backwards == 0) return;
    result.notes.push_back(
        fmt::format("{} left out: {} dated before the opening, as imported items and clocks that differ make it.",
                    plural(backwards, "time is", "times are"), backwards == 1 ? "it is" : "they are"));
  }
};

Observed observations(const Metric& metric, const Context& context) {
  const std::size_t before = metric.columns.size();
  Observed observed;
  const auto rows = context.database.query(metric_query(metric, context), context.parameters());
  if (rows->column_count() < before + 2)
    throw Error(ErrorKind::usage, fmt::format("{}: the query must give {}group, seconds, happened", metric.file,
                                              before == 2 ? "period, " : ""));
  // Groups are few, and neighbours are mostly of the same ones: those met last stand first.
  struct Met {
    std::int64_t period;
    std::string_view group;
    std::vector<stats::Observation>* list;
  };
  std::vector<Met> met;
  const auto list_of = [&](std::int64_t period, std::string_view group) -> std::vector<stats::Observation>& {
    const auto found = std::find_if(met.begin(), met.end(),
                                    [&](const Met& each) { return each.period == period && each.group == group; });
    if (found == met.end()) {
      const auto entry = observed.groups.try_emplace({period, std::string(group)}).first;
      met.insert(met.begin(), {period, entry->first.second, &entry->second});
    } else {
      std::rotate(met.begin(), found, found + 1);
    }
    return *met.front().list;
  };
  while (rows->next()) {
    if (rows->is_null(before) || rows->is_null(before + 1))
      throw Error(ErrorKind::usage, fmt::format("{}: the query gives null for seconds or happened", metric.file));
    const std::int64_t period = before == 2 ? rows->integer(0) : 0;
    if (rows->number(before) < 0) {
      ++observed.backwards;
      continue;
    }
    list_of(period, rows->text(before - 1)).push_back({rows->number(before), rows->integer(before + 1) != 0});
  }
  return observed;
}

Cell cell(const std::optional<double>& number) {
  return number ? Cell(*number) : Cell();
}

// The figures that a summary and a period have in common.
std::vector<Column> figure_columns(const Metric& metric) {
  return {{"n", "Items", ColumnType::integer},
          {"happened", metric.happened, ColumnType::integer},
          {"censored", "Not yet", ColumnType::integer, "", "censored: known only not to have had it until then"},
          {"median", "Median", ColumnType::duration, "", "Kaplan–Meier: by then it had happened to half of all"},
          {"low", "Low", ColumnType::duration, "", "lower bound of the median, 95 %"},
          {"high", "High", ColumnType::duration, "", "upper bound of the median, 95 %; none: not observed yet"},
          {"median_happened", fmt::format("Median, {} only", to_lower(metric.happened)), ColumnType::duration, "",
           "variant: median of those to whom it happened, which leaves out the waiting of all others"},
          {"happened_low", "Low, variant", ColumnType::duration, "", "lower bound of the variant, 95 %", "", true},
          {"happened_high", "High, variant", ColumnType::duration, "", "upper bound of the variant, 95 %", "", true}};
}

void add_figures(std::vector<Cell>& row, const std::vector<stats::Observation>& list,
                 const stats::SurvivalCurve& curve) {
  std::vector<double> happened;
  for (const auto& each : list)
    if (each.happened) happened.push_back(each.time);
  const auto median = stats::median_time(curve);
  const auto plain = stats::quantile(happened, 0.5);
  const auto interval = stats::median_interval(happened);
  row.insert(row.end(), {curve.n, curve.happened, curve.n - curve.happened, cell(median.value), cell(median.low),
                         cell(median.high), cell(plain), interval ? Cell(interval->low) : Cell(),
                         interval ? Cell(interval->high) : Cell()});
}

// Rows of the curve: thinned to about 100 steps of equal height, and ended where
// fewer than a tenth are still at risk, as the rest is more noise than figure
// (S. J. Pocock, T. C. Clayton, D. G. Altman, Lancet 359, 2002).
void add_curve(Result& result, const std::string& group, const stats::SurvivalCurve& curve) {
  result.rows.push_back({group, 0.0, 0.0, 0.0, 0.0, curve.n});
  double last = 0;
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const auto& point = curve.points[i];
    const bool is_last = i + 1 == curve.points.size() || curve.points[i + 1].at_risk * 10 < curve.n;
    const double share = 1 - point.survival;
    if (is_last || share - last >= 0.01) {
      result.rows.push_back({group, point.time, share, point.high ? Cell(1 - *point.high) : Cell(),
                             point.low ? Cell(1 - *point.low) : Cell(), point.at_risk});
      last = share;
    }
    if (is_last) break;
  }
}

}  // namespace

std::vector<Result> survival_results(const Metric& metric, const Context& context) {
  Result summary = metric_result(metric, context);
  Result curve = metric_result(metric, context);
  summary.columns = {metric.columns[0]};
  const auto figures = figure_columns(metric);
  summary.columns.insert(summary.columns.end(), figures.begin(), figures.end());
  curve.name += "_curve";
  curve.title += ": by when";
  curve.columns = {metric.columns[0],
                   {"time", "Time", ColumnType::duration},
                   {"share", metric.happened, ColumnType::share, "", "share to whom it has happened by then, 1 - S(t)"},
                   {"low", "Low", ColumnType::share, "", "95 %, pointwise"},
                   {"high", "High", ColumnType::share, "", "95 %, pointwise"},
                   {"at_risk", "At risk", ColumnType::integer, "", "still without it just before that time"}};
  curve.chart = {Chart::Kind::step, "time", {"share"}, metric.columns[0].name, "low", "high", metric.happened};
  const Observed observed = observations(metric, context);
  for (const auto& [key, list] : observed.groups) {
    const auto estimate = stats::kaplan_meier(list);
    std::vector<Cell> row{key.second};
    add_figures(row, list, estimate);
    summary.rows.push_back(std::move(row));
    add_curve(curve, key.second, estimate);
  }
  for (Result* each : {&summary, &curve}) {
    observed.note(*each);
    each->method += kMethod;
    each->uncertainty =
        metric.uncertainty.empty() ? kUncertainty : fmt::format("{} {}", kUncertainty, metric.uncertainty);
  }
  const Cell size = metric_figure(metric.sample.empty() ? "sum:n" : metric.sample, summary);
  const auto* whole = std::get_if<std::int64_t>(&size);
  summary.sample_size = curve.sample_size = whole ? *whole : 0;
  curve.claim = summary.claim = metric_claim(metric, summary);
  return {std::move(summary), std::move(curve)};
}

Result survival_by_period_result(const Metric& metric, const Context& context) {
  Result result = metric_result(metric, context);
  result.columns = metric.columns;
  const auto figures = figure_columns(metric);
  result.columns.insert(result.columns.end(), figures.begin(), figures.end());
  result.chart = {Chart::Kind::line, metric.columns[0].name, {"median"}, metric.columns[1].name, "low", "high",
                  "median"};
  std::int64_t total = 0;
  const Observed observed = observations(metric, context);
  observed.note(result);
  for (const auto& [key, list] : observed.groups) {
    std::vector<Cell> row{key.first, key.second};
    add_figures(row, list, stats::kaplan_meier(list));
    result.rows.push_back(std::move(row));
    total += static_cast<std::int64_t>(list.size());
  }
  result.sample_size = total;
  result.method += kMethod;
  result.uncertainty =
      metric.uncertainty.empty() ? kUncertainty : fmt::format("{} {}", kUncertainty, metric.uncertainty);
  result.claim = metric_claim(metric, result);
  return result;
}

}  // namespace resident
