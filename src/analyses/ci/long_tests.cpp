#include <fmt/format.h>

#include <algorithm>
#include <analyses/ci/long_tests.hpp>
#include <base/text.hpp>
#include <map>
#include <queue>
#include <stats/quantile.hpp>
#include <unordered_map>

namespace resident {

namespace {

constexpr std::size_t kMostTests = 30;

struct Load {
  std::int64_t configuration = 0;
  std::vector<std::pair<double, std::int64_t>> tests;  // seconds and test, longest first
  double sum = 0;
  std::optional<double> job;  // median seconds of the job
};

// The longest part, where the tests go one by one to the part that has the least.
double longest_part(const std::vector<std::pair<double, std::int64_t>>& tests, int parts) {
  std::priority_queue<double, std::vector<double>, std::greater<>> loads;
  for (int i = 0; i < parts; ++i) loads.push(0);
  double longest = 0;
  for (const auto& [seconds, test] : tests) {
    const double load = loads.top() + seconds;
    loads.pop();
    loads.push(load);
    longest = std::max(longest, load);
  }
  return longest;
}

std::vector<Load> loads_of(const TestRuns& runs, const std::vector<CommitJobs>& commits) {
  std::unordered_map<std::string, double> seconds_of_job;
  for (const auto& commit : commits)
    for (const auto& job : commit.jobs) seconds_of_job[job.key] = 60 * job.minutes();
  std::vector<Load> loads;
  for (const auto& [configuration, name] : runs.configurations()) {
    Load load;
    load.configuration = configuration;
    std::vector<double> jobs;
    const TestRun* newest = nullptr;
    for (const auto run : runs.runs_of(configuration)) {
      const TestRun& each = runs.runs()[run];
      if (!each.on_main || !each.incomplete.empty()) continue;
      newest = &each;
      if (const auto job = seconds_of_job.find(each.key); job != seconds_of_job.end()) jobs.push_back(job->second);
    }
    if (!newest) continue;
    for (const auto& [test, seconds] : runs.seconds_of_run(*newest)) load.tests.emplace_back(seconds, test);
    std::sort(load.tests.begin(), load.tests.end(), std::greater<>());
    for (const auto& [seconds, test] : load.tests) load.sum += seconds;
    load.job = stats::quantile(jobs, 0.5);
    if (load.sum > 0) loads.push_back(std::move(load));
  }
  return loads;
}

Result tests_result(const Context& context, const TestRuns& runs, const std::vector<Load>& loads) {
  Result result = context.result("ci_long_tests", "The longest tests", "Which tests take the longest?");
  result.columns = {{"test", "Test"},
                    {"configuration", "On"},
                    {"seconds", "Seconds", ColumnType::number},
                    {"share", "Of its tests", ColumnType::share}};
  result.set_roles({{"test", ColumnRole::test}});
  struct Row {
    double seconds, share;
    std::int64_t test, configuration;
  };
  std::vector<Row> rows;
  std::int64_t count = 0;
  for (const auto& load : loads) {
    count += static_cast<std::int64_t>(load.tests.size());
    for (std::size_t i = 0; i < std::min(kMostTests, load.tests.size()); ++i)
      rows.push_back({load.tests[i].first, load.tests[i].first / load.sum, load.tests[i].second, load.configuration});
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.seconds > b.seconds; });
  if (rows.size() > kMostTests) rows.resize(kMostTests);
  for (const auto& row : rows)
    result.rows.push_back(
        {runs.test_name(row.test), runs.configuration_name(row.configuration), row.seconds, row.share});
  result.claim = rows.empty() ? "No time of a test is known."
                              : fmt::format("The longest test takes {} on {}.", format_duration(rows.front().seconds),
                                            runs.configuration_name(rows.front().configuration));
  result.definition =
      "Times of the newest complete run of the main branch on each configuration, as its tool told them.";
  result.sample_size = count;
  return result;
}

Result split_result(const Context& context, const TestRuns& runs, const std::vector<Load>& loads) {
  Result result =
      context.result("ci_split", "What splitting saves", "How long would the tests take on several machines at once?");
  result.columns = {{"configuration", "On"},
                    {"tests", "Tests", ColumnType::integer},
                    {"job", "Job", ColumnType::duration, "", "median of its runs on the main branch"},
                    {"in_tests", "Of it tests", ColumnType::duration},
                    {"on_2", "On 2", ColumnType::duration},
                    {"on_4", "On 4", ColumnType::duration},
                    {"on_8", "On 8", ColumnType::duration},
                    {"saves", "4 save", ColumnType::duration},
                    {"longest", "Longest test", ColumnType::duration}};
  double best = 0;
  std::string where;
  for (const auto& load : loads) {
    // What runs side by side within a job takes less than the sum of its tests.
    const double beside = load.job && *load.job < load.sum ? *load.job / load.sum : 1;
    const double rest = load.job ? std::max(0.0, *load.job - load.sum) : 0, whole = rest + load.sum * beside;
    const auto on = [&](int parts) {
      return rest + std::max(longest_part(load.tests, parts) * beside, load.tests.front().first);
    };
    const double saves = std::max(0.0, whole - on(4));
    if (saves > best) best = saves, where = runs.configuration_name(load.configuration);
    result.rows.push_back({runs.configuration_name(load.configuration), static_cast<std::int64_t>(load.tests.size()),
                           load.job ? Cell(*load.job) : Cell(), load.sum, on(2), on(4), on(8), saves,
                           load.tests.front().first});
  }
  result.claim = loads.empty() ? "No time of a test is known."
                 : best > 0
                     ? fmt::format("Four machines instead of one would save {} on {}.", format_duration(best), where)
                     : "Splitting would save nothing.";
  result.definition =
      "Tests go one by one, the longest first, to the machine that has the least (Graham 1969); what a job takes "
      "beyond its tests, every part takes again. Where a job takes less than the sum of its tests, they run side by "
      "side, and go on doing so. No part is shorter than its longest test.";
  result.sample_size = static_cast<std::int64_t>(loads.size());
  return result;
}

}  // namespace

std::vector<Result> long_tests_results(const Context& context, const TestRuns& runs,
                                       const std::vector<CommitJobs>& commits) {
  const auto loads = loads_of(runs, commits);
  return {tests_result(context, runs, loads), split_result(context, runs, loads)};
}

}  // namespace resident
