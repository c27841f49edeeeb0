#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <limits>
#include <model/benchmarks/confirmations.hpp>
#include <set>

namespace resident {

std::string SpeedConfirmation::words() const {
  const std::string reruns = plural(runs, "rerun");
  const std::string size = fmt::format("{:.3f} × [{:.3f}–{:.3f}]", ratio, low, high);
  if (verdict == "confirmed") return fmt::format("{} {} it: {}", reruns, runs == 1 ? "confirms" : "confirm", size);
  if (is_refuted()) return fmt::format("not seen in {} ({:.1f} % sure)", reruns, 100 * probability);
  return fmt::format("{} did not settle it: {}", reruns, size);
}

SpeedConfirmations::SpeedConfirmations(const Context& context) {
  // Unless a moment was asked for, all: results may end days before what reruns said of them.
  const Parameters parameters{{"project", context.project_id},
                              {"until", context.asked ? context.as_of : std::numeric_limits<Timestamp>::max()}};
  for (const auto rows = context.database.query(
           "SELECT sha, verdict, series, confirmed_at, ratio, low, high, probability, runs FROM speed_confirmation "
           "WHERE project_id = :project AND confirmed_at <= :until ORDER BY confirmed_at",
           parameters);
       rows->next();)
    newest_[rows->string(0)][rows->string(2)] = {rows->string(1), rows->string(2), rows->integer(3), rows->number(4),
                                                 rows->number(5), rows->number(6), rows->number(7),  rows->integer(8)};
}

namespace {

// A series is "BENCHMARK · MACHINE …"; reruns may name the benchmark alone.
bool is_named(const std::string& series, const std::string& wanted) {
  return series == wanted || series.starts_with(wanted + " · ");
}

}  // namespace

EventConfirmation SpeedConfirmations::of(const SpeedEvent& event, const StoredBenchmarks& stored) const {
  EventConfirmation result;
  const auto found = newest_.find(event.sha);
  if (found == newest_.end()) return result;
  std::set<std::string> changed;
  for (const auto& change : event.changes) changed.insert(stored.series[change.series].name);
  std::map<std::string, const SpeedConfirmation*> of_series;  // the newest
  const SpeedConfirmation* of_commit = nullptr;
  const auto keep_newer = [](const SpeedConfirmation*& kept, const SpeedConfirmation& other) {
    if (!kept || other.at > kept->at) kept = &other;
  };
  for (const auto& [rerun, confirmation] : found->second) {
    const std::string& name = rerun;  // for the lambda
    if (std::none_of(stored.series.begin(), stored.series.end(),
                     [&](const BenchmarkSeries& series) { return is_named(series.name, name); }))
      keep_newer(of_commit, confirmation);
    for (const auto& series : changed)
      if (is_named(series, name)) keep_newer(of_series[series], confirmation);
  }
  std::size_t refuted = 0;
  const auto add = [&](const std::string& words) { result.words += (result.words.empty() ? "" : "; ") + words; };
  for (const auto& [series, confirmation] : of_series) {
    refuted += confirmation->is_refuted();
    result.is_settled = result.is_settled || confirmation->verdict == "confirmed";
    add((changed.size() > 1 ? series + ": " : "") + confirmation->words());
  }
  result.is_refuted = !changed.empty() && refuted == changed.size();
  if (of_commit) {
    result.is_refuted = result.is_refuted || (of_commit->is_refuted() && !result.is_settled);
    result.is_settled = result.is_settled || of_commit->verdict == "confirmed";
    add(of_commit->words());
  }
  result.is_settled = result.is_settled || result.is_refuted;
  return result;
}

}  // namespace resident
