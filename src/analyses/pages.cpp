#include <algorithm>
#include <analyses/list.hpp>
#include <analyses/pages.hpp>
#include <analyses/report/report.hpp>
#include <framework/arguments.hpp>

namespace resident {

namespace {

constexpr std::size_t kReportItems = 40;  // of a section on the page; `resident report` has them all

std::string last_week(const Context& context) {
  return report_markdown(context,
                         weekly_report(context, context.argument("person", context.config.me),
                                       time_argument(context, "week"), std::nullopt),
                         kReportItems);
}

}  // namespace

const std::vector<ShownPage>& shown_pages() {
  static const std::vector<ShownPage> pages{
      {"today",
       "Today",
       "What needs somebody now, by what is to be done, and why.",
       nullptr,
       PageReach::everywhere,
       {{"me", "You (login)"}},
       false},
      {"queues", "Queues", "Whose turn it is on each open pull request, and which issues wait for what.", nullptr,
       PageReach::in_file},
      {"flow", "Flow", "How work comes in and goes out, and how long it waits."},
      // The site has one of its own, where the settings name the day.
      {"impact",
       "Impact",
       "Whether something that began on a day changed an outcome, held against moments at which nothing began.",
       nullptr,
       PageReach::everywhere,
       {{"start", "Start (as 2024-01-31)"}, {"end", "End"}, {"person", "Person (login)"}, {"outcome", "Outcome"}},
       false},
      {"patches", "Patches", "Patches by mail: which wait and for whom, what was applied, and how that is known."},
      {"build", "Build", "What is red and since when, how each configuration stands, and which tests are not well."},
      {"people", "People", "Who does the work, who is new, and who has gone."},
      {"modules", "Modules", "Where work is needed: what changes, who knows it, and who still does."},
      {"speed", "Speed", "What became faster or slower, at which commit, and how sure it is."},
      // It is somebody's, where the settings name one.
      {"report", "Report", "The last whole week.", last_week, PageReach::everywhere, {}, false},
      {"person", "Person", "", nullptr, PageReach::of_subject},
      {"label", "Label", "", nullptr, PageReach::of_subject, {{"author", "Author"}, {"older", "Older than (days)"}}},
      {"file", "File", "", nullptr, PageReach::of_subject},
      {"module", "Module", "", nullptr, PageReach::of_subject},
      {"test", "Test", "", nullptr, PageReach::of_subject}};
  return pages;
}

const ShownPage* find_shown_page(std::string_view slug) {
  for (const ShownPage& page : shown_pages())
    if (page.slug == slug) return &page;
  return nullptr;
}

std::vector<ShownSection> sections_of(std::string_view page) {
  std::vector<ShownSection> sections;
  for (const Analysis* analysis : analyses())
    for (const PageSection& section : analysis->sections)
      if (section.page == page) sections.push_back({analysis, &section});
  std::stable_sort(sections.begin(), sections.end(),
                   [](const auto& a, const auto& b) { return a.section->place < b.section->place; });
  return sections;
}

}  // namespace resident
