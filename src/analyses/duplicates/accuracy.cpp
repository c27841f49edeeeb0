// Backtest of duplicates: each item that was said to be the same as an earlier one asks,
// at the moment of its creation, which earlier items are like it.
#include <fmt/format.h>

#include <analyses/accuracy.hpp>
#include <analyses/duplicates/known.hpp>
#include <analyses/duplicates/similar.hpp>

namespace resident {

namespace {

constexpr std::size_t kRanked = 50;

AccuracyReport run(const Context& context) {
  AccuracyReport report;
  report.task = "duplicates";
  report.definition =
      "Each issue that was said to be the same as an earlier one (a marked_as_duplicate event that names it, or a "
      "comment "
      "\"duplicate of #N\" on an issue then closed), at its creation: the 50 most similar among the issues created "
      "before "
      "it. Truth: all earlier ones of its pairs. Baseline: BM25 over lower-case words, title three times and body. "
      "Weights are fixed, not fitted to this project; how rare words are is counted over the earlier issues alone; "
      "texts "
      "are those of today, since no source tells older ones.";
  const SimilarItems similar(context, "issue");
  std::map<std::int64_t, std::pair<std::int64_t, Timestamp>> issues;  // number, created
  for (const auto rows =
           context.database.query("SELECT item_id, number, created_at FROM item WHERE project_id = :project "
                                  "AND kind = 'issue' AND created_at <= :as_of",
                                  context.parameters());
       rows->next();)
    issues[rows->integer(0)] = {rows->integer(1), rows->integer(2)};
  for (const auto& [item, others] : known_duplicates(context)) {
    const auto self = issues.find(item);
    if (self == issues.end()) continue;
    AccuracyCase one;
    one.item = fmt::format("#{}", self->second.first);
    one.as_of = self->second.second;
    for (const auto other : others)
      if (const auto found = issues.find(other); found != issues.end() && found->second.second < one.as_of)
        one.truth.push_back(fmt::format("#{}", found->second.first));
    if (one.truth.empty()) continue;
    for (const auto& candidate : similar.find(item, kRanked)) {
      one.ranked.push_back(fmt::format("#{}", candidate.number));
      one.scores.push_back(candidate.score);
    }
    for (const auto number : similar.plain(item, kRanked)) one.baseline.push_back(fmt::format("#{}", number));
    report.cases.push_back(std::move(one));
  }
  report.figures = ranking_figures(report.cases, {1, 5, 10, 20}, true);
  const PairedDifference difference = paired_mrr_difference(report.cases);
  report.notes.push_back(
      fmt::format("MRR above the baseline's by {:.3f} (95 % interval {:.3f} to {:.3f}, p = {:.3g}, paired "
                  "bootstrap), over {} issues searched.",
                  difference.mean, difference.low, difference.high, difference.p_value, similar.size()));
  return report;
}

}  // namespace

extern const AccuracyTask duplicates_accuracy;
const AccuracyTask duplicates_accuracy{"duplicates", "Would the earlier report have been found?", run};

}  // namespace resident
