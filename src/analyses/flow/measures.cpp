// `measures`: the plain metrics, all or those of one page, in their order.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/metrics.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <iterator>

namespace resident {

namespace {

std::vector<Result> run(const Context& context) {
  const auto list = metrics_for(context);
  keep_summaries(context);
  const std::string name = context.argument("metric"), page = context.argument("page");
  if (!name.empty()) return run_metric(find_metric(list, name), context);
  std::vector<Result> results;
  std::vector<std::string> pages;
  for (const auto& metric : list) {
    if (std::find(pages.begin(), pages.end(), metric.page) == pages.end()) pages.push_back(metric.page);
    if (!page.empty() && metric.page != page) continue;
    auto more = run_metric(metric, context);
    std::move(more.begin(), more.end(), std::back_inserter(results));
  }
  if (!page.empty() && std::find(pages.begin(), pages.end(), page) == pages.end()) {
    std::string names;
    for (const auto& each : pages) names += fmt::format("{}{}", names.empty() ? "" : ", ", each);
    throw Error(ErrorKind::usage, fmt::format("there is no page of metrics called {}", one_line(page)),
                "pages are " + names);
  }
  return results;
}

}  // namespace

extern const Analysis measures_analysis;
const Analysis measures_analysis{"measures",
                                 "Measures",
                                 "How is the project doing, by the usual measures?",
                                 {{"metric", "NAME", "only this metric"},
                                  {"page", "PAGE", "only the metrics of this page: flow, people"},
                                  {"folder", "DIR", "with your own metrics from this folder (also: RESIDENT_METRICS)"}},
                                 &run,
                                 {},
                                 {{"flow", 10, {{"page", "flow"}}}, {"people", 20, {{"page", "people"}}}}};

}  // namespace resident
