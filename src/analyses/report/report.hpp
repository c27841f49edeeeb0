// The report of a person (or of everybody) of a week, a month, a quarter or any days, in the
// form that Django's Fellows give theirs: what was triaged, reviewed, merged and authored, with
// links, counts, and the averages so far. For a past week it comes out byte for byte the
// same whenever it is made, since nothing after the week's end is looked at.
#pragma once

#include <analyses/report/period.hpp>
#include <framework/analysis.hpp>
#include <limits>
#include <model/benchmarks/suspicions.hpp>
#include <model/tests/ci_period.hpp>
#include <string>
#include <vector>

namespace resident {

struct ReportLine {
  std::int64_t number = 0;  // 0: a commit
  std::string kind;         // issue, pull, commit
  std::string title, url;
  std::string what;  // "by bob: approved (ACK), 2 comments"
  std::string sha;   // commit: shortened
};

struct ReportSection {
  std::string title;    // Triaged, Reviewed, Merged, Authored, Answered
  std::string counted;  // what is counted: "issues"
  std::vector<ReportLine> lines;
  double average = 0;    // a week, over the weeks so far, those of the period included
  double in_period = 0;  // a week within the period, counted as the average is: once a week
  // How many each week had, from WeeklyReport::first_week on.
  std::vector<std::int64_t> by_week = {};
};

struct WeeklyReport {
  std::string person;  // "everybody" without one
  Timestamp begin = 0, end = 0;
  ReportPeriod period;
  Timestamp told_until = 0;    // its end, or where what is known ends before it
  std::int64_t weeks = 0;      // that the averages are over, the one that the period ends in included
  Timestamp first_week = 0;    // the first of them
  bool is_longer = false;      // than a week: a count of it stands beside no weekly average
  bool is_from_first = false;  // it is that of the first activity in the year before the end
  std::vector<ReportSection> sections;
  CiPeriod ci;        // the tests of the main branch
  SpeedPeriod speed;  // benchmarks
};

// person: empty for everybody. week: any moment in it; nothing for the last whole
// week before the as-of time. since: where the averages begin; nothing for the first
// week of the person's activity in the year before.
WeeklyReport weekly_report(const Context& context, const std::string& person, std::optional<Timestamp> week,
                           std::optional<Timestamp> since);
// Of any period. averages_from: as `since` above.
WeeklyReport report_of(const Context& context, const std::string& person, const ReportPeriod& period,
                       std::optional<Timestamp> averages_from);
// Its counts, its items, and what became of tests and benchmarks where runs of them are known.
std::vector<Result> report_results(const Context& context, const WeeklyReport& report);
// As the analysis's arguments ask for it. Throws Error{usage}.
WeeklyReport asked_report(const Context& context);
// "Triaged 12, reviewed 8; nothing merged, authored, answered."
std::string report_sentence(const WeeklyReport& report);
// What the averages are over, in a sentence.
std::string averages_sentence(const WeeklyReport& report);
// Counts and averages of the sections that have something, as a table, and what has none in a line.
std::string report_table(const WeeklyReport& report);
// An item of a list; escape: how text of others is made harmless there.
std::string report_line(const ReportLine& line, std::string (*escape)(std::string_view));
// most: of each section so many items at most, and how many there are more.
std::string report_markdown(const Context& context, const WeeklyReport& report,
                            std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace resident
