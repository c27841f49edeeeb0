#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <cctype>
#include <map>
#include <model/tests/quarantine.hpp>
#include <model/tests/test_files.hpp>
#include <set>
#include <stats/intervals.hpp>

namespace resident {

namespace {

constexpr std::int64_t kFailingForGood = 3;  // in a row: perhaps no flake any more

std::int64_t configuration_called(const TestRuns& runs, const std::string& name) {
  for (const auto& [id, each] : runs.configurations())
    if (each == name) return id;
  return 0;
}

std::int64_t test_called(const TestRuns& runs, const QuarantineEntry& entry) {
  const Context& context = runs.context();
  return context.database
      .integer("SELECT test_id FROM ci_test WHERE project_id = :project AND suite = :suite AND name = :name",
               {{"project", context.project_id}, {"suite", entry.suite}, {"name", entry.test}})
      .value_or(0);
}

// First tries on main, and failures that it hides, since the entry's day.
void count_since(const TestRuns& runs, const std::vector<TestPoint>& points, const TestHealth& health, Timestamp since,
                 QuarantinedTest& one) {
  const Timestamp changed =
      health.segments.size() > 1 ? runs.runs()[health.now()->first_run].at : std::numeric_limits<Timestamp>::min();
  for (const auto& point : points) {
    const TestRun& run = runs.runs()[point.run];
    const ci::Outcome outcome = point.state.outcome(), first = point.state.attempts.front();
    if (run.at < since || outcome == ci::Outcome::skip || outcome == ci::Outcome::missing) continue;
    if (ci::is_failure(outcome)) ++(run.on_main ? one.hides_on_main : one.hides_of_pulls);
    if (!run.on_main || run.at < changed) continue;
    ++one.first_tries;
    one.failed += ci::is_failure(first) ? 1 : 0;
  }
  one.upper = stats::binomial_upper_bound(one.failed, one.first_tries);
}

// The last word of a name that an issue would use: without parameters, module and class.
std::string bare_name(const std::string& name) {
  std::string bare = name.substr(0, name.find_first_of("[("));
  for (const char* separator : {"::", "/", "."})
    if (const auto at = bare.rfind(separator); at != std::string::npos)
      bare = bare.substr(at + std::string_view(separator).size());
  return bare;
}

bool has_word(std::string_view text, std::string_view word) {
  const auto is_of_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_of_word(text[at - 1])) && (end == text.size() || !is_of_word(text[end]))) return true;
  }
  return false;
}

// Open issues that name the tests, by test: the newest.
std::map<std::int64_t, std::int64_t> issues_of(const TestRuns& runs, const std::set<std::int64_t>& tests) {
  constexpr std::size_t kShortest = 8;  // shorter names are words
  std::map<std::int64_t, std::string> names;
  for (const auto test : tests)
    if (std::string name = bare_name(runs.suite_and_name(test).second); name.size() >= kShortest)
      names.emplace(test, std::move(name));
  std::map<std::int64_t, std::int64_t> found;
  if (names.empty()) return found;
  for (const auto rows = runs.context().database.query(
           "SELECT i.number, i.title, i.body FROM item i JOIN item_interval v ON v.item_id = i.item_id AND v.opened_at "
           "<= :as_of AND (v.closed_at IS NULL OR v.closed_at > :as_of) WHERE i.project_id = :project AND i.kind = "
           "'issue' ORDER BY i.number",
           runs.context().parameters());
       rows->next();) {
    const std::string title = rows->string(1), body = rows->string(2);
    for (const auto& [test, name] : names)
      if (has_word(title, name) || has_word(body, name)) found[test] = rows->integer(0);
  }
  return found;
}

QuarantineState state_of(const TestHealth& health, const QuarantinedTest& one) {
  if (health.kind == HealthKind::failing) return QuarantineState::for_good;
  if (health.kind == HealthKind::not_run) return QuarantineState::not_run;
  if (one.upper < kLeavesBelow) return QuarantineState::better;
  return one.is_over ? QuarantineState::overdue : QuarantineState::holds;
}

}  // namespace

const char* quarantine_state_name(QuarantineState state) {
  switch (state) {
    case QuarantineState::holds:
      return "in quarantine";
    case QuarantineState::overdue:
      return "overdue: gates again";
    case QuarantineState::for_good:
      return "fails for good: gates, should leave";
    case QuarantineState::better:
      return "better: should leave";
    case QuarantineState::not_run:
      return "not run any more: should leave";
    case QuarantineState::unknown:
      break;
  }
  return "not known there";
}

std::vector<QuarantinedTest> review_quarantine(const TestRuns& runs, const std::vector<QuarantineEntry>& entries) {
  const stats::OutcomeSegmenter segmenter;
  const Timestamp now = runs.context().as_of;
  std::vector<QuarantinedTest> result;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::int64_t test = test_called(runs, entries[i]);
    for (const auto& name : entries[i].configurations) {
      QuarantinedTest one;
      one.entry = i, one.configuration_name = name;
      one.test = test, one.configuration = configuration_called(runs, name);
      one.is_over = entries[i].is_over(now);
      const auto points =
          one.test && one.configuration ? runs.history(one.test, one.configuration) : std::vector<TestPoint>{};
      if (!points.empty()) {
        const TestHealth health = health_of(runs, one.test, one.configuration, points, segmenter);
        count_since(runs, points, health, entries[i].since, one);
        one.state = state_of(health, one);
        one.words = health.words(runs);
      } else if (one.is_over) {
        one.state = QuarantineState::overdue;
      }
      result.push_back(std::move(one));
    }
  }
  return result;
}

std::vector<QuarantineProposal> propose_quarantine(const TestRuns& runs, const std::vector<QuarantineEntry>& entries,
                                                   std::int64_t days) {
  std::set<std::tuple<std::string, std::string, std::string>> known;
  for (const auto& entry : entries)
    for (const auto& configuration : entry.configurations) known.emplace(entry.suite, entry.test, configuration);
  const stats::OutcomeSegmenter segmenter;
  std::map<std::int64_t, std::vector<std::int64_t>> by_configuration;
  for (const auto& [test, configurations] : runs.failing_tests())
    for (const auto configuration : configurations) by_configuration[configuration].push_back(test);
  std::map<std::int64_t, std::vector<TestHealth>> flaky;
  for (const auto& [configuration, tests] : by_configuration)
    for (const auto& [test, points] : runs.histories(tests, configuration)) {
      TestHealth health = health_of(runs, test, configuration, points, segmenter);
      if (health.kind != HealthKind::flaky || health.failing_in_a_row >= kFailingForGood) continue;
      if (stats::binomial_upper_bound(health.now()->failed, health.now()->results) < kLeavesBelow) continue;
      const auto [suite, name] = runs.suite_and_name(test);
      if (!known.contains({suite, name, runs.configuration_name(configuration)}))
        flaky[test].push_back(std::move(health));
    }
  std::set<std::int64_t> tests;
  for (const auto& [test, on] : flaky) tests.insert(test);
  const auto issues = issues_of(runs, tests);
  const People people = load_people(runs.context());
  const Timestamp today = start_of_day(runs.context().as_of);
  std::vector<QuarantineProposal> result;
  for (const auto& [test, on] : flaky) {
    QuarantineProposal one;
    one.test = test;
    std::tie(one.entry.suite, one.entry.test) = runs.suite_and_name(test);
    std::int64_t failed = 0, of = 0, flips = 0;
    for (const auto& health : on) {
      one.entry.configurations.push_back(runs.configuration_name(health.configuration));
      failed += health.now()->failed, of += health.now()->results, flips += health.flips;
      one.rate = std::max(one.rate, health.now()->rate);
    }
    std::sort(one.entry.configurations.begin(), one.entry.configurations.end());
    const auto experts = experts_of_tests(runs, people, {test}, 1);
    one.entry.owner = experts.empty() ? "nobody yet" : experts.front();
    if (const auto issue = issues.find(test); issue != issues.end())
      one.entry.issue = fmt::format("#{}", issue->second);
    one.entry.since = today, one.entry.review_by = today + days * kDay;
    one.entry.reason = fmt::format("failed {} of {} first tries", failed, of);
    if (failed == 0)  // on the main branch; it flaked in pull requests
      one.entry.reason += fmt::format(", and failed and passed on one commit {}", plural(flips, "time"));
    result.push_back(std::move(one));
  }
  std::stable_sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.rate > b.rate; });
  return result;
}

std::vector<QuarantineEntry> quarantine_after(std::vector<QuarantineEntry> entries,
                                              const std::vector<QuarantinedTest>& reviewed,
                                              const std::vector<QuarantineProposal>& proposed) {
  for (const auto& one : reviewed)
    if (one.should_leave()) std::erase(entries[one.entry].configurations, one.configuration_name);
  std::erase_if(entries, [](const auto& entry) { return entry.configurations.empty(); });
  for (const auto& proposal : proposed) entries.push_back(proposal.entry);
  return entries;
}

}  // namespace resident
