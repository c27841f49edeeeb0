// The weekly reports of everybody, each under an address of its own that stays.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/report/report.hpp>
#include <base/text.hpp>
#include <cli/site/pages.hpp>
#include <framework/veil.hpp>
#include <set>

namespace resident::site {

namespace {

std::string path_of(Timestamp begin) {
  return fmt::format("reports/{}.html", week_name(begin));
}

// What the store knows begins in the week of its first item or commit.
Timestamp first_week(const Context& context) {
  std::optional<Timestamp> first;
  for (const char* sql : {"SELECT min(created_at) FROM item WHERE project_id = :project",
                          "SELECT min(committed_at) FROM git_commit WHERE project_id = :project AND on_default = 1"})
    if (const auto at = context.database.integer(sql, {{"project", context.project_id}}))
      first = std::min(first.value_or(*at), *at);
  return start_of_week(first.value_or(context.as_of));
}

SitePage report_page(const Context& context, Timestamp begin, const KnownNames& known) {
  // Nothing after the week's end reaches it, so that it is the same whenever it is made.
  Context then = context;
  then.as_of = begin + kWeek - 1;
  if (then.data_until) then.data_until = std::min(*then.data_until, then.as_of);
  WeeklyReport report = weekly_report(then, "", begin, std::nullopt);
  for (ReportSection& section : report.sections)
    for (ReportLine& line : section.lines) {
      line.title = veil_people(line.title, known);
      line.what = veil_people(line.what, known);
    }
  SitePage made;
  made.path = path_of(begin);
  made.page = {fmt::format("reports/{}", week_name(begin)), fmt::format("Week {}", week_name(begin))};
  made.page.intro = fmt::format("What everybody did from {} to {}.", format_date(begin), format_date(then.as_of));
  const std::string markdown = report_markdown(then, report);
  made.page.markdown = markdown.substr(markdown.find("\n\n") + 2);  // without its heading: the page has one
  made.page.data = report_results(then, report);
  made.as_of = then.as_of;
  return made;
}

// A row for each, as table and as Markdown with links.
Result list_of(const Context& context, const std::vector<SitePage>& reports, std::string& markdown) {
  Result list = context.result("reports", "Weekly reports", "What was done in each week?");
  list.columns = {{"week", "Week"}, {"begin", "From", ColumnType::date}, {"path", "File"}};
  markdown = "| Week | From |";
  std::string rule = "\n|---|---|";
  for (const auto& row : reports.front().page.data.front().rows) {
    const std::string section = std::get<std::string>(row[0]);
    list.columns.push_back({to_lower(section), section, ColumnType::integer, "items"});
    markdown += fmt::format(" {} |", section);
    rule += "---:|";
  }
  markdown += rule + "\n";
  for (const SitePage& report : reports) {
    const Timestamp begin = report.as_of + 1 - kWeek;
    list.rows.push_back({week_name(begin), begin, report.path});
    markdown += fmt::format("| [{}]({}) | {} |", week_name(begin), report.path, format_date(begin));
    for (const auto& row : report.page.data.front().rows) {
      list.rows.back().push_back(row[1]);
      markdown += fmt::format(" {} |", std::get<std::int64_t>(row[1]));
    }
    markdown += "\n";
  }
  list.claim = fmt::format("{}, the newest of {}.", plural(static_cast<long long>(reports.size()), "weekly report"),
                           week_name(reports.front().as_of + 1 - kWeek));
  list.sample_size = static_cast<std::int64_t>(reports.size());
  return list;
}

}  // namespace

std::string week_name(Timestamp begin) {
  const Timestamp thursday = begin + 3 * kDay;  // its year is the week's
  return fmt::format("{}-W{:02}", date_of(thursday).year, (thursday - start_of_year(thursday)) / kWeek + 1);
}

std::vector<SitePage> report_pages(const Context& context, int weeks, const std::vector<std::string>& published) {
  const KnownNames known = load_known_names(context);
  const Timestamp newest = start_of_week(context.as_of + 1) - kWeek;  // the last week that is whole
  const Timestamp asked = newest - (weeks - 1) * kWeek;
  const std::set<std::string> stay(published.begin(), published.end());
  std::vector<SitePage> reports;
  for (Timestamp begin = newest, first = first_week(context); begin >= first; begin -= kWeek)
    if (begin >= asked || stay.contains(path_of(begin))) reports.push_back(report_page(context, begin, known));
  if (reports.empty()) return {};
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (i + 1 < reports.size()) reports[i].before = reports[i + 1].path;
    if (i > 0) reports[i].after = reports[i - 1].path;
  }
  SitePage index;
  index.path = "reports.html";
  index.page = {"reports", "Reports", "What was done in each week: triaged, reviewed, merged, authored, answered."};
  index.page.data = {list_of(context, reports, index.page.markdown)};
  index.is_in_navigation = true;
  index.as_of = context.as_of;
  reports.insert(reports.begin(), std::move(index));
  return reports;
}

}  // namespace resident::site
