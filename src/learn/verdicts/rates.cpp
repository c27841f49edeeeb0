#include <algorithm>
#include <learn/verdicts/rates.hpp>
#include <map>
#include <optional>
#include <unordered_map>

namespace resident::verdicts {

namespace {

// Some percents of tests flake now and then: Luo et al. (FSE 2014), Micco (Google, 2017).
constexpr double kFlakyShare = 0.02, kFlakyWeight = 200;
constexpr double kBrokenShare = 0.01, kBrokenWeight = 1000;
constexpr double kOwnFailures = 0.15, kOwnWeight = 50;
constexpr double kMachineRuns = 2, kOwnRuns = 1;
const std::vector<std::size_t> kNone;

}  // namespace

Rates::Rates(const Histories& histories) : histories_(histories) {
  learn_runs(histories);
  learn_tests(histories);
  learn_own(histories);
  for (auto& series : series_) {
    std::stable_sort(series.sums.begin(), series.sums.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    double sum = 0;
    for (auto& each : series.sums) each.second = sum += each.second;
  }
}

double Rates::known(Kind kind, Timestamp now) const {
  const auto& sums = series_[kind].sums;
  const auto after =
      std::upper_bound(sums.begin(), sums.end(), now, [](Timestamp at, const auto& each) { return at < each.first; });
  return after == sums.begin() ? 0 : (after - 1)->second;
}

double Rates::flaky_share(Timestamp now) const {
  return std::min(0.9, (known(flaky_tests, now) + kFlakyShare * kFlakyWeight) / (histories_.pairs(now) + kFlakyWeight));
}

double Rates::broken_share(Timestamp now) const {
  return (known(broken_results, now) + kBrokenShare * kBrokenWeight) / (known(main_results, now) + kBrokenWeight);
}

double Rates::own_failures(Timestamp now) const {
  return (known(own_of_pulls, now) + kOwnFailures * kOwnWeight) / (known(pull_runs, now) + kOwnWeight);
}

double Rates::machine_share(Timestamp now) const {
  const double machine = known(machine_runs, now), own = known(own_runs, now);
  return (machine + kMachineRuns) / (machine + own + kMachineRuns + kOwnRuns);
}

void Rates::learn_runs(const Histories& histories) {
  for (std::size_t i = 0; i < histories.runs().runs().size(); ++i) {
    const TestRun& run = histories.run(i);
    if (histories.is_mass(i)) {
      if (run.item) learn_mass(histories, i);
    } else if (run.on_main) {
      add(main_results, run.at, static_cast<double>(run.tests));
    } else if (run.item) {
      add(pull_runs, run.at, 1);
    }
  }
}

// A run that lost many tests was the machine's where the same commit did not, on this configuration or on all others;
// the change's where the others lost many as well.
void Rates::learn_mass(const Histories& histories, std::size_t run) {
  const TestRun& self = histories.run(run);
  std::optional<Timestamp> well_again, well_beside, lost_beside;
  for (const auto other : histories.of_commit(self.sha)) {
    if (other == run) continue;
    const TestRun& each = histories.run(other);
    auto& seen = each.configuration == self.configuration ? well_again
                 : histories.is_mass(other)               ? lost_beside
                                                          : well_beside;
    if (each.configuration == self.configuration && histories.is_mass(other)) continue;
    if (!seen || each.at < *seen) seen = each.at;
  }
  if (well_again)
    add(machine_runs, std::max(self.at, *well_again), 1);
  else if (well_beside && !lost_beside)
    add(machine_runs, std::max(self.at, *well_beside), 1);
  else if (lost_beside && !well_beside)
    add(own_runs, std::max(self.at, *lost_beside), 1);
}

// What failed on the main branch run after run, and what failed and passed on one commit. Failures alone are looked at,
// so that it costs the same however long the suite is.
void Rates::learn_tests(const Histories& histories) {
  struct Streak {
    std::int64_t last = -1, length = 0;  // counted in runs of the main branch there
  };
  const TestRuns& runs = histories.runs();
  for (const auto& [configuration, name] : runs.configurations()) {
    std::unordered_map<std::int64_t, Streak> streaks;
    std::unordered_map<std::int64_t, Timestamp> flaked;  // tests, and when it was known first
    std::int64_t ordinal = 0;
    for (const auto index : runs.runs_of(configuration)) {
      if (histories.is_mass(index)) continue;
      const TestRun& run = histories.run(index);
      for (const auto& failure : runs.failures(run)) {
        const ci::Outcome outcome = failure.state.outcome();
        const bool is_mixed = outcome == ci::Outcome::flaky, fails = ci::is_failure(outcome);
        if (fails && run.on_main) {
          Streak& streak = streaks[failure.test_id];
          streak.length = streak.last == ordinal - 1 ? streak.length + 1 : 1;
          streak.last = ordinal;
          if (streak.length >= kBrokenStreak)
            add(broken_results, run.at, streak.length == kBrokenStreak ? static_cast<double>(kBrokenStreak) : 1);
        }
        std::optional<Timestamp> at;
        if (is_mixed) at = run.at;
        for (const auto other : fails ? histories.of_commit(run.sha) : kNone) {
          const TestRun& again = histories.run(other);
          if (other == index || again.configuration != configuration || histories.is_mass(other)) continue;
          const StoredFailure* same = runs.failure(again, failure.test_id);
          if (same && ci::is_failure(same->state.outcome())) continue;
          const Timestamp known = std::max(run.at, again.at);
          if (!at || known < *at) at = known;
        }
        if (!at) continue;
        const auto [found, is_new] = flaked.emplace(failure.test_id, *at);
        if (!is_new) found->second = std::min(found->second, *at);
      }
      ordinal += run.on_main ? 1 : 0;
    }
    for (const auto& [test, at] : flaked) add(flaky_tests, at, 1);
  }
}

// What a change failed twice, in whatever runs, while the main branch passed it and the same commit never did.
void Rates::learn_own(const Histories& histories) {
  std::map<std::int64_t, std::size_t> newest_main;  // by configuration
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> seen;
  for (std::size_t i = 0; i < histories.runs().runs().size(); ++i) {
    const TestRun& run = histories.run(i);
    if (histories.is_mass(i)) continue;
    if (run.on_main) newest_main[run.configuration] = i;
    if (!run.item) continue;
    const auto main = newest_main.find(run.configuration);
    for (const auto& failure : histories.runs().failures(run)) {
      if (!ci::is_failure(failure.state.outcome())) continue;
      if (main != newest_main.end() && histories.runs().failure(histories.run(main->second), failure.test_id)) continue;
      const std::int64_t count = ++seen[{*run.item, failure.test_id}];
      const auto& same = histories.of_commit(run.sha);
      const bool passed = std::any_of(same.begin(), same.end(), [&](std::size_t other) {
        const TestRun& each = histories.run(other);
        return other < i && each.configuration == run.configuration && !histories.runs().failure(each, failure.test_id);
      });
      if (count >= 2 && !passed) add(own_of_pulls, run.at, count == 2 ? 2 : 1);
    }
  }
}

}  // namespace resident::verdicts
