#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <map>
#include <model/tests/red_now.hpp>
#include <model/tests/test_files.hpp>
#include <set>

namespace resident {

namespace {

constexpr Timestamp kLookedAt = 30 * kDay, kUsual = 90 * kDay;
constexpr double kFewerTests = 0.9;  // of what its runs usually have: some are missing

struct RedTest {
  TestHealth health;
  std::string place;  // the commit, or the run, at which it began
};

class Finder {
 public:
  explicit Finder(const TestRuns& runs) : runs_(runs), context_(runs.context()) {}

  RedNow run() {
    for (const auto& [configuration, name] : runs_.configurations()) look_at(configuration);
    group();
    for (auto& event : result_.events) suspect(event);
    order();
    return std::move(result_);
  }

 private:
  const TestRun& of(std::size_t run) const { return runs_.runs()[run]; }

  void look_at(std::int64_t configuration) {
    std::vector<std::size_t> main;
    for (const auto run : runs_.runs_of(configuration))
      if (of(run).on_main) main.push_back(run);
    if (main.empty() || of(main.back()).at < context_.as_of - kLookedAt) return;
    BuilderState state;
    state.configuration = configuration;
    state.tier = runs_.tier(configuration);
    state.newest = main.back();
    std::vector<std::int64_t> sizes;
    std::vector<Timestamp> gaps;
    std::int64_t green = 0;
    for (std::size_t i = 0; i + 1 < main.size(); ++i) {
      const TestRun& each = of(main[i]);
      if (each.at < context_.as_of - kUsual) continue;
      gaps.push_back(of(main[i + 1]).at - each.at);
      if (!each.incomplete.empty()) continue;
      ++state.usual_runs;
      green += each.failed == 0 ? 1 : 0;
      sizes.push_back(each.tests);
    }
    if (state.usual_runs) state.usually_green = static_cast<double>(green) / static_cast<double>(state.usual_runs);
    const TestRun& newest = of(state.newest);
    std::sort(gaps.begin(), gaps.end());
    state.state = newest.failed > 0 ? "red" : "green";
    // Not all of it: never green, whatever it says.
    state.why = newest.incomplete.empty() ? fewer_than_usual(sizes, newest.tests) : newest.incomplete;
    if (!state.why.empty() && state.state == "green") state.state = "incomplete";
    if (gaps.size() >= 5 && context_.as_of - newest.at > std::max<Timestamp>(3 * kDay, 5 * gaps[gaps.size() / 2])) {
      state.state = "silent";
      state.why = fmt::format("no run for {} days", (context_.as_of - newest.at) / kDay);
    }
    for (auto run = main.rbegin(); run != main.rend() && of(*run).failed > 0; ++run) state.red_since = *run;
    look_at_tests(configuration, newest);
    result_.builders.push_back(std::move(state));
  }

  void look_at_tests(std::int64_t configuration, const TestRun& newest) {
    std::vector<std::int64_t> tests;
    for (const auto& failure : runs_.failures(newest))
      if (ci::is_failure(failure.state.outcome())) tests.push_back(failure.test_id);
    if (tests.empty()) return;
    for (const auto& [test, points] : runs_.histories(tests, configuration)) {
      TestHealth health = health_of(runs_, test, configuration, points, segmenter_);
      if (!health.is_red() || !health.first_failure) continue;
      const TestRun& first = of(*health.first_failure);
      red_.push_back({std::move(health), first.sha.empty() ? fmt::format("run {}", first.number) : first.sha});
    }
  }

  // Events: what began at one commit. A test that began at different commits on different configurations (they build
  // different ones) is one event as well, where the stretches between last pass and first failure overlap.
  void group() {
    std::sort(red_.begin(), red_.end(),
              [&](const RedTest& a, const RedTest& b) { return *a.health.first_failure < *b.health.first_failure; });
    std::map<std::string, std::size_t> by_place;
    std::map<std::int64_t, std::size_t> by_test;
    for (const auto& red : red_) {
      const TestHealth& health = red.health;
      const bool flaky = health.kind == HealthKind::flaky;
      std::size_t index = result_.events.size();
      const std::string place = (flaky ? "flaky " + std::to_string(health.test) : red.place);
      if (const auto found = by_place.find(place); found != by_place.end()) index = found->second;
      if (const auto found = by_test.find(health.test);
          found != by_test.end() && overlaps(result_.events[found->second], health))
        index = found->second;
      if (index == result_.events.size()) {
        RedEvent event;
        event.first_failure = *health.first_failure;
        event.is_flaky = flaky;
        event.words = health.words(runs_);
        event.message_id = health.message_id;
        result_.events.push_back(std::move(event));
      }
      by_place.emplace(place, index);
      by_test.emplace(health.test, index);
      add(result_.events[index], health);
    }
  }

  bool overlaps(const RedEvent& event, const TestHealth& health) const {
    return !health.last_pass || of(*health.last_pass).at <= of(event.first_failure).at;
  }

  void add(RedEvent& event, const TestHealth& health) {
    if (std::find(event.tests.begin(), event.tests.end(), health.test) == event.tests.end())
      event.tests.push_back(health.test);
    if (std::find(event.configurations.begin(), event.configurations.end(), health.configuration) ==
        event.configurations.end())
      event.configurations.push_back(health.configuration);
    event.tier = std::min(event.tier, runs_.tier(health.configuration));
    event.is_flaky = event.is_flaky && health.kind == HealthKind::flaky;
    event.is_for_good = event.is_for_good || health.kind == HealthKind::failing;
    event.runs_in_a_row = std::max(event.runs_in_a_row, health.failing_in_a_row);
    if (health.last_pass && *health.last_pass < event.first_failure &&
        (!event.last_pass || *event.last_pass < *health.last_pass))
      event.last_pass = health.last_pass;
    const HealthSegment* now = health.now();
    if (now && now->start_low_run && health.kind == HealthKind::failing &&
        (!event.start_low || *now->start_high_run - *now->start_low_run < *event.start_high - *event.start_low))
      event.start_low = now->start_low_run, event.start_high = now->start_high_run;
  }

  // Commits of the default branch after the last pass, up to the first failure; where both are stored.
  void suspect(RedEvent& event) {
    std::sort(event.tests.begin(), event.tests.end());
    std::stable_sort(event.configurations.begin(), event.configurations.end(),
                     [&](auto a, auto b) { return runs_.tier(a) < runs_.tier(b); });
    if (event.last_pass && !of(*event.last_pass).sha.empty() && !of(event.first_failure).sha.empty()) {
      Parameters parameters{
          {"project", context_.project_id}, {"low", of(*event.last_pass).sha}, {"high", of(event.first_failure).sha}};
      std::set<std::string> authors;
      for (const auto rows = context_.database.query(
               "SELECT c.sha, c.author_id FROM git_commit a, git_commit b, git_commit c WHERE a.project_id = :project "
               "AND a.sha = :low AND b.project_id = :project AND b.sha = :high AND c.project_id = :project AND "
               "c.on_default = 1 AND c.committed_at > a.committed_at AND c.committed_at <= b.committed_at ORDER BY "
               "c.committed_at DESC, c.commit_id DESC",
               parameters);
           rows->next();) {
        ++event.commit_count;
        if (event.commits.size() < kMostCommits) event.commits.push_back(rows->string(0));
        if (const auto person = people().person(rows->optional_integer(1)); person && authors.size() < 3)
          authors.insert(people().name(person));
      }
      event.authors.assign(authors.begin(), authors.end());
    }
    if (!event.is_flaky) event.experts = experts_of_tests(runs_, people(), event.tests, 2);
  }

  void order() {
    const auto usual = [&](std::int64_t configuration) {
      for (const auto& each : result_.builders)
        if (each.configuration == configuration) return each.usually_green;
      return 0.0;
    };
    const auto key = [&](const RedEvent& event) {
      double green = 0;
      for (const auto configuration : event.configurations) green = std::max(green, usual(configuration));
      return std::tuple(event.tier, event.is_flaky, !event.is_for_good, -green,
                        -static_cast<std::int64_t>(event.configurations.size()), event.first_failure);
    };
    std::stable_sort(result_.events.begin(), result_.events.end(),
                     [&](const auto& a, const auto& b) { return key(a) < key(b); });
    const auto rank = [](const BuilderState& each) {
      return std::tuple(each.tier, each.state == "green", -each.usually_green, each.configuration);
    };
    std::stable_sort(result_.builders.begin(), result_.builders.end(),
                     [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  }

  const People& people() {
    if (!people_) people_.emplace(load_people(context_));
    return *people_;
  }

  const TestRuns& runs_;
  const Context& context_;
  stats::OutcomeSegmenter segmenter_;
  std::vector<RedTest> red_;
  std::optional<People> people_;
  RedNow result_;
};

}  // namespace

std::string fewer_than_usual(std::vector<std::int64_t> usual, std::int64_t tests) {
  constexpr std::size_t kFewestRuns = 5;
  if (usual.size() < kFewestRuns) return "";
  const auto middle = usual.begin() + static_cast<std::ptrdiff_t>(usual.size() / 2);
  std::nth_element(usual.begin(), middle, usual.end());
  if (static_cast<double>(tests) >= kFewerTests * static_cast<double>(*middle)) return "";
  return fmt::format("{} of the usual {} tests", tests, *middle);
}

RedNow red_now(const TestRuns& runs) {
  return Finder(runs).run();
}

}  // namespace resident
