#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <map>
#include <model/tests/test_health.hpp>
#include <set>
#include <stats/quantile.hpp>

namespace resident {

namespace {

constexpr double kFailsForGood = 0.8;        // from such a rate of first tries on
constexpr std::int64_t kFewest = 3;          // results, for anything to be said
constexpr std::int64_t kFewestFlips = 2;     // one failure between passes may have
                                             // been a fault that was mended at once
constexpr std::size_t kMissedRuns = 3;       // complete runs without it: not run any more
constexpr Timestamp kMendedFor = 60 * kDay;  // news for so long
constexpr std::size_t kNewDurations = 15, kFewestDurations = 8;
constexpr double kSlower = 1.5;

bool counts(ci::Outcome outcome) {
  return outcome != ci::Outcome::skip && outcome != ci::Outcome::missing;
}

// What a first try and its repetitions came to.
stats::OutcomeCount count_of(const TestState& state, std::int64_t position) {
  stats::OutcomeCount count;
  count.position = position, count.runs = 1;
  const auto failed = [](ci::Outcome outcome) {
    return ci::is_failure(outcome) || outcome == ci::Outcome::flaky || outcome == ci::Outcome::xpass;
  };
  count.unexpected = failed(state.attempts.front()) ? 1 : 0;
  if (count.unexpected && state.attempts.size() > 1) {
    count.retried_runs = 1;
    count.retried_unexpected = std::all_of(state.attempts.begin(), state.attempts.end(), failed) ? 1 : 0;
  }
  return count;
}

enum class Elsewhere { unknown, passed, failed };

// What the test came to on the other configurations of that commit.
Elsewhere elsewhere(const TestRuns& runs, std::int64_t test, std::int64_t configuration, const std::string& sha) {
  Elsewhere found = Elsewhere::unknown;
  for (const auto index : runs.runs_of_commit(sha)) {
    const TestRun& run = runs.runs()[index];
    if (run.configuration == configuration || is_mass_failure(run)) continue;
    const StoredFailure* failure = runs.failure(run, test);
    if (failure && ci::is_failure(failure->state.outcome())) return Elsewhere::failed;
    found = Elsewhere::passed;
  }
  return found;
}

bool passed_again(const stats::OutcomeCount& count) {
  return count.retried_runs && !count.retried_unexpected;
}

// What the main branch shows in the newest stretch: a failure between passes, or with a pass on the same commit. A
// commit that failed whenever it was tried, twice at least, or on other configurations too, failed for a reason.
std::int64_t flips_of_main(const TestRuns& runs, std::int64_t test, std::int64_t configuration,
                           const std::vector<const TestPoint*>& counted,
                           const std::vector<stats::OutcomeCount>& history, std::size_t since) {
  std::map<std::string, std::pair<int, int>> tried;  // failed, passed, by commit
  for (std::size_t i = 0; i < counted.size(); ++i) {
    const TestRun& run = runs.runs()[counted[i]->run];
    if (run.sha.empty() || is_mass_failure(run)) continue;
    auto& [failed, passed] = tried[run.sha];
    ++(history[i].unexpected && !passed_again(history[i]) ? failed : passed);
  }
  std::set<std::string> seen;
  std::int64_t flips = 0;
  for (std::size_t i = 0; i < counted.size(); ++i) {
    const TestRun& run = runs.runs()[counted[i]->run];
    if (counted[i]->run < since || !history[i].unexpected || is_mass_failure(run)) continue;
    const bool ends = i + 1 < counted.size() && !history[i + 1].unexpected;
    if (!passed_again(history[i])) {
      if (!run.sha.empty()) {
        const auto& [failed, passed] = tried[run.sha];
        if (passed == 0 && (failed >= 2 || elsewhere(runs, test, configuration, run.sha) == Elsewhere::failed))
          continue;
        if (!ends && passed == 0) continue;
        if (!seen.insert(run.sha).second) continue;
      } else if (!ends) {
        continue;
      }
    }
    ++flips;
  }
  return flips;
}

// What changes show: a failure and a pass on one commit; and, where a test failed for a moment in three changes or more
// that have nothing to do with one another, all of them but one (that may have been a fault). A change's own fault,
// mended by its next commit, looks like such a moment as well: so it only counts where other configurations passed the
// commit, or, where none tells, an earlier commit of the change.
std::int64_t flips_of_changes(const TestRuns& runs, std::int64_t test, std::int64_t configuration,
                              const std::vector<TestPoint>& points, std::size_t since) {
  std::map<std::string, std::pair<bool, bool>> by_commit;                     // failed, passed
  std::map<std::int64_t, std::vector<std::pair<std::string, bool>>> by_item;  // commit, failed
  std::int64_t flips = 0;
  for (const auto& point : points) {
    const TestRun& run = runs.runs()[point.run];
    if (run.on_main || point.run < since || !counts(point.state.outcome()) || is_mass_failure(run)) continue;
    const stats::OutcomeCount count = count_of(point.state, 0);
    flips += passed_again(count) ? 1 : 0;
    const bool failed = count.unexpected && !passed_again(count);
    if (!run.sha.empty()) (failed ? by_commit[run.sha].first : by_commit[run.sha].second) = true;
    if (run.item) by_item[*run.item].emplace_back(run.sha, failed);
  }
  for (const auto& [commit, seen] : by_commit) flips += seen.first && seen.second ? 1 : 0;
  std::int64_t momentary = 0;
  for (const auto& [item, results] : by_item) {
    bool once = false;
    for (std::size_t i = 0; i < results.size(); ++i) {
      const auto& [commit, failed] = results[i];
      const bool passed_before = i == 0 || !results[i - 1].second;
      const bool passes_after = i + 1 < results.size() && !results[i + 1].second;
      if (once || !failed || !passed_before || !passes_after || by_commit[commit].second) continue;
      const Elsewhere others = elsewhere(runs, test, configuration, commit);
      once = others == Elsewhere::passed || (others == Elsewhere::unknown && i > 0);
    }
    momentary += once ? 1 : 0;
  }
  return flips + (momentary >= 3 ? momentary - 1 : 0);
}

void measure_durations(TestHealth& health, const std::vector<const TestPoint*>& points) {
  std::vector<double> newest, before;
  for (auto point = points.rbegin(); point != points.rend() && before.size() < 4 * kNewDurations; ++point) {
    if ((*point)->state.outcome() != ci::Outcome::pass || !(*point)->seconds) continue;
    (newest.size() < kNewDurations ? newest : before).push_back(*(*point)->seconds);
  }
  if (newest.empty()) return;
  health.seconds = stats::quantile(newest, 0.5);
  if (newest.size() < kNewDurations || before.size() < kFewestDurations) return;
  // Slower, where three quarters of the new are above three quarters of the
  // old, and the middle by half.
  const double low = *stats::quantile(newest, 0.25), high = *stats::quantile(before, 0.75),
               old = *stats::quantile(before, 0.5);
  if (low > high && *health.seconds > kSlower * old && *health.seconds > 0.05) health.seconds_before = old;
}

}  // namespace

const char* health_name(HealthKind kind) {
  switch (kind) {
    case HealthKind::passing:
      return "passing";
    case HealthKind::failing:
      return "failing";
    case HealthKind::flaky:
      return "flaky";
    case HealthKind::mended:
      return "mended";
    case HealthKind::skipped:
      return "skipped";
    case HealthKind::not_run:
      return "not run any more";
    case HealthKind::unknown:
      break;
  }
  return "too few runs to say";
}

TestHealth health_of(const TestRuns& runs, std::int64_t test, std::int64_t configuration,
                     const std::vector<TestPoint>& points, const stats::OutcomeSegmenter& segmenter) {
  TestHealth health;
  health.test = test, health.configuration = configuration;
  std::vector<const TestPoint*> main, counted;
  for (const auto& point : points) {
    if (!runs.runs()[point.run].on_main) continue;
    main.push_back(&point);
    if (counts(point.state.outcome())) counted.push_back(&point);
  }
  health.results = static_cast<std::int64_t>(counted.size());
  if (main.empty()) return health;
  std::vector<stats::OutcomeCount> history;
  for (std::size_t i = 0; i < counted.size(); ++i)
    history.push_back(count_of(counted[i]->state, static_cast<std::int64_t>(i)));
  for (const auto& segment : segmenter.segments(history)) {
    HealthSegment each;
    each.first_run = counted[segment.first]->run, each.last_run = counted[segment.last]->run;
    if (segment.start_low) each.start_low_run = counted[*segment.start_low]->run;
    if (segment.start_high) each.start_high_run = counted[*segment.start_high]->run;
    each.results = segment.counts.runs, each.failed = segment.counts.unexpected;
    each.rate = segment.unexpected.rate;
    each.low = segment.unexpected.interval.low, each.high = segment.unexpected.interval.high;
    each.probability = segment.probability;
    health.segments.push_back(each);
  }
  for (std::size_t i = counted.size(); i-- > 0 && history[i].unexpected;) {
    // Passed when tried again: not failing now.
    if (history[i].retried_runs && !history[i].retried_unexpected) break;
    ++health.failing_in_a_row;
    health.first_failure = counted[i]->run;
    if (health.message_id == 0) health.message_id = counted[i]->state.message_id;
    if (i > 0) health.last_pass = counted[i - 1]->run;
  }
  if (health.failing_in_a_row == health.results) health.last_pass.reset();
  measure_durations(health, counted);

  const auto& all = runs.runs_of(configuration);
  std::size_t missed = 0;
  for (auto run = all.rbegin(); run != all.rend() && *run != main.back()->run; ++run)
    missed += runs.runs()[*run].on_main && runs.runs()[*run].incomplete.empty() && runs.runs()[*run].tests > 0 ? 1 : 0;
  const std::size_t newest_skips = static_cast<std::size_t>(
      std::find_if(main.rbegin(), main.rend(), [](const TestPoint* point) { return counts(point->state.outcome()); }) -
      main.rbegin());
  if (missed >= kMissedRuns) {
    health.kind = HealthKind::not_run;
    return health;
  }
  if (newest_skips >= std::min<std::size_t>(main.size(), kMissedRuns)) {
    health.kind = HealthKind::skipped;
    return health;
  }
  const HealthSegment& now = health.segments.back();
  health.flips = flips_of_main(runs, test, configuration, counted, history, now.first_run);
  health.flips += flips_of_changes(runs, test, configuration, points, now.first_run);
  if (health.results < kFewest) return health;
  if (now.rate >= kFailsForGood && now.results >= 2) {
    health.kind = HealthKind::failing;
  } else if (health.flips >= kFewestFlips) {
    health.kind = HealthKind::flaky;
  } else if (health.segments.size() > 1 && now.failed == 0 &&
             runs.runs()[now.first_run].at > runs.context().as_of - kMendedFor) {
    health.kind = HealthKind::mended;
  } else {
    health.kind = HealthKind::passing;
  }
  return health;
}

std::string TestHealth::words(const TestRuns& runs) const {
  const auto date = [&](std::size_t run) { return format_date(runs.runs()[run].at); };
  const auto since = [&](const HealthSegment& segment) {
    if (!segment.start_low_run) return fmt::format("since its first result, {}", date(segment.first_run));
    const std::string low = date(*segment.start_low_run), high = date(*segment.start_high_run);
    return low == high ? fmt::format("since {}", low)
                       : fmt::format("since {} (between {} and {})", date(segment.first_run), low, high);
  };
  const HealthSegment* segment = now();
  switch (kind) {
    case HealthKind::failing:
      return fmt::format("fails {}: {} of {} runs", since(*segment), segment->failed, segment->results);
    case HealthKind::flaky:
      // No first try failed on the main branch: changes' runs tell.
      if (segment->failed == 0)
        return fmt::format("flaky {}: failed and passed on one commit {}; none of {} on the main branch failed",
                           since(*segment), plural(flips, "time"), plural(segment->results, "run"));
      return fmt::format("flaky {}: {} of {} runs failed ({:.2g} %, {:.2g}–{:.2g} %)", since(*segment), segment->failed,
                         segment->results, 100 * segment->rate, 100 * segment->low, 100 * segment->high);
    case HealthKind::mended: {
      const HealthSegment& before = segments[segments.size() - 2];
      return fmt::format("passes {}; before, {} of {} runs failed", since(*segment), before.failed, before.results);
    }
    case HealthKind::passing:
      if (is_red())
        return fmt::format("failed in the newest {}; whether for good is not known yet",
                           failing_in_a_row == 1 ? "run" : plural(failing_in_a_row, "run"));
      return segment->failed ? fmt::format("passes; {} of {} runs failed", segment->failed, segment->results)
                             : fmt::format("passes: {} without a failure", plural(segment->results, "run"));
    case HealthKind::skipped:
      return "is skipped";
    case HealthKind::not_run:
      return "is not run any more";
    case HealthKind::unknown:
      break;
  }
  return fmt::format("{}: too few to say", plural(results, "result"));
}

}  // namespace resident
