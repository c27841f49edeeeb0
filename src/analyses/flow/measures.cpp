// `measures`: the plain metrics, all or those of one page, in their order.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/flow/metrics.hpp>
#include <base/error.hpp>
#include <base/parallel.hpp>
#include <base/text.hpp>
#include <iterator>

namespace resident {

namespace {

constexpr std::int64_t kMany = 20'000;  // items, from which on it is worth a connection more

// Each by a connection of its own, as many at once as there are processors.
std::vector<Result> run_all(const std::vector<const Metric*>& metrics, const Context& context) {
  std::vector<std::unique_ptr<Database>> readers;
  if (metrics.size() > 1 && processor_count() > 1 &&
      context.database.integer("SELECT count(*) FROM item WHERE project_id = :project",
                               {{"project", context.project_id}}) >= kMany)
    for (unsigned i = 1; i < std::min<std::size_t>(processor_count(), metrics.size()); ++i)
      if (auto reader = context.database.open_reader()) readers.push_back(std::move(reader));
  std::vector<std::vector<Result>> made(metrics.size());
  parallel_for(metrics.size(), static_cast<unsigned>(readers.size() + 1), [&](unsigned worker, std::size_t piece) {
    made[piece] = run_metric(*metrics[piece], worker == 0 ? context : context.through(*readers[worker - 1]));
  });
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
