#include <fmt/format.h>

#include <analyses/report.hpp>
#include <base/error.hpp>
#include <cli/pages.hpp>
#include <functional>

namespace resident {

namespace {

void append(std::vector<Result>& results, Context& context, const char* name,
            std::map<std::string, std::string> arguments = {}) {
  context.arguments = std::move(arguments);
  for (auto& result : find_analysis(name).run(context)) results.push_back(std::move(result));
  context.arguments.clear();
}

Page today(Context& context) {
  Page page{"today", "Today", "What needs you now, in order, and why; then the queues it is drawn from."};
  append(page.results, context, "today");
  append(page.results, context, "review", {{"summary", "yes"}});
  append(page.results, context, "triage");
  return page;
}

Page flow(Context& context) {
  Page page{"flow", "Flow", "How work comes in and goes out, and how long it waits."};
  append(page.results, context, "measures", {{"page", "flow"}});
  append(page.results, context, "cycles");
  append(page.results, context, "reverts", {{"limit", "25"}});
  return page;
}

Page people(Context& context) {
  Page page{"people", "People", "Who does the work, who is new, and who has gone."};
  append(page.results, context, "people");
  append(page.results, context, "measures", {{"page", "people"}});
  return page;
}

Page modules(Context& context) {
  Page page{"modules", "Modules", "Where work is needed: what changes, who knows it, and who still does."};
  append(page.results, context, "modules");
  append(page.results, context, "hotspots", {{"limit", "25"}});
  append(page.results, context, "coupling", {{"limit", "25"}});
  append(page.results, context, "knowledge", {{"top", "15"}});
  append(page.results, context, "burndown");
  append(page.results, context, "survival", {{"top", "15"}});
  return page;
}

Page report(Context& context) {
  Page page{"report", "Report", "The last whole week."};
  const WeeklyReport weekly = weekly_report(context, context.config.me, std::nullopt, std::nullopt);
  page.markdown = report_markdown(context, weekly);
  return page;
}

}  // namespace

std::vector<Page> make_pages(Context& context, const std::string& slug) {
  static const std::pair<const char*, Page (*)(Context&)> list[] = {
      {"today", today}, {"flow", flow}, {"people", people}, {"modules", modules}, {"report", report}};
  std::vector<Page> pages;
  for (const auto& [name, make] : list)
    if (slug.empty() || slug == name) pages.push_back(make(context));
  if (pages.empty())
    throw Error(ErrorKind::usage, fmt::format("there is no page called {}", slug),
                "the pages are today, flow, people, modules and report");
  return pages;
}

}  // namespace resident
