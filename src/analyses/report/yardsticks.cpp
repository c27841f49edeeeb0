// Yardsticks: what others in such a role have said they did, beside a person's or a project's own figures, each with
// its source and what it counts.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/report/report.hpp>
#include <base/csv_table.hpp>
#include <base/data_table.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <framework/arguments.hpp>

namespace resident {

namespace {

struct Yardstick {
  std::string name, section;  // section: of the report
  double per_week = 0;
  std::string counts, source;
};

const std::vector<Yardstick>& known_yardsticks() {
  const char* const kDjango = "Django Fellowship reports (djangoproject.com/weblog)";
  const char* const kPython = "CPython's first Developer in Residence, July 2021 to February 2023";
  constexpr double kMonths = 20, kWeeksAMonth = kMeanMonth / kWeek;
  static const std::vector<Yardstick> list{
      {"a Django fellow", "Triaged", 15, "tickets triaged, full time", kDjango},
      {"a Django fellow", "Reviewed", 12, "tickets and pull requests reviewed or merged, full time", kDjango},
      {"a Django fellow", "Authored", 3, "pull requests written, full time", kDjango},
      {"CPython's first resident", "Merged", 627 / (kMonths * kWeeksAMonth), "627 pull requests merged in 20 months",
       kPython},
      {"CPython's first resident", "Triaged", 276 / (kMonths * kWeeksAMonth), "276 issues closed in 20 months",
       kPython}};
  return list;
}

std::vector<Yardstick> read_yardsticks(const std::string& file, const WeeklyReport& report) {
  const CsvTable table(read_text_file(file), file);
  const std::size_t name = table.need_column("name"), section = table.need_column("section"),
                    per_week = table.need_column("per_week"), counts = table.need_column("counts"),
                    source = table.need_column("source");
  std::vector<std::string> sections;
  for (const auto& each : report.sections) sections.push_back(each.title);
  std::vector<Yardstick> list;
  for (std::size_t row = 0; row < table.size(); ++row) {
    Yardstick yardstick{clean_text(table.text(row, name), 200), table.text(row, section),
                        table.number(row, per_week).value_or(-1), clean_text(table.text(row, counts), 400),
                        clean_text(table.text(row, source), 400)};
    if (std::find(sections.begin(), sections.end(), yardstick.section) == sections.end())
      throw Error(ErrorKind::usage, fmt::format("{}: there is no section {}", file, one_line(yardstick.section)),
                  "they are Triaged, Reviewed, Merged, Authored, Answered");
    if (yardstick.per_week < 0)
      throw Error(ErrorKind::usage, fmt::format("{}: {} has no figure a week", file, one_line(yardstick.name)),
                  "per_week is a number, 0 or more");
    list.push_back(std::move(yardstick));
  }
  return list;
}

std::vector<Result> analyse_yardsticks(const Context& context) {
  std::string person = context.argument("person");
  // One configured may be of another project.
  if (person.empty() && person_argument(context, "person", context.config.me) != 0) person = context.config.me;
  const WeeklyReport report = weekly_report(context, person, std::nullopt, std::nullopt);
  Result result =
      context.result("yardsticks", "Beside others in such a role", "How does that compare with others' figures?");
  result.columns = {{"yardstick", "Whose", ColumnType::text},
                    {"section", "What", ColumnType::text},
                    {"per_week", "A week", ColumnType::number, "", "as they said"},
                    {"own", "Here", ColumnType::number, "", "a week: " + report.person},
                    {"counts", "What it counts", ColumnType::text},
                    {"counted", "Counted here", ColumnType::text},
                    {"source", "Source", ColumnType::text}};
  const std::string file = context.argument("file");
  std::string claim;
  for (const auto& yardstick : file.empty() ? known_yardsticks() : read_yardsticks(file, report)) {
    const auto found = std::find_if(report.sections.begin(), report.sections.end(),
                                    [&](const ReportSection& each) { return each.title == yardstick.section; });
    const double own = found == report.sections.end() ? 0 : found->average;
    result.rows.push_back({yardstick.name, yardstick.section, yardstick.per_week, own, yardstick.counts,
                           found == report.sections.end() ? std::string() : found->counted, yardstick.source});
    if (claim.empty())
      claim = fmt::format("{}: {} {:.1f} a week; {} says {:.0f}.", report.person, to_lower(yardstick.section), own,
                          yardstick.name, yardstick.per_week);
  }
  result.claim = report.weeks == 0 || claim.empty() ? "Nothing is known yet to hold beside others' figures." : claim;
  result.sample_size = report.weeks;
  result.definition =
      "Here: the averages of the weekly report, over the weeks from the first activity in the year before; each item "
      "counted once a week. " +
      averages_sentence(report);
  if (person.empty())
    result.notes.push_back("Here are everybody's weeks together; a yardstick is of one person: --person names whose.");
  result.notes.push_back(
      "Yardsticks, not targets: projects differ in what an item takes, and each source counts in its own way.");
  return {std::move(result)};
}

}  // namespace

extern const Analysis yardsticks_analysis;
const Analysis yardsticks_analysis{
    "yardsticks",
    "Beside others in such a role",
    "How do a person's or a project's weeks compare with what others in such a role reported?",
    {{"person", "NAME", "whose weeks; without it those of `me`, or everybody's"},
     {"file", "FILE", "CSV of yardsticks of your own: name, section, per_week, counts, source"}},
    &analyse_yardsticks,
    {groups::kProject, "A person's or a project's weeks beside what others in such a role reported",
     "Django's fellows and CPython's first resident, or yardsticks of your own, each with its source and what it "
     "counts.\n"
     "Example: resident yardsticks --person ada"},
    {{"person", 11, {{"person", std::string(kPageSubject)}}}}};

}  // namespace resident
