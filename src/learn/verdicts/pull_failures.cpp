#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <learn/verdicts/pull_failures.hpp>
#include <map>
#include <set>

namespace resident::verdicts {

std::vector<FoundFailure> failures_of(const TestRuns& runs, const Judge& judge, const std::vector<std::size_t>& of) {
  std::vector<FoundFailure> result;
  for (const auto run : of)
    for (const auto& failure : runs.failures(runs.runs()[run])) {
      const ci::Outcome outcome = failure.state.outcome();
      if (!ci::is_failure(outcome) && outcome != ci::Outcome::flaky) continue;
      result.push_back({failure.test_id, failure.state.message_id, run, outcome,
                        judge.judge(failure.test_id, run, runs.context().as_of)});
    }
  const auto rank = [](const FoundFailure& each) {
    constexpr std::array<int, 5> kOrder{0, 2, 3, 4, 1};  // its own, the base's, flaky, the machine's, not known
    return std::tuple(kOrder.at(static_cast<std::size_t>(each.verdict.blame)), -each.verdict.probability);
  };
  std::stable_sort(result.begin(), result.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return result;
}

std::vector<std::size_t> runs_of_pull(const TestRuns& runs, std::int64_t number) {
  const std::int64_t item = number * 2 + 1;
  std::string sha;
  for (const auto& run : runs.runs())
    if (run.item == item) sha = run.sha;
  std::map<std::int64_t, std::size_t> newest;
  for (std::size_t i = 0; i < runs.runs().size(); ++i)
    if (runs.runs()[i].item == item && runs.runs()[i].sha == sha) newest[runs.runs()[i].configuration] = i;
  std::vector<std::size_t> result;
  for (const auto& [configuration, run] : newest) result.push_back(run);
  return result;
}

namespace {

std::string in_words(const TestRuns& runs, const Judge& judge, std::int64_t number) {
  constexpr std::size_t kMostNamed = 3;
  std::vector<std::pair<Blame, std::vector<std::string>>> by_blame;
  for (const auto& each : failures_of(runs, judge, runs_of_pull(runs, number))) {
    if (by_blame.empty() || by_blame.back().first != each.verdict.blame) by_blame.push_back({each.verdict.blame, {}});
    const std::string name = runs.suite_and_name(each.test).second;
    auto& names = by_blame.back().second;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::vector<std::string> said;
  for (auto& [blame, names] : by_blame) {
    const std::size_t count = names.size();
    if (names.size() > kMostNamed) names.resize(kMostNamed);
    said.push_back(
        fmt::format("{} {} ({}{})", count, blame_name(blame), fmt::join(names, ", "), count > kMostNamed ? ", …" : ""));
  }
  return fmt::format("{}", fmt::join(said, "; "));
}

}  // namespace

std::map<std::int64_t, std::string> failures_in_words(const Context& context, const std::set<std::int64_t>& numbers) {
  std::set<std::int64_t> failing;
  for (const auto rows = context.database.query("SELECT DISTINCT item_id FROM test_run WHERE project_id = :project AND "
                                                "item_id IS NOT NULL AND failed > 0 AND at <= :as_of",
                                                context.parameters());
       rows->next();)
    if (const std::int64_t number = (rows->integer(0) - 1) / 2; rows->integer(0) > 0 && numbers.contains(number))
      failing.insert(number);
  std::map<std::int64_t, std::string> words;
  if (failing.empty()) return words;
  const TestRuns runs(context, context.as_of - kHistory);
  std::erase_if(failing, [&](std::int64_t number) {
    const auto newest = runs_of_pull(runs, number);
    return std::all_of(newest.begin(), newest.end(), [&](std::size_t run) { return runs.runs()[run].failed == 0; });
  });
  if (failing.empty()) return words;
  Judge judge(runs);
  judge.calibrate_on(judge.judged(kMostJudged));
  for (const auto number : failing)
    if (auto text = in_words(runs, judge, number); !text.empty()) words.emplace(number, std::move(text));
  return words;
}

std::string failures_in_words(const Context& context, std::int64_t number) {
  const auto words = failures_in_words(context, std::set<std::int64_t>{number});
  return words.empty() ? std::string() : words.begin()->second;
}

}  // namespace resident::verdicts
