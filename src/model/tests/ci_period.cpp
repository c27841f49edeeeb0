#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/text.hpp>
#include <map>
#include <model/tests/ci_period.hpp>
#include <model/tests/red_now.hpp>

namespace resident {

namespace {

constexpr Timestamp kHistory = 400 * kDay;
constexpr std::size_t kMostLines = 10;  // of a kind

std::string first_of(const std::vector<std::int64_t>& ids, const std::string& first) {
  return ids.size() > 1 ? fmt::format("{} and {} more", first, ids.size() - 1) : first;
}

// Tests whose rate of failure changed within the period: it began to flake, or was mended.
void add_changes(const TestRuns& runs, Timestamp begin, CiPeriod& period) {
  const stats::OutcomeSegmenter segmenter;
  std::map<std::int64_t, std::vector<std::int64_t>> by_configuration;
  for (const auto& [test, configurations] : runs.failing_tests())
    for (const auto configuration : configurations) by_configuration[configuration].push_back(test);
  std::map<HealthKind, std::vector<TestHealth>> found;
  for (const auto& [configuration, tests] : by_configuration)
    for (const auto& [test, points] : runs.histories(tests, configuration)) {
      TestHealth health = health_of(runs, test, configuration, points, segmenter);
      if (health.kind != HealthKind::flaky && health.kind != HealthKind::mended) continue;
      if (health.segments.size() > 1 && runs.runs()[health.now()->first_run].at >= begin)
        found[health.kind].push_back(std::move(health));
    }
  for (const auto& [kind, list] : found)
    for (std::size_t i = 0; i < std::min(list.size(), kMostLines); ++i)
      period.lines.push_back({kind == HealthKind::flaky ? "began to flake" : "mended", runs.test_name(list[i].test),
                              runs.configuration_name(list[i].configuration), list[i].words(runs)});
}

}  // namespace

std::string CiPeriod::sentence(const std::string& period) const {
  if (runs == 0) return "No run of tests on the main branch is known.";
  const auto rate = [](std::int64_t part, std::int64_t of) {
    return fmt::format("{:.0f} %", 100 * static_cast<double>(part) / static_cast<double>(of));
  };
  return fmt::format(
      "{} of {} on the main branch {} green ({}{}).", green, plural(runs, "run of tests", "runs of tests"),
      green == 1 ? "was" : "were", rate(green, runs),
      runs_before ? fmt::format("; {} in the {} before", rate(green_before, runs_before), period) : std::string());
}

CiPeriod ci_of_period(const Context& context, Timestamp begin, Timestamp end) {
  CiPeriod period;
  Context of = context;
  of.as_of = std::min(context.as_of, end - 1);
  const auto any =
      of.database.integer("SELECT count(*) FROM test_run WHERE project_id = :project AND at >= :begin AND at <= :as_of",
                          {{"project", of.project_id}, {"begin", begin}, {"as_of", of.as_of}});
  if (any.value_or(0) == 0) return period;
  const TestRuns runs(of, of.as_of - kHistory);
  for (const auto& run : runs.runs()) {
    if (!run.on_main || !run.incomplete.empty() || run.at < begin - (end - begin)) continue;
    ++(run.at < begin ? period.runs_before : period.runs);
    if (run.failed == 0) ++(run.at < begin ? period.green_before : period.green);
  }
  const RedNow red = red_now(runs);
  for (const auto& event : red.events) {
    if (period.lines.size() == kMostLines) break;
    std::string words = event.words;
    if (event.commit_count > 0 && !event.is_flaky)
      words += fmt::format("; suspected: {}{}", plural(event.commit_count, "commit"),
                           event.authors.empty() ? "" : fmt::format(" ({})", fmt::join(event.authors, ", ")));
    period.lines.push_back({event.is_flaky ? "flaky, failed last" : "red at its end",
                            first_of(event.tests, runs.test_name(event.tests.front())),
                            first_of(event.configurations, runs.configuration_name(event.configurations.front())),
                            std::move(words)});
  }
  add_changes(runs, begin, period);
  return period;
}

}  // namespace resident
