// Plain metrics: a metric is ONE .sql file, a query with a few lines on top that
// say what it measures and how to show it (docs: the files in metrics/). The files
// there are built into the binary; a user's own, in the folder named by the
// argument `folder` or by RESIDENT_METRICS, are read at run time under the same
// rules, and one of the same name takes the place of a built-in one.
//
// A query sees :project and :as_of and must run on SQLite and PostgreSQL alike. It
// promises to count nothing later than :as_of; what several metrics share stands
// in files of `kind: part`, which they name in `uses`.
//
// Of a large project the same figures are kept (ADR 23): the files of metrics/kept/ that are of `kind: summary` fill
// tables from events, once after each change, and those of `kind: kept` and `part` say how a metric or a part of that
// name reads them. A result says what the metric's own query would give, whichever of the two was run.
#pragma once

#include <framework/analysis.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

enum class MetricKind {
  table,               // the query's rows are the Result's
  survival,            // (group, seconds, happened): a summary and a curve, by Kaplan–Meier
  survival_by_period,  // (period, group, seconds, happened): medians by period
  part,                // a common table expression for other files, under its own name
  kept,                // the metric of that name, read from summaries
  summary,             // rows for a table of summaries, as of the end of all time
};

struct Metric {
  std::string name;  // that of the file
  std::string file;  // for messages: metrics/NAME.sql
  MetricKind kind = MetricKind::table;
  std::string title, question, definition, source;
  std::string page;                 // where it stands: flow, people
  int order = 0;                    // and after what
  std::vector<std::string> claims;  // templates; the first whose figures are all known is used
  std::string none;                 // what is said instead where there is nothing at all
  std::vector<Column> columns;      // for survival: of the columns before `seconds`
  Chart chart;
  std::string happened;     // for survival: what is waited for, as a heading: "Answered"
  std::string sample;       // sample size as a placeholder: sum:opened, count, …
  std::string uncertainty;  // empty: exact counts
  std::vector<std::string> notes, uses;
  bool is_materialized = false;  // a part that is computed once
  std::string into;              // of a summary: the table and its columns
  std::string sql;               // complete, parts included
  std::string kept_sql;          // the same rows from summaries
};

// Reads the text of one file. Throws Error{usage} that names file and line.
Metric parse_metric(const std::string& text, const std::string& file);
// Puts the parts that each metric uses before its query. Throws Error for an unknown part.
void compose_metrics(std::vector<Metric>& metrics);
// Gives the metrics, which compose_metrics has not seen yet, their kept_sql too, and composes all.
void compose_with_kept(std::vector<Metric>& metrics, const std::vector<Metric>& kept);

// The built-in ones in the order of the report; parts are not among them.
const std::vector<Metric>& metrics();
// As the files say, parts included and not composed; and those of metrics/kept/.
std::vector<Metric> built_in_metrics();
std::vector<Metric> kept_metrics();

// Makes the summaries of the context's project whole (summaries.cpp): by what has changed since they were, or counted
// from nothing. Not where the project has fewer than that many items or commits (then counting takes no longer than
// keeping), while a sync has still to say who is who, or if the store may only be read. They see who is who, and all
// that is in the store, now; what is asked of a moment is read from them exactly.
inline constexpr std::int64_t kWorthKeeping = 5000;
void keep_summaries(const Context& context, std::int64_t at_least = kWorthKeeping);
// Whether they are whole: nothing has changed since they were counted.
bool are_summaries_kept(const Context& context);

// With the user's own.
std::vector<Metric> metrics_for(const Context& context);
// Throws Error{usage} with the nearest name.
// others: names that the caller answers to as well, for what is said to be near.
const Metric& find_metric(const std::vector<Metric>& list, const std::string& name,
                          const std::vector<std::string>& others = {});

// One Result for a table, two (summary, curve) for survival.
std::vector<Result> run_metric(const Metric& metric, const Context& context);

// The query to run: the metric's own, or the one that reads summaries where they are whole.
const std::string& metric_query(const Metric& metric, const Context& context);
// The query with numbers in the place of :project and :as_of, for `resident sql`.
std::string metric_evidence(const Metric& metric, const Context& context);
// The claim that the metric's templates make of a Result; see metric_claim.cpp.
std::string metric_claim(const Metric& metric, const Result& result);
// Whether any row has a figure that a reader sees and that is not 0; dates and what a row is about are none.
bool has_figures(const Result& result);
// The value of one placeholder ("sum:opened"); nothing where there is none.
// Throws Error{usage} for one that cannot be.
Cell metric_figure(std::string_view placeholder, const Result& result);

// Kaplan–Meier Results of a query of the survival kinds; see metric_survival.cpp.
std::vector<Result> survival_results(const Metric& metric, const Context& context);
Result survival_by_period_result(const Metric& metric, const Context& context);
// What every Result of a metric shares.
Result metric_result(const Metric& metric, const Context& context);

}  // namespace resident
