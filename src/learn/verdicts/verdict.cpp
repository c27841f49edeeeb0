#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <cmath>
#include <learn/verdicts/verdict.hpp>
#include <map>
#include <numeric>
#include <string_view>
#include <unordered_set>

namespace resident::verdicts {

namespace {

// Rates of tests that flake: weak, a few runs outweigh it.
constexpr double kRateA = 0.4, kRateB = 20;
constexpr double kFailsAgain = 0.95, kPassesThough = 0.02;  // a real failure, tried again
constexpr double kOnOthers = 0.8, kNotOnOthers = 0.5;       // a real failure, on other configurations
constexpr double kLeastAgain = 0.02;                        // flakes of one commit are not quite independent
constexpr double kCertain = 0.02;                           // the chance at which flakes are no explanation any more
constexpr std::size_t kWindow = 300;                        // results looked at, before and after
constexpr std::size_t kMostFlakesShown = 12;
constexpr int kWellRuns = 3;
constexpr Timestamp kSameTime = 12 * kHour;

double log_beta(double a, double b) {
  return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
}

// Expected rate of failing without a cause after `failed` of `n`, where such a share of tests flakes at all.
double expected_rate(double failed, double n, double share) {
  if (failed > 0) return (failed + kRateA) / (n + kRateA + kRateB);
  const double flaky = share * std::exp(log_beta(kRateA, kRateB + n) - log_beta(kRateA, kRateB));
  return flaky / (flaky + 1 - share) * kRateA / (kRateA + kRateB + n);
}

// How much likelier a message is of a flake than of anything else, after so many flakes with it and with others:
// a Dirichlet of weight 1 about the chance that a message is met at all.
double message_odds(std::int64_t same, std::int64_t others) {
  constexpr double kAnyMessage = 0.2;
  return (static_cast<double>(same) + kAnyMessage) / (static_cast<double>(same + others) + 1) / kAnyMessage;
}

}  // namespace

const char* blame_name(Blame blame) {
  switch (blame) {
    case Blame::own:
      return "its own";
    case Blame::base:
      return "the base's";
    case Blame::flaky:
      return "flaky";
    case Blame::machine:
      return "the machine's";
    case Blame::unknown:
      break;
  }
  return "not known";
}

// What the runs say of one failure.
struct Judge::Evidence {
  std::int64_t message = 0;
  bool mixed = false;
  double flaked = 0, of_runs = 0;
  std::int64_t message_flaked = 0, other_message_flaked = 0;
  std::int64_t streak = 0;         // failures in a row at the end of main before the run
  std::optional<bool> main_after;  // whether main failed next after it
  bool message_on_main = false, other_message_on_main = false;
  std::int64_t passed_again = 0, failed_again = 0;    // the same commit on this configuration
  std::int64_t failed_beside = 0, passed_beside = 0;  // the same commit on others
  std::int64_t failed_around = 0;                     // other commits of the change, next to this one
  bool mass = false, well_again = false;              // well_again: the same commit lost few, in another run
  double machine = 0, own_mass = 0, base_mass = 0;    // weights, where many failed at once
  double odd = 1;                                     // that what took many along took this one
  bool is_odd = false;                                // most of them have one message, and this one another
  bool knows_base = false;                            // the main branch ran on this configuration by then
  std::vector<std::size_t> runs;
};

// The main branch before: a streak that ends at the last result before the run; and the next one after it. Runs that
// lost many tests say nothing of one.
void Judge::look_at_main(const Points& points, std::size_t run, Timestamp now, Evidence& evidence) const {
  const TestRun& self = histories_.run(run);
  const auto here = std::lower_bound(points.begin(), points.end(), run,
                                     [](const HistoryPoint& point, std::size_t at) { return point.run < at; });
  const auto says = [&](const HistoryPoint& point) {
    const TestRun& each = histories_.run(point.run);
    return point.run != run && each.at <= now && each.on_main && !histories_.is_mass(point.run) &&
           (self.sha.empty() || each.sha != self.sha);
  };
  if (here != points.end() && here->run == run) evidence.message = here->message, evidence.mixed = here->mixed;
  const auto begin = here - std::min<std::ptrdiff_t>(here - points.begin(), kWindow);
  const auto end = here + std::min<std::ptrdiff_t>(points.end() - here, kWindow);
  for (auto point = here; point != begin;) {
    --point;
    if (!says(*point)) continue;
    if (!point->fails()) {
      if (evidence.streak == 0) evidence.runs.push_back(point->run);
      break;
    }
    if (++evidence.streak <= kBrokenStreak) evidence.runs.push_back(point->run);
    if (point->message && evidence.message)
      (point->message == evidence.message ? evidence.message_on_main : evidence.other_message_on_main) = true;
  }
  for (auto point = here; point != end && !evidence.main_after; ++point) {
    if (!says(*point)) continue;
    evidence.main_after = point->fails();
    evidence.runs.push_back(point->run);
  }
}

// Failures without a cause, in other commits. Streaks on main are none; what a change fails at until its next commit
// is hardly one.
void Judge::look_at_flakes(const Points& points, std::size_t run, Timestamp now, Evidence& evidence) const {
  constexpr double kPerhaps = 0.3;
  const TestRun& self = histories_.run(run);
  const auto says = [&](const HistoryPoint& point) {
    const TestRun& each = histories_.run(point.run);
    return point.run != run && each.at <= now && !histories_.is_mass(point.run) &&
           !(self.item && each.item == self.item) && (self.sha.empty() || each.sha != self.sha);
  };
  std::unordered_set<std::string_view> failed, passed;  // commits; of those that passed, the failed ones
  for (const auto& point : points)
    if (point.failed) failed.insert(histories_.run(point.run).sha);
  for (const auto& point : points)
    if (const TestRun& each = histories_.run(point.run);
        !point.fails() && each.at <= now && !each.sha.empty() && failed.contains(each.sha))
      passed.insert(each.sha);
  const auto flaked = [&](const HistoryPoint& point) {
    evidence.flaked += 1, evidence.of_runs += 1;
    ++(point.message == evidence.message ? evidence.message_flaked : evidence.other_message_flaked);
    if (evidence.runs.size() < kMostFlakesShown) evidence.runs.push_back(point.run);
  };
  std::vector<const HistoryPoint*> streak;
  const auto end_streak = [&] {
    if (streak.size() < static_cast<std::size_t>(kBrokenStreak))
      for (const auto* point : streak) flaked(*point);
    streak.clear();
  };
  for (const auto& point : points) {
    if (!says(point)) continue;
    const TestRun& each = histories_.run(point.run);
    if (each.on_main) {
      if (point.fails()) {
        streak.push_back(&point);
        continue;
      }
      end_streak();
    }
    if (!point.failed)
      evidence.of_runs += 1;
    else if (point.mixed || passed.contains(each.sha))
      flaked(point);
    else if (!each.on_main && streak.empty())
      evidence.flaked += kPerhaps, evidence.of_runs += 1;
  }
  // A streak that still goes on is no flake yet.
  if (streak.size() < 2 && !evidence.main_after.value_or(false)) end_streak();
}

// The same change: this commit again, here and on other configurations, and the commits next to it.
void Judge::look_at_change(const Points& points, std::int64_t test, std::size_t run, Timestamp now,
                           Evidence& evidence) const {
  const TestRun& self = histories_.run(run);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const HistoryPoint& point = points[i];
    const TestRun& each = histories_.run(point.run);
    if (point.run == run || each.at > now || histories_.is_mass(point.run)) continue;
    const bool is_next = (i + 1 < points.size() && points[i + 1].run == run) || (i > 0 && points[i - 1].run == run);
    if (!self.sha.empty() && each.sha == self.sha)
      ++(point.fails() ? evidence.failed_again : evidence.passed_again);
    else if (self.item && each.item == self.item && point.fails() && is_next)
      ++evidence.failed_around;
    else
      continue;
    evidence.runs.push_back(point.run);
  }
  for (const auto other : histories_.of_commit(self.sha)) {
    const TestRun& each = histories_.run(other);
    if (each.configuration == self.configuration || each.at > now || histories_.is_mass(other)) continue;
    const StoredFailure* found = histories_.runs().failure(each, test);
    if (found && ci::is_failure(found->state.outcome()))
      ++evidence.failed_beside, evidence.runs.push_back(other);
    else
      ++evidence.passed_beside;
  }
}

// Many tests at once: the machine, a change that breaks all, or a main branch that is broken altogether. Other commits
// on the machine at that time, this commit on other machines, and the main branch on each of them tell which.
void Judge::weigh_mass(std::size_t run, Timestamp now, Evidence& evidence) const {
  constexpr double kMass = 0.015, kBaseMass = 0.0005, kBaseMassAlone = 0.02, kBaseMassEverywhere = 0.2;
  const TestRun& self = histories_.run(run);
  const double machine = rates_.machine_share(now);
  evidence.machine = kMass * machine, evidence.own_mass = kMass * (1 - machine), evidence.base_mass = kBaseMass;
  const TestRuns& runs = histories_.runs();
  bool main_here = false, main_elsewhere = false, is_alone = true;
  for (const auto& [configuration, name] : runs.configurations()) {
    const auto& list = runs.runs_of(configuration);
    for (auto each = std::lower_bound(list.begin(), list.end(), run); each != list.begin();) {
      if (!histories_.run(*--each).on_main || histories_.run(*each).at > now) continue;
      (configuration == self.configuration ? main_here : main_elsewhere) |= histories_.is_mass(*each);
      is_alone = is_alone && configuration == self.configuration;
      break;
    }
  }
  if (main_here) evidence.base_mass = is_alone ? kBaseMassAlone : main_elsewhere ? kBaseMassEverywhere : 4 * kBaseMass;
  int well = 0;
  for (const auto other : runs.runs_of(self.configuration)) {
    const TestRun& each = histories_.run(other);
    if (other == run || each.at > now || each.at < self.at - kSameTime || each.at > self.at + kSameTime) continue;
    const bool is_mass = histories_.is_mass(other);
    if (!self.sha.empty() && each.sha == self.sha) {
      if (is_mass) continue;
      evidence.own_mass *= kPassesThough, evidence.base_mass *= kPassesThough, evidence.runs.push_back(other);
    } else if (!self.item || each.item != self.item) {
      // A machine runs well before and after its trouble: a few good runs say enough.
      if (!is_mass && ++well <= kWellRuns) evidence.machine *= 0.8;
      if (is_mass) evidence.machine *= 5, evidence.runs.push_back(other);
    }
  }
  for (const auto other : histories_.of_commit(self.sha)) {
    const TestRun& each = histories_.run(other);
    if (other == run) continue;
    if (each.configuration == self.configuration) {
      evidence.well_again = evidence.well_again || (each.at <= now && !histories_.is_mass(other));
    } else if (each.at <= now) {
      if (histories_.is_mass(other))
        evidence.machine *= 0.1;
      else
        evidence.own_mass *= 0.1, evidence.base_mass *= 0.1;
      evidence.runs.push_back(other);
    }
  }
  evidence.machine = std::min(evidence.machine, 1.0);
  // Where most have one message, what has another may have failed by itself.
  std::map<std::int64_t, std::int64_t> messages;
  const auto failures = runs.failures(self);
  for (const auto& failure : failures) ++messages[failure.state.message_id];
  const auto most = std::max_element(messages.begin(), messages.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  const auto all = static_cast<std::int64_t>(failures.size());
  evidence.is_odd = most != messages.end() && most->first && most->second * 2 >= all && evidence.message &&
                    evidence.message != most->first;
  if (evidence.is_odd)
    evidence.odd = std::clamp(0.2 * static_cast<double>(all - most->second) / histories_.tests(now), 0.001, 1.0);
}

Judge::Evidence Judge::evidence(std::int64_t test, std::size_t run, Timestamp now) const {
  Evidence evidence;
  const auto& all = histories_.of(test, histories_.run(run).configuration);
  const auto here = std::lower_bound(all.begin(), all.end(), run,
                                     [](const HistoryPoint& point, std::size_t at) { return point.run < at; });
  const Points points(here - std::min<std::ptrdiff_t>(here - all.begin(), kWindow),
                      here + std::min<std::ptrdiff_t>(all.end() - here, kWindow));
  look_at_main(points, run, now, evidence);
  look_at_flakes(points, run, now, evidence);
  look_at_change(points, test, run, now, evidence);
  const auto& here_too = histories_.runs().runs_of(histories_.run(run).configuration);
  evidence.knows_base = std::any_of(here_too.begin(), here_too.end(), [&](std::size_t other) {
    return histories_.run(other).on_main && histories_.run(other).at <= now;
  });
  evidence.mass = histories_.is_mass(run);
  if (evidence.mass) weigh_mass(run, now, evidence);
  std::sort(evidence.runs.begin(), evidence.runs.end());
  evidence.runs.erase(std::unique(evidence.runs.begin(), evidence.runs.end()), evidence.runs.end());
  return evidence;
}

// rate: of failing without a cause.
std::array<double, 4> Judge::weights(const Evidence& evidence, double rate, Timestamp now) const {
  const auto again = static_cast<double>(evidence.failed_again), passes = static_cast<double>(evidence.passed_again),
             around = static_cast<double>(evidence.failed_around),
             beside = static_cast<double>(std::min<std::int64_t>(2, evidence.failed_beside)),
             beside_passes = static_cast<double>(std::min<std::int64_t>(2, evidence.passed_beside));
  const double breaks = rates_.broken_share(now);
  double broken = 0.2 * breaks;  // meanwhile
  if (evidence.streak > 0) {
    broken = breaks / (breaks + std::pow(rate, static_cast<double>(evidence.streak)));
    if (evidence.main_after) broken = *evidence.main_after ? 1 - (1 - broken) * rate : broken * 0.9;
  } else if (evidence.main_after.value_or(false)) {
    broken = breaks / (breaks + rate) * 0.5;
  }
  const double persists = std::pow(kFailsAgain, again) * std::pow(kPassesThough, passes);
  const double flakes_again = std::max(rate, kLeastAgain);
  double own = std::max(rates_.own_failures(now) / histories_.tests(now), 1e-6) * persists *
               std::pow(kOnOthers, around + beside) * std::pow(kNotOnOthers, beside_passes) * (1 - broken);
  double base = broken * kFailsAgain * persists * std::pow(kOnOthers, beside) * std::pow(0.6, beside_passes);
  double flaky = rate * std::pow(rate, again) * std::pow(flakes_again, around + beside) * std::pow(1 - rate, passes) *
                 (1 - broken);
  double machine = 1e-7;
  if (evidence.mixed) flaky = std::max(flaky, 0.01) * 100, own *= kPassesThough, base *= kPassesThough;
  if (evidence.message) flaky *= message_odds(evidence.message_flaked, evidence.other_message_flaked);
  if (evidence.message_on_main)
    base *= evidence.message_flaked ? 1 : 3;
  else if (evidence.other_message_on_main)
    base *= 0.4;
  if (evidence.mass) {
    // What it would have failed by alone, against what took many along.
    const double alone = own + base + flaky, mass = (1 - broken) * evidence.odd * std::pow(flakes_again, beside);
    const double by_itself = alone / (alone + mass), sum = evidence.machine + evidence.own_mass + evidence.base_mass;
    own = own / alone * by_itself + (1 - by_itself) * evidence.own_mass / sum;
    base = base / alone * by_itself + (1 - by_itself) * evidence.base_mass / sum;
    flaky = flaky / alone * by_itself;
    machine = (1 - by_itself) * evidence.machine / sum;
  }
  // Nothing tells the change's failures from those of a base that never ran.
  if (!evidence.knows_base) own = base = (own + base) / 2;
  const double sum = own + base + flaky + machine;
  return {own / sum, base / sum, flaky / sum, machine / sum};
}

Verdict Judge::verdict_of(const Evidence& evidence, Timestamp now) const {
  Verdict verdict;
  verdict.flaky_rate = expected_rate(evidence.flaked, evidence.of_runs, rates_.flaky_share(now));
  verdict.flaked = std::llround(evidence.flaked), verdict.of_runs = std::llround(evidence.of_runs);
  verdict.weights = weights(evidence, verdict.flaky_rate, now);
  const auto best = std::max_element(verdict.weights.begin(), verdict.weights.end());
  verdict.likeliest = static_cast<Blame>(best - verdict.weights.begin());
  verdict.probability = calibration_.of(*best, verdict.likeliest);
  if (verdict.probability >= kDecided) verdict.blame = verdict.likeliest;
  verdict.runs = evidence.runs;
  verdict.failed_on_main = evidence.streak;

  std::vector<std::string> said;
  if (!evidence.knows_base) said.emplace_back("the main branch is not known to have run there");
  if (evidence.mass)
    said.emplace_back(evidence.is_odd ? "many tests failed at once in this run, most of them with another message"
                                      : "many tests failed at once in this run");
  if (evidence.mixed) said.emplace_back("it passed when tried again in the same run");
  if (evidence.passed_again)
    said.push_back(fmt::format(
        "the same commit passed it {}",
        evidence.passed_again == 1 ? "in another run" : fmt::format("in {} other runs", evidence.passed_again)));
  if (evidence.failed_again)
    said.push_back(
        fmt::format("the same commit failed it {}",
                    evidence.failed_again == 1 ? "again" : fmt::format("{} times more", evidence.failed_again)));
  if (evidence.failed_around) said.emplace_back("another commit of the change fails it too");
  if (evidence.streak)
    said.push_back(fmt::format("the main branch failed it before, {}",
                               evidence.streak == 1 ? "once" : fmt::format("{} times in a row", evidence.streak)));
  else if (!evidence.runs.empty())
    said.emplace_back("the main branch passed it before");
  if (evidence.main_after) said.emplace_back(*evidence.main_after ? "and fails it after" : "and passes it after");
  if (evidence.failed_beside)
    said.push_back(fmt::format("it fails on {} too", plural(evidence.failed_beside, "other configuration")));
  if (verdict.of_runs == 0)
    said.emplace_back("no other run of it is known there");
  else
    said.push_back(verdict.flaked
                       ? fmt::format("{} of {} other runs failed it without a cause", verdict.flaked, verdict.of_runs)
                       : fmt::format("none of {} failed it without a cause", plural(verdict.of_runs, "other run")));
  if (evidence.message_flaked)
    said.emplace_back("with this message");
  else if (evidence.message && evidence.other_message_flaked)
    said.emplace_back("with other messages");
  for (const auto& part : said) verdict.why += (verdict.why.empty() ? "" : "; ") + part;
  return verdict;
}

Verdict Judge::judge(std::int64_t test, std::size_t run, Timestamp now) const {
  return verdict_of(evidence(test, run, now), now);
}

std::optional<Blame> Judge::later_truth(std::int64_t test, std::size_t run, Timestamp now) const {
  const Evidence all = evidence(test, run, now);
  if (all.mass) return all.well_again && !all.is_odd ? std::optional(Blame::machine) : std::nullopt;
  if (all.mixed || all.passed_again > 0) return Blame::flaky;
  if (all.streak > 0 && all.main_after.value_or(false)) return Blame::base;
  if (all.streak > 0 || all.main_after.value_or(false)) return std::nullopt;
  // Its own: passed by a later commit of the change, while main passed it before and after, and where it was tried
  // again or elsewhere it failed, too often for a flake.
  const TestRun& self = histories_.run(run);
  if (!self.item || !all.main_after || all.passed_beside > 0) return std::nullopt;
  const auto others = static_cast<double>(all.failed_again + all.failed_around + all.failed_beside);
  const double rate = expected_rate(all.flaked, all.of_runs, rates_.flaky_share(now));
  if (all.flaked >= 1 ? std::pow(rate, others) > kCertain : others == 0 && all.flaked > 0) return std::nullopt;
  for (const auto& point : histories_.of(test, self.configuration)) {
    const TestRun& each = histories_.run(point.run);
    if (point.run > run && each.at <= now && each.item == self.item && each.sha != self.sha && !point.failed)
      return Blame::own;
  }
  return std::nullopt;
}

namespace {

bool is_judged(ci::Outcome outcome) {
  return ci::is_failure(outcome) || outcome == ci::Outcome::flaky;
}

}  // namespace

std::vector<JudgedFailure> Judge::said() const {
  std::vector<JudgedFailure> result;
  const TestRuns& runs = histories_.runs();
  for (std::size_t i = 0; i < runs.runs().size(); ++i) {
    const TestRun& run = runs.runs()[i];
    if (!run.item) continue;
    for (const auto& failure : runs.failures(run))
      if (is_judged(failure.state.outcome()))
        result.push_back({failure.test_id, i, run.at, Blame::unknown, judge(failure.test_id, i, run.at)});
  }
  return result;
}

std::vector<JudgedFailure> Judge::judged(std::size_t most) const {
  std::vector<JudgedFailure> result;
  const TestRuns& runs = histories_.runs();
  for (std::size_t i = runs.runs().size(); i-- > 0 && result.size() < most;) {
    const TestRun& run = runs.runs()[i];
    if (!run.item) continue;
    std::size_t of_run = 0;
    for (const auto& failure : runs.failures(run)) {
      if (!is_judged(failure.state.outcome())) continue;
      if (++of_run > kMostOfARun) break;
      if (const auto truth = later_truth(failure.test_id, i, runs.context().as_of))
        result.push_back({failure.test_id, i, run.at, *truth, judge(failure.test_id, i, run.at)});
    }
  }
  std::reverse(result.begin(), result.end());
  return result;
}

}  // namespace resident::verdicts
