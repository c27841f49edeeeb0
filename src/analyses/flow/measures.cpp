// `measures`: the plain metrics, all or those of one page, in their order.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/metrics.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <framework/beside.hpp>
#include <iterator>

namespace resident {

namespace {

std::vector<Result> run_all(const std::vector<const Metric*>& metrics, const Context& context) {
  std::vector<std::vector<Result>> made(metrics.size());
  answer_side_by_side(context, metrics.size(),
                      [&](const Context& by, std::size_t piece) { made[piece] = run_metric(*metrics[piece], by); });
  std::vector<Result> results;
  for (auto& each : made) std::move(each.begin(), each.end(), std::back_inserter(results));
  return results;
}

std::vector<Result> analyse_measures(const Context& context) {
  const auto list = metrics_for(context);
  keep_summaries(context);
  const std::string name = context.argument("metric"), page = context.argument("page");
  if (!name.empty()) return run_metric(find_metric(list, name), context);
  std::vector<const Metric*> chosen;
  std::vector<std::string> pages;
  for (const auto& metric : list) {
    if (std::find(pages.begin(), pages.end(), metric.page) == pages.end()) pages.push_back(metric.page);
    if (!page.empty() && metric.page != page) continue;
    chosen.push_back(&metric);
  }
  if (!page.empty() && std::find(pages.begin(), pages.end(), page) == pages.end()) {
    std::string names;
    for (const auto& each : pages) names += fmt::format("{}{}", names.empty() ? "" : ", ", each);
    throw Error(ErrorKind::usage, fmt::format("there is no page of metrics called {}", one_line(page)),
                "pages are " + names);
  }
  return run_all(chosen, context);
}

}  // namespace

extern const Analysis measures_analysis;
const Analysis measures_analysis{"measures",
                                 "Measures",
                                 "How is the project doing, by the usual measures?",
                                 {{"metric", "NAME", "only this metric"},
                                  {"page", "PAGE", "only the metrics of this page: flow, people"},
                                  {"folder", "DIR", "with your own metrics from this folder (also: RESIDENT_METRICS)"}},
                                 &analyse_measures,
                                 {},
                                 {{"flow", 10, {{"page", "flow"}}}, {"people", 20, {{"page", "people"}}}}};

}  // namespace resident
