// resident accuracy reviewers: replays every pull request at the moment it was opened.
#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <cmath>
#include <learn/reviewers/suggest.hpp>
#include <set>

namespace resident::reviewers {

namespace {

constexpr double kLeftOut = 0.2;   // of the reviewed pull requests, the first: there is little to learn from yet
constexpr double kRegular = 0.02;  // of the cases: who reviewed as many is a regular
constexpr std::size_t kMostRanked = 20;
constexpr double kSmallest = 1e-12;

std::vector<std::vector<Index>> truth_of(const ReviewHistory& history, Target target) {
  std::vector<std::vector<Index>> truth(history.pulls.size());
  history.acts.each([&](const Act& act) {
    if (act.pull == kNone || act.person == history.pulls[act.pull].author) return;
    const bool is_review = act.kind == ActKind::review;
    const bool is_response = is_review || act.kind == ActKind::comment || act.kind == ActKind::inline_comment;
    if (!(target == Target::reviews ? is_review : is_response)) return;
    auto& people = truth[act.pull];
    if (std::find(people.begin(), people.end(), act.person) == people.end()) people.push_back(act.person);
  });
  return truth;
}

struct Replay {
  std::vector<AccuracyCase> cases, spread;  // spread: the same, with the load balanced
  std::map<Index, double> named, named_spread, named_simple, did;
  std::size_t reviewed = 0, seen_before = 0;
};

Replay replay(const ReviewHistory& history, Target target) {
  Replay result;
  const auto truth = truth_of(history, target);
  for (const auto& people : truth) result.reviewed += !people.empty();
  const auto first = static_cast<std::size_t>(static_cast<double>(result.reviewed) * kLeftOut);
  const auto names = [&](const std::vector<Index>& people) {
    std::vector<std::string> list;
    for (const Index each : people) list.push_back(history.name(each));
    return list;
  };
  Learner learner(history, target);
  LoadBalance balance;
  std::size_t reviewed = 0;
  for (Index i = 0; i < history.pulls.size(); ++i) {
    const Pull& pull = history.pulls[i];
    learner.advance_to(pull);
    const Candidates candidates = learner.signals().describe(pull, pull.opened_at, true);
    if (!truth[i].empty() && reviewed++ >= first && !candidates.people.empty()) {
      const auto probabilities = learner.ranker().probabilities(candidates.rows);
      const auto ranked = [&](const auto& score, std::vector<double>* scores) {
        std::vector<std::pair<double, std::size_t>> order;
        for (std::size_t k = 0; k < probabilities.size(); ++k) order.emplace_back(-score(k), k);
        std::sort(order.begin(), order.end());
        if (order.size() > kMostRanked) order.resize(kMostRanked);
        std::vector<Index> people;
        for (const auto& [minus, k] : order) {
          people.push_back(candidates.people[k]);
          if (scores) scores->push_back(probabilities[k]);
        }
        return people;
      };
      AccuracyCase each{fmt::format("#{}", pull.number), pull.opened_at, names(truth[i]), {}, {}, {}};
      const auto plain = ranked([&](std::size_t k) { return probabilities[k]; }, &each.scores);
      const auto spread = ranked(
          [&](std::size_t k) {
            return std::log(std::max(probabilities[k], kSmallest)) +
                   balance.bonus(candidates.people[k], pull.opened_at);
          },
          nullptr);
      auto simple = learner.signals().most_active(pull, pull.opened_at, target == Target::responses);
      if (simple.size() > kMostRanked) simple.resize(kMostRanked);
      each.ranked = names(plain);
      each.baseline = names(simple);
      AccuracyCase balanced = each;
      balanced.ranked = names(spread);
      balanced.scores.clear();
      for (std::size_t k = 0; k < probabilities.size(); ++k)
        balance.earn(candidates.people[k], probabilities[k], pull.opened_at);
      balance.name(spread.front(), pull.opened_at);
      ++result.named[plain.front()];
      ++result.named_spread[spread.front()];
      if (!simple.empty()) ++result.named_simple[simple.front()];
      for (const Index who : truth[i]) ++result.did[who];
      result.seen_before += std::any_of(truth[i].begin(), truth[i].end(), [&](Index who) {
        return std::find(candidates.people.begin(), candidates.people.end(), who) != candidates.people.end();
      });
      result.cases.push_back(std::move(each));
      result.spread.push_back(std::move(balanced));
    }
    learner.remember(i, candidates);
  }
  return result;
}

// Over the regulars: those who might carry the load.
double gini_of(const std::map<Index, double>& loads, const std::set<Index>& regulars) {
  std::vector<double> list;
  for (const Index who : regulars) {
    const auto found = loads.find(who);
    list.push_back(found == loads.end() ? 0 : found->second);
  }
  return gini(std::move(list));
}

AccuracyReport run(const Context& context) {
  const ReviewHistory history(context);
  const Target target = target_of(history);
  const Replay main = replay(history, target);
  AccuracyReport report;
  report.task = "reviewers";
  report.cases = main.cases;
  report.figures = ranking_figures(main.cases, {1, 3, 5}, false);
  const auto count = static_cast<std::int64_t>(main.cases.size());
  const auto plain = [&](std::string metric, double value, std::optional<double> baseline) {
    report.figures.push_back({std::move(metric), value, value, value, baseline, count});
  };
  const PairedDifference difference = paired_mrr_difference(main.cases);
  report.figures.push_back({"mrr_difference", difference.mean, difference.low, difference.high, 0.0, count});
  plain("mrr_difference_p", difference.p_value, std::nullopt);
  std::set<Index> regulars;
  for (const auto& [who, made] : main.did)
    if (made >= kRegular * static_cast<double>(count)) regulars.insert(who);
  plain("gini_of_load", gini_of(main.named, regulars), gini_of(main.named_simple, regulars));
  plain("gini_of_load_spread", gini_of(main.named_spread, regulars), gini_of(main.named_simple, regulars));
  plain("gini_of_reviews_made", gini_of(main.did, regulars), std::nullopt);
  for (auto each : ranking_figures(main.spread, {1, 3, 5}, false)) {
    each.metric += "_spread";
    report.figures.push_back(std::move(each));
  }
  if (target == Target::reviews) {
    const Replay wide = replay(history, Target::responses);
    for (auto each : ranking_figures(wide.cases, {1, 3, 5}, false)) {
      each.metric += "_any_response";
      report.figures.push_back(std::move(each));
    }
    const PairedDifference wider = paired_mrr_difference(wide.cases);
    report.figures.push_back({"mrr_any_response_difference", wider.mean, wider.low, wider.high, 0.0,
                              static_cast<std::int64_t>(wide.cases.size())});
  }
  report.definition = fmt::format(
      "Every pull request that somebody but its author {} by the as-of time, at the second it was opened; the first "
      "fifth of them is left out of the figures, since there is little to learn from yet. Truth: everybody who {} it "
      "then or later, bots and its author apart. Suggested: people who were active in the year before, ranked by what "
      "was known before that second, with weights learnt from pull requests that were closed or two months old by "
      "then. The files are those of its last version in the store, since the first is not kept. Simple way: people by "
      "how many pull requests they had {}, each fading by e in a year. Gini: of how often each is named first, over "
      "the {} who reviewed at least 2 % of the cases; _spread: with the load balanced. any_response: the same where "
      "also comments count as reviews.",
      target == Target::reviews ? "reviewed" : "wrote on", target == Target::reviews ? "reviewed" : "wrote on",
      target == Target::reviews ? "reviewed" : "written on",
      plural(static_cast<long long>(regulars.size()), "regular"));
  report.notes.push_back(
      fmt::format("{} of {} cases have a reviewer who could have been known (active in the year before).",
                  main.seen_before, main.cases.size()));
  report.notes.push_back(
      fmt::format("Paired bootstrap of the difference in MRR: {:+.4f} ({:+.4f} to {:+.4f}), p = {:.4f}.",
                  difference.mean, difference.low, difference.high, difference.p_value));
  return report;
}

}  // namespace

}  // namespace resident::reviewers

namespace resident {

extern const AccuracyTask reviewers_accuracy;
const AccuracyTask reviewers_accuracy{"reviewers", "Would the right reviewer have been among the suggested?",
                                      reviewers::run};

}  // namespace resident
