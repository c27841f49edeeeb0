// The weekly report of a person (or of everybody), in the form that Django's
// Fellows give theirs: what was triaged, reviewed, merged and authored, with links,
// counts, and the averages so far. For a past week it comes out byte for byte the
// same whenever it is made, since nothing after the week's end is looked at.
#pragma once

#include <framework/analysis.hpp>
#include <string>
#include <vector>

namespace resident {

struct ReportLine {
  std::int64_t number = 0;  // 0: a commit
  std::string kind;         // issue, pull, commit
  std::string title, url, what;
  std::string sha;  // commit: shortened
};

struct ReportSection {
  std::string title;    // Triaged, Reviewed, Merged, Authored, Answered
  std::string counted;  // what is counted: "issues"
  std::vector<ReportLine> lines;
  double average = 0;  // a week, over the weeks so far, this one included
};

struct WeeklyReport {
  std::string person;  // "everybody" without one
  Timestamp begin = 0, end = 0;
  std::int64_t weeks = 0;  // that the averages are over
  std::vector<ReportSection> sections;
};

// person: empty for everybody. week: any moment in it; nothing for the last whole
// week before the as-of time. since: where the averages begin; nothing for the first
// week of the person's activity in the year before.
WeeklyReport weekly_report(const Context& context, const std::string& person, std::optional<Timestamp> week,
                           std::optional<Timestamp> since);
// Its counts, and its items.
std::vector<Result> report_results(const Context& context, const WeeklyReport& report);
std::string report_markdown(const Context& context, const WeeklyReport& report);

}  // namespace resident
