#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <cmath>
#include <learn/verdicts/verdict.hpp>
#include <set>

namespace resident::verdicts {

namespace {

// Rates of flaky tests, and how many tests are: Luo et al. (FSE 2014) and Google (Micco 2017) tell of some percents of
// tests that flake now and then. Weak priors, which a few runs outweigh.
constexpr double kFlakyShare = 0.02, kRateA = 0.4, kRateB = 20;
constexpr double kBreaks = 0.01;           // that a streak of failures on the main branch is a break, before its length
constexpr double kBrokeMeanwhile = 0.002;  // that main broke since it passed last
constexpr double kOwnFailures = 0.15;      // failures of its own that a run of a change has, over all tests
constexpr double kFailsAgain = 0.95, kPassesThough = 0.02;  // a real failure, tried again
constexpr std::size_t kWindow = 300;                        // results looked at, before and after
constexpr std::int64_t kBrokenStreak = 3;                   // failures in a row on main that are no flakes
constexpr int kWellRuns = 3;
constexpr Timestamp kSameTime = 12 * kHour;

double log_beta(double a, double b) {
  return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
}

// Expected rate of failing without a cause after `failed` of `n`: a share of tests flakes at all.
double expected_rate(double failed, double n) {
  if (failed > 0) return (failed + kRateA) / (n + kRateA + kRateB);
  const double flaky = kFlakyShare * std::exp(log_beta(kRateA, kRateB + n) - log_beta(kRateA, kRateB));
  return flaky / (flaky + 1 - kFlakyShare) * kRateA / (kRateA + kRateB + n);
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

struct Judge::Point {
  std::uint32_t run = 0;
  bool failed = false, mixed = false;  // mixed: failed and passed within the run
  std::int64_t message = 0;
};

// What the runs say of one failure.
struct Judge::Evidence {
  std::int64_t message = 0;
  bool mixed = false;
  double flaked = 0, of_runs = 0;
  bool message_flaked = false, other_message_flaked = false;
  std::int64_t streak = 0;         // failures in a row at the end of main before the run
  std::optional<bool> main_after;  // whether main failed next after it
  bool message_on_main = false, other_message_on_main = false;
  std::int64_t passed_again = 0, failed_again = 0;    // the same commit on this configuration
  std::int64_t failed_beside = 0, passed_beside = 0;  // the same commit on others
  std::int64_t failed_around = 0;                     // other commits of the change, next to this one
  bool mass = false;
  double machine = 0, own_mass = 0;  // likelihoods, where many failed at once
  std::vector<std::size_t> runs;
};

Judge::Judge(const TestRuns& runs) : runs_(runs) {
  for (const auto& [test, configurations] : runs.failing_tests())
    for (const auto configuration : configurations) failing_[configuration].push_back(test);
  tests_ = static_cast<double>(
      runs.context()
          .database
          .integer("SELECT count(*) FROM ci_test WHERE project_id = :project", {{"project", runs.context().project_id}})
          .value_or(1));
  for (std::size_t i = 0; i < runs.runs().size(); ++i)
    if (!runs.runs()[i].sha.empty()) by_sha_[runs.runs()[i].sha].push_back(i);
}

Judge::~Judge() = default;

const std::vector<Judge::Point>& Judge::history(std::int64_t test, std::int64_t configuration) const {
  auto found = histories_.find(configuration);
  if (found == histories_.end()) {
    found = histories_.emplace(configuration, std::map<std::int64_t, std::vector<Point>>{}).first;
    const auto tests = failing_.find(configuration);
    if (tests != failing_.end())
      for (const auto& [id, points] : runs_.histories(tests->second, configuration))
        for (const auto& point : points) {
          const ci::Outcome outcome = point.state.outcome();
          const bool mixed = outcome == ci::Outcome::flaky;
          if (!mixed && !ci::is_failure(outcome) && outcome != ci::Outcome::pass && outcome != ci::Outcome::xfail &&
              outcome != ci::Outcome::xpass)
            continue;
          found->second[id].push_back(
              {static_cast<std::uint32_t>(point.run), mixed || ci::is_failure(outcome), mixed, point.state.message_id});
        }
  }
  return found->second[test];
}

bool Judge::is_mass_failure(std::size_t run) const {
  return resident::is_mass_failure(runs_.runs()[run]);
}

// Many tests at once: a machine, or a change that breaks all. Other commits on the machine at that time, and this
// commit on other machines, tell which.
void Judge::weigh_machine(std::size_t run, Timestamp now, Evidence& evidence) const {
  const TestRun& self = runs_.runs()[run];
  evidence.mass = is_mass_failure(run);
  if (!evidence.mass) return;
  evidence.machine = 0.01, evidence.own_mass = 0.005;
  int well = 0;
  for (const auto other : runs_.runs_of(self.configuration)) {
    const TestRun& each = runs_.runs()[other];
    if (other == run || each.at > now || each.at < self.at - kSameTime || each.at > self.at + kSameTime) continue;
    if (each.sha == self.sha) {
      if (!is_mass_failure(other)) evidence.own_mass *= kPassesThough, evidence.runs.push_back(other);
    } else if (!self.item || each.item != self.item) {
      // A machine runs well before and after its trouble: a few good runs say enough.
      if (!is_mass_failure(other)) {
        if (++well <= kWellRuns) evidence.machine *= 0.8;
        continue;
      }
      evidence.machine *= 5;
      evidence.runs.push_back(other);
    }
  }
  if (const auto same = by_sha_.find(self.sha); same != by_sha_.end())
    for (const auto other : same->second) {
      const TestRun& each = runs_.runs()[other];
      if (each.configuration == self.configuration || each.at > now) continue;
      (is_mass_failure(other) ? evidence.machine : evidence.own_mass) *= 0.1;
      evidence.runs.push_back(other);
    }
  evidence.machine = std::min(evidence.machine, 1.0);
}

Judge::Evidence Judge::evidence(std::int64_t test, std::size_t run, Timestamp now) const {
  Evidence evidence;
  const TestRun& self = runs_.runs()[run];
  const auto& points = history(test, self.configuration);
  const auto here = std::lower_bound(points.begin(), points.end(), run,
                                     [](const Point& point, std::size_t at) { return point.run < at; });
  if (here != points.end() && here->run == run) evidence.message = here->message, evidence.mixed = here->mixed;
  const auto begin = here - std::min<std::ptrdiff_t>(here - points.begin(), kWindow);
  const auto end = here + std::min<std::ptrdiff_t>(points.end() - here, kWindow);
  const auto knows = [&](const Point& point) { return runs_.runs()[point.run].at <= now; };
  const auto is_own = [&](const TestRun& each) {
    return (self.item && each.item == self.item) || (!self.sha.empty() && each.sha == self.sha);
  };
  // The main branch before: a streak that ends at the last result before the run; and the next one after it.
  for (auto point = here; point != begin;) {
    const TestRun& each = runs_.runs()[(--point)->run];
    if (!each.on_main || is_own(each)) continue;
    if (!point->failed || point->mixed) {
      if (evidence.streak == 0) evidence.runs.push_back(point->run);
      break;
    }
    if (++evidence.streak <= 3) evidence.runs.push_back(point->run);
    if (point->message && evidence.message)
      (point->message == evidence.message ? evidence.message_on_main : evidence.other_message_on_main) = true;
  }
  for (auto point = here; point != end && !evidence.main_after; ++point) {
    const TestRun& each = runs_.runs()[point->run];
    if (point->run == run || !knows(*point) || !each.on_main || is_own(each)) continue;
    evidence.main_after = point->failed && !point->mixed;
    evidence.runs.push_back(point->run);
  }
  // Failures without a cause, elsewhere. Streaks on main are none; nor is what a change fails at until its next commit.
  std::set<std::string> passed, failed;  // commits
  for (auto point = begin; point != end; ++point)
    if (knows(*point)) (point->failed && !point->mixed ? failed : passed).insert(runs_.runs()[point->run].sha);
  std::vector<const Point*> streak;
  const auto end_streak = [&] {
    if (streak.size() < static_cast<std::size_t>(kBrokenStreak))
      for (const auto* point : streak) {
        evidence.flaked += 1, evidence.of_runs += 1;
        (point->message == evidence.message ? evidence.message_flaked : evidence.other_message_flaked) = true;
        if (evidence.runs.size() < 12) evidence.runs.push_back(point->run);
      }
    streak.clear();
  };
  for (auto point = begin; point != end; ++point) {
    const TestRun& each = runs_.runs()[point->run];
    if (point->run == run || !knows(*point) || is_own(each) || is_mass_failure(point->run)) continue;
    if (each.on_main) {
      if (point->failed && !point->mixed) {
        streak.push_back(&*point);
        continue;
      }
      end_streak();
    }
    const bool came_right = point->mixed || (!each.sha.empty() && passed.contains(each.sha));
    if (!point->failed) {
      evidence.of_runs += 1;
    } else if (came_right) {
      evidence.flaked += 1, evidence.of_runs += 1;
      (point->message == evidence.message ? evidence.message_flaked : evidence.other_message_flaked) = true;
      if (evidence.runs.size() < 12) evidence.runs.push_back(point->run);
    } else if (!each.on_main && streak.empty()) {
      evidence.flaked += 0.3, evidence.of_runs += 1;
    }
  }
  // A streak that still goes on is no flake yet.
  if (streak.size() < 2 && evidence.main_after.value_or(false) == false) end_streak();
  // The same change: this commit again, and its neighbours.
  for (auto point = begin; point != end; ++point) {
    const TestRun& each = runs_.runs()[point->run];
    if (point->run == run || !knows(*point) || !is_own(each)) continue;
    if (!self.sha.empty() && each.sha == self.sha)
      ++(point->failed && !point->mixed ? evidence.failed_again : evidence.passed_again);
    else if (point->failed && !point->mixed && (point + 1 == here || point == here + 1))
      ++evidence.failed_around;
    else
      continue;
    evidence.runs.push_back(point->run);
  }
  if (const auto same = by_sha_.find(self.sha); same != by_sha_.end())
    for (const auto other : same->second) {
      const TestRun& each = runs_.runs()[other];
      if (each.configuration == self.configuration || each.at > now || is_mass_failure(other)) continue;
      const StoredFailure* found = runs_.failure(each, test);
      if (found && ci::is_failure(found->state.outcome()))
        ++evidence.failed_beside, evidence.runs.push_back(other);
      else
        ++evidence.passed_beside;
    }
  weigh_machine(run, now, evidence);
  std::sort(evidence.runs.begin(), evidence.runs.end());
  evidence.runs.erase(std::unique(evidence.runs.begin(), evidence.runs.end()), evidence.runs.end());
  return evidence;
}

Verdict Judge::verdict_of(const Evidence& evidence) const {
  Verdict verdict;
  const double rate = expected_rate(evidence.flaked, evidence.of_runs);
  verdict.flaky_rate = rate;
  verdict.flaked = std::llround(evidence.flaked), verdict.of_runs = std::llround(evidence.of_runs);
  const auto again = static_cast<double>(evidence.failed_again), passes = static_cast<double>(evidence.passed_again),
             around = static_cast<double>(evidence.failed_around),
             beside = static_cast<double>(std::min<std::int64_t>(2, evidence.failed_beside)),
             beside_passes = static_cast<double>(std::min<std::int64_t>(2, evidence.passed_beside));
  double broken = kBrokeMeanwhile;
  if (evidence.streak > 0) {
    broken = kBreaks / (kBreaks + std::pow(rate, static_cast<double>(evidence.streak)));
    if (evidence.main_after) broken = *evidence.main_after ? 1 - (1 - broken) * rate : broken * 0.9;
  } else if (evidence.main_after.value_or(false)) {
    broken = kBreaks / (kBreaks + rate) * 0.5;
  }
  const double persists = std::pow(kFailsAgain, again) * std::pow(kPassesThough, passes);
  const double own_prior = std::max(kOwnFailures / tests_, 1e-6);
  double own = own_prior * persists * std::pow(0.8, around) * std::pow(0.8, beside) * std::pow(0.5, beside_passes) *
               (1 - broken);
  double base = broken * kFailsAgain * persists * std::pow(0.8, beside) * std::pow(0.6, beside_passes);
  double flaky = rate * std::pow(rate, again) * std::pow(std::max(rate, 0.02), around) *
                 std::pow(std::max(rate, 0.1), beside) * std::pow(1 - rate, passes) * (1 - broken);
  double machine = 1e-7;
  if (evidence.mass) {
    machine = evidence.machine;
    own = std::max(own, evidence.own_mass) * (evidence.passed_again ? kPassesThough : 1);
    if (evidence.streak == 0) base *= 0.1;
    flaky *= 0.05;  // one test's flaking makes no mass
  }
  if (evidence.mixed) flaky = std::max(flaky, 0.01) * 100, own *= kPassesThough, base *= kPassesThough;
  if (evidence.message_flaked)
    flaky *= 3;
  else if (evidence.other_message_flaked && evidence.flaked >= 3)
    flaky *= 0.5;
  if (evidence.message_on_main)
    base *= 3;
  else if (evidence.other_message_on_main)
    base *= 0.4;
  const double sum = own + base + flaky + machine;
  verdict.weights = {own / sum, base / sum, flaky / sum, machine / sum};
  const auto best = std::max_element(verdict.weights.begin(), verdict.weights.end());
  verdict.likeliest = static_cast<Blame>(best - verdict.weights.begin());
  verdict.probability = calibration_.of(*best);
  if (verdict.probability >= kDecided) verdict.blame = verdict.likeliest;
  verdict.runs = evidence.runs;

  std::vector<std::string> said;
  if (evidence.mass) said.emplace_back("many tests failed at once in this run");
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
  said.push_back(verdict.flaked
                     ? fmt::format("{} of {} other runs failed it without a cause", verdict.flaked, verdict.of_runs)
                     : fmt::format("none of {} failed it without a cause", plural(verdict.of_runs, "other run")));
  if (evidence.message_flaked) said.emplace_back("with this message");
  for (const auto& part : said) verdict.why += (verdict.why.empty() ? "" : "; ") + part;
  return verdict;
}

Verdict Judge::judge(std::int64_t test, std::size_t run, Timestamp now) const {
  return verdict_of(evidence(test, run, now));
}

std::optional<Blame> Judge::later_truth(std::int64_t test, std::size_t run) const {
  const Evidence all = evidence(test, run, runs_.context().as_of);
  if (all.mass) {
    if (all.passed_again > 0) return Blame::machine;
    return std::nullopt;
  }
  if (all.mixed || all.passed_again > 0) return Blame::flaky;
  if (all.streak > 0 && all.main_after.value_or(false)) return Blame::base;
  if (all.streak > 0 || all.main_after.value_or(false)) return std::nullopt;
  // Passed by a later commit of the change, while main passed it before and after.
  const TestRun& self = runs_.runs()[run];
  if (!self.item || !all.main_after) return std::nullopt;
  for (const auto& point : history(test, self.configuration)) {
    const TestRun& each = runs_.runs()[point.run];
    if (point.run > run && each.item == self.item && each.sha != self.sha && !point.failed)
      return all.failed_again + all.failed_around + all.failed_beside > 0 || all.flaked < 1 ? std::optional(Blame::own)
                                                                                            : std::nullopt;
  }
  return std::nullopt;
}

std::vector<JudgedFailure> Judge::judged(std::size_t most) const {
  std::vector<JudgedFailure> result;
  for (std::size_t i = runs_.runs().size(); i-- > 0 && (most == 0 || result.size() < most);) {
    const TestRun& run = runs_.runs()[i];
    if (!run.item) continue;
    for (const auto& failure : runs_.failures(run)) {
      if (!ci::is_failure(failure.state.outcome()) && failure.state.outcome() != ci::Outcome::flaky) continue;
      const auto truth = later_truth(failure.test_id, i);
      if (truth) result.push_back({failure.test_id, i, *truth, judge(failure.test_id, i, run.at)});
    }
  }
  std::reverse(result.begin(), result.end());
  return result;
}

void Judge::calibrate_on(const std::vector<JudgedFailure>& judged) {
  std::vector<std::pair<double, bool>> pairs;
  for (const auto& each : judged)
    pairs.emplace_back(each.verdict.weights[static_cast<std::size_t>(each.verdict.likeliest)],
                       each.verdict.likeliest == each.truth);
  calibration_ = calibrate(pairs);
}

}  // namespace resident::verdicts
