// `resident ci tests`: what of the suite is not well.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/ci/health_result.hpp>
#include <base/text.hpp>
#include <map>

namespace resident {

std::vector<Result> health_results(const Context& context, const TestRuns& runs,
                                   const std::vector<std::int64_t>& tests) {
  Result result = context.result("ci_test", "Health of tests", "How does it stand on each configuration?");
  result.columns = {{"test", "Test"},
                    {"configuration", "On"},
                    {"health", "Health"},
                    {"words", "History"},
                    {"results", "Results", ColumnType::integer},
                    {"rate", "Fails at", ColumnType::share},
                    {"low", "95 % from", ColumnType::share},
                    {"high", "to", ColumnType::share},
                    {"since", "Since", ColumnType::time},
                    {"seconds", "Seconds", ColumnType::number},
                    {"slower", "Before", ColumnType::number},
                    {"message", "Message"}};
  result.set_roles({{"test", ColumnRole::test}});
  Result segments = context.result("ci_test_segments", "Stretches", "When did its rate of failure change?");
  segments.columns = {{"test", "Test"},
                      {"configuration", "On"},
                      {"from", "From", ColumnType::time},
                      {"until", "Until", ColumnType::time},
                      {"runs", "Runs", ColumnType::integer},
                      {"failed", "Failed", ColumnType::integer},
                      {"rate", "Fails at", ColumnType::share},
                      {"began_low", "Began between", ColumnType::time},
                      {"began_high", "and", ColumnType::time},
                      {"probability", "Probability", ColumnType::share}};
  const stats::OutcomeSegmenter segmenter;
  std::map<std::string, std::int64_t> kinds;
  for (const auto test : tests)
    for (const auto& [configuration, name] : runs.configurations()) {
      const TestHealth health = health_of(runs, test, configuration, runs.history(test, configuration), segmenter);
      if (health.results == 0 && health.kind != HealthKind::skipped) continue;
      ++kinds[health_name(health.kind)];
      const HealthSegment* now = health.now();
      const auto number = [](const std::optional<double>& value) { return value ? Cell(*value) : Cell(); };
      result.rows.push_back({runs.test_name(test), name, std::string(health_name(health.kind)), health.words(runs),
                             health.results, now ? Cell(now->rate) : Cell(), now ? Cell(now->low) : Cell(),
                             now ? Cell(now->high) : Cell(), now ? Cell(runs.runs()[now->first_run].at) : Cell(),
                             number(health.seconds), number(health.seconds_before),
                             one_line(runs.message(health.message_id))});
      for (const auto& each : health.segments)
        segments.rows.push_back(
            {runs.test_name(test), name, runs.runs()[each.first_run].at, runs.runs()[each.last_run].at, each.results,
             each.failed, each.rate, each.start_low_run ? Cell(runs.runs()[*each.start_low_run].at) : Cell(),
             each.start_high_run ? Cell(runs.runs()[*each.start_high_run].at) : Cell(), each.probability});
    }
  std::vector<std::string> said;
  for (const auto& [kind, count] : kinds) said.push_back(fmt::format("{} {}", count, kind));
  result.claim = said.empty() ? "No result of it on the main branch is known."
                              : fmt::format("{}, each on one configuration: {}.",
                                            plural(static_cast<long long>(result.rows.size()), "history", "histories"),
                                            fmt::join(said, ", "));
  result.definition =
      "Rates are of first tries on the main branch in the newest stretch, with 95 % intervals (Jeffreys). Flaky: "
      "failed between passes, or passed when tried again, twice at least; failing: at 80 % of first tries or more.";
  segments.claim =
      fmt::format("{} in all.", plural(static_cast<long long>(segments.rows.size()), "stretch", "stretches"));
  segments.definition =
      "Stretches of one rate (Beta-Binomial segments after LUCI Analysis); where each began, with 99 %.";
  return {result, segments};
}

namespace {

constexpr Timestamp kHistory = 400 * kDay;

using Found = std::vector<std::pair<TestHealth, std::string>>;  // and what it is called here

// Tests that ever failed and are not simply passing now.
Found unwell(const TestRuns& runs, const std::string& kind) {
  const stats::OutcomeSegmenter segmenter;
  std::map<std::int64_t, std::vector<std::int64_t>> by_configuration;
  for (const auto& [test, configurations] : runs.failing_tests())
    for (const auto configuration : configurations) by_configuration[configuration].push_back(test);
  Found found;
  for (const auto& [configuration, tests] : by_configuration)
    for (const auto& [test, points] : runs.histories(tests, configuration)) {
      TestHealth health = health_of(runs, test, configuration, points, segmenter);
      const bool slower = health.seconds_before.has_value();
      std::string name = health.kind == HealthKind::not_run ? "not-run" : health_name(health.kind);
      if (health.kind == HealthKind::passing || health.kind == HealthKind::unknown) name = slower ? "slower" : "";
      if (name.empty() || (kind != "any" && kind != name && !(kind == "slower" && slower))) continue;
      found.emplace_back(std::move(health), std::move(name));
    }
  const auto rank = [](const TestHealth& health) {
    return std::tuple(health.kind, -(health.now() ? health.now()->rate : 0.0), health.test, health.configuration);
  };
  std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) { return rank(a.first) < rank(b.first); });
  return found;
}

std::vector<Result> analyse_health(const Context& context) {
  refuse_unknown_branch(context);
  const TestRuns runs(context, context.as_of - kHistory);
  Result result = context.result("ci_tests", "Tests that are not well",
                                 "Which tests fail, flake, were mended, got slower, are skipped or not run any more?");
  result.columns = {{"test", "Test"},
                    {"configuration", "On"},
                    {"health", "Health"},
                    {"words", "History"},
                    {"results", "Results", ColumnType::integer},
                    {"failed", "Failed", ColumnType::integer},
                    {"rate", "Fails at", ColumnType::share},
                    {"since", "Since", ColumnType::time},
                    {"message", "Message"}};
  result.set_roles({{"test", ColumnRole::test}});
  std::map<std::string, std::int64_t> kinds;
  for (const auto& [health, name] :
       unwell(runs, context.choice("kind", {"any", "failing", "flaky", "mended", "skipped", "not-run", "slower"}))) {
    ++kinds[name];
    const HealthSegment* now = health.now();
    result.rows.push_back(
        {runs.test_name(health.test), runs.configuration_name(health.configuration), name,
         name == "slower" ? fmt::format("{:.2g} s, was {:.2g} s", *health.seconds, *health.seconds_before)
                          : health.words(runs),
         health.results, now ? Cell(now->failed) : Cell(), now ? Cell(now->rate) : Cell(),
         now ? Cell(runs.runs()[now->first_run].at) : Cell(), one_line(runs.message(health.message_id))});
  }
  std::vector<std::string> said;
  for (const auto& [name, count] : kinds) said.push_back(fmt::format("{} {}", count, name));
  result.claim = said.empty()
                     ? (runs.runs().empty() ? "No run of tests is known." : "No test that ever failed is unwell now.")
                     : fmt::format("{}; each is a test on one configuration.", fmt::join(said, ", "));
  result.definition =
      "Of the tests that failed at any time in 400 days. Flaky: failed between passes, or failed and passed on one "
      "commit, twice at least since its rate changed last; failing: at 80 % of first tries or more; mended: changed to "
      "no failure within 60 days.";
  result.sample_size = static_cast<std::int64_t>(runs.runs().size());
  return {result};
}

}  // namespace

extern const Analysis ci_tests_analysis;
const Analysis ci_tests_analysis{"ci_tests",
                                 "Tests that are not well",
                                 "Which tests fail, flake, were mended, got slower, are skipped or not run any more?",
                                 {{"kind", "KIND", "any, failing, flaky, mended, skipped, not-run or slower"}},
                                 analyse_health,
                                 {},
                                 {{"build", 20}}};

}  // namespace resident
