// `resident ci costs`: what CI costs in time: until one knows, in reruns, and where the minutes go.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/ci/long_tests.hpp>
#include <base/text.hpp>
#include <cmath>
#include <map>
#include <model/tests/ci_jobs.hpp>
#include <model/tests/test_runs.hpp>
#include <stats/quantile.hpp>
#include <unordered_map>

namespace resident {

namespace {

constexpr std::size_t kMostTests = 50, kMostPaths = 10;

// Median and the middle half, as three cells; empty ones for nothing.
void add_quartiles(std::vector<Cell>& row, std::vector<double> values) {
  for (const double p : {0.5, 0.25, 0.75}) {
    const auto value = stats::quantile(values, p);
    row.push_back(value ? Cell(*value) : Cell());
  }
}

struct Waits {
  std::vector<double> red, green, whole, behind;  // seconds
};

// The same name again, after it had failed: until then the commit was red.
void measure(const CommitJobs& commit, Waits& waits) {
  const Timestamp begin = commit.jobs.front().started;
  std::optional<Timestamp> red;
  std::unordered_map<std::string_view, const CiJob*> newest;
  for (const auto& job : commit.jobs) {
    if (job.failed && (!red || job.finished < *red)) red = job.finished;
    newest[job.name] = &job;
  }
  if (red) waits.red.push_back(static_cast<double>(*red - begin));
  Timestamp end = begin;
  for (const auto& [name, job] : newest) end = std::max(end, job->finished);
  const bool is_green =
      std::none_of(newest.begin(), newest.end(), [](const auto& each) { return each.second->failed; }) &&
      std::any_of(newest.begin(), newest.end(), [](const auto& each) { return each.second->passed; });
  if (is_green) waits.green.push_back(static_cast<double>(end - begin));
  Timestamp first_end = begin, last_start = begin;
  for (const auto* job : commit.first_tries())
    first_end = std::max(first_end, job->finished), last_start = std::max(last_start, job->started);
  waits.whole.push_back(static_cast<double>(first_end - begin));
  waits.behind.push_back(static_cast<double>(last_start - begin));
}

Result waits_result(const Context& context, const std::vector<CommitJobs>& commits, std::int64_t days) {
  Result result =
      context.result("ci_costs", "How long CI takes", "How long until a change is known to be red or green?");
  result.columns = {{"of", "Of"},
                    {"what", "What"},
                    {"commits", "Commits", ColumnType::integer},
                    {"median", "Median", ColumnType::duration},
                    {"low", "Middle half from", ColumnType::duration},
                    {"high", "to", ColumnType::duration}};
  Waits pulls, main;
  for (const auto& commit : commits) measure(commit, commit.jobs.front().item ? pulls : main);
  for (const auto& [of, waits] : {std::pair{"pull requests", &pulls}, std::pair{"branches", &main}})
    for (const auto& [what, values] :
         {std::pair{"first red", &waits->red}, std::pair{"green", &waits->green},
          std::pair{"all first tries", &waits->whole}, std::pair{"last job starts", &waits->behind}}) {
      if (values->empty()) continue;
      std::vector<Cell> row{std::string(of), std::string(what), static_cast<std::int64_t>(values->size())};
      add_quartiles(row, *values);
      result.rows.push_back(std::move(row));
    }
  const auto said = [](std::vector<double> values) {
    const auto value = stats::quantile(values, 0.5);
    return value ? format_duration(*value) : std::string("nothing known");
  };
  result.claim = commits.empty() ? fmt::format("No job of CI with its times is known of the last {} days.", days)
                                 : fmt::format(
                                       "Half of the pull requests' commits that fail show it within {}; half of those "
                                       "that come to be green are within {}.",
                                       said(pulls.red), said(pulls.green));
  result.sample_size = static_cast<std::int64_t>(commits.size());
  result.definition = fmt::format(
      "Of commits whose first job began in the last {} days, counted from there. First red: until the first failing "
      "job ended; green: until the last job ended, reruns among them, where the newest of each name did not fail; all "
      "first tries: until the first of each name had ended; last job starts: until the last of them began, which "
      "waited for a machine or for another job. Medians, and the middle half.",
      days);
  return result;
}

// What reruns and retries cost.
struct Burnt {
  double rerun_minutes = 0, retry_minutes = 0;
  std::int64_t reruns = 0, retries = 0, flaked = 0;
  Burnt& operator+=(const Burnt& more) {
    rerun_minutes += more.rerun_minutes, retry_minutes += more.retry_minutes;
    reruns += more.reruns, retries += more.retries, flaked += more.flaked;
    return *this;
  }
};

struct BurntBooks {
  std::map<Timestamp, Burnt> by_week;
  std::map<Timestamp, double> all_minutes;  // of all jobs, by week
  std::map<std::int64_t, Burnt> by_test;
  std::int64_t without_times = 0;
};

// A job that ran again on the same commit after it had failed; its minutes go, in equal parts, to the tests that it
// passed and had failed before. Where many had failed at once, no test is to blame.
void count_reruns(const TestRuns& runs, const std::vector<CommitJobs>& commits, BurntBooks& books) {
  std::unordered_map<std::string, const TestRun*> by_key;
  for (const auto& run : runs.runs()) by_key.emplace(run.key, &run);
  for (const auto& commit : commits) {
    std::unordered_map<std::string_view, const CiJob*> before;
    for (const auto& job : commit.jobs) {
      books.all_minutes[start_of_week(job.started)] += job.minutes();
      const CiJob*& earlier = before[job.name];
      if (earlier && earlier->failed) {
        Burnt burnt;
        burnt.rerun_minutes = job.minutes(), burnt.reruns = 1;
        const auto first = by_key.find(earlier->key), second = by_key.find(job.key);
        std::vector<std::int64_t> flaked;
        if (first != by_key.end() && second != by_key.end() && !is_mass_failure(*first->second))
          for (const auto& failure : runs.failures(*first->second)) {
            const StoredFailure* again = runs.failure(*second->second, failure.test_id);
            if (ci::is_failure(failure.state.outcome()) && !(again && ci::is_failure(again->state.outcome())))
              flaked.push_back(failure.test_id);
          }
        burnt.flaked = flaked.empty() ? 0 : 1;
        books.by_week[start_of_week(job.started)] += burnt;
        for (const auto test : flaked) {
          Burnt& of = books.by_test[test];
          of.rerun_minutes += job.minutes() / static_cast<double>(flaked.size());
          ++of.reruns, ++of.flaked;
        }
      }
      earlier = &job;
    }
  }
}

// Tries within a run beyond the first; a test's time is the sum of its tries where the tool says no more.
void count_retries(const TestRuns& runs, Timestamp since, BurntBooks& books) {
  std::map<std::int64_t, std::vector<std::int64_t>> by_configuration;
  for (const auto& [test, configurations] : runs.failing_tests())
    for (const auto configuration : configurations) by_configuration[configuration].push_back(test);
  for (const auto& [configuration, tests] : by_configuration)
    for (const auto& [test, points] : runs.histories(tests, configuration))
      for (const auto& point : points) {
        const TestRun& run = runs.runs()[point.run];
        const auto tries = point.state.attempts.size();
        if (run.at < since || tries < 2 || is_mass_failure(run)) continue;
        Burnt burnt;
        burnt.retries = static_cast<std::int64_t>(tries) - 1;
        burnt.flaked = point.state.outcome() == ci::Outcome::flaky ? 1 : 0;
        if (point.seconds)
          burnt.retry_minutes = *point.seconds / 60 * static_cast<double>(tries - 1) / static_cast<double>(tries);
        else
          ++books.without_times;
        books.by_test[test] += burnt;
        burnt.flaked = 0;  // there, it counts reruns
        books.by_week[start_of_week(run.at)] += burnt;
      }
}

Result weeks_result(const Context& context, const BurntBooks& books) {
  Result result = context.result("ci_burnt", "Minutes burnt by reruns and retries", "What do reruns and retries cost?");
  result.columns = {{"week", "Week", ColumnType::date},
                    {"reruns", "Reruns", ColumnType::integer},
                    {"flaky", "Of them for flakes", ColumnType::integer, "", "the rerun passed what had failed"},
                    {"rerun_minutes", "Minutes", ColumnType::number},
                    {"retries", "Retries", ColumnType::integer, "", "of tests, within a run"},
                    {"retry_minutes", "Minutes of retries", ColumnType::number},
                    {"all_minutes", "All minutes", ColumnType::number},
                    {"share", "Burnt", ColumnType::share}};
  result.chart = {Chart::Kind::bar, "week", {"rerun_minutes"}, {}, {}, {}, "minutes"};
  Burnt all;
  double minutes = 0;
  std::map<Timestamp, std::pair<Burnt, double>> weeks;
  for (const auto& [week, of] : books.all_minutes) weeks[week].second = of;
  for (const auto& [week, burnt] : books.by_week) weeks[week].first = burnt;
  for (const auto& [week, each] : weeks) {
    const auto& [burnt, of_all] = each;
    all += burnt, minutes += of_all;
    const double lost = burnt.rerun_minutes + burnt.retry_minutes;
    result.rows.push_back({week, burnt.reruns, burnt.flaked, burnt.rerun_minutes, burnt.retries, burnt.retry_minutes,
                           of_all, of_all > 0 ? Cell(std::min(1.0, lost / of_all)) : Cell()});
  }
  result.claim = weeks.empty()
                     ? "No rerun and no retry is known."
                     : fmt::format("{} took {} of {} minutes of jobs; {} of tests within runs took {} more.",
                                   plural(all.reruns, "rerun"), with_thousands(std::llround(all.rerun_minutes)),
                                   with_thousands(std::llround(minutes)), plural(all.retries, "retry", "retries"),
                                   with_thousands(std::llround(all.retry_minutes)));
  result.definition =
      "A rerun: a job of the same name again on the same commit after it had failed, counted whole. A retry: one more "
      "try of a test within a run, at its share of the test's time; runs in which many tests failed at once have none. "
      "Weeks by the beginning of the rerun.";
  result.sample_size = all.reruns + all.retries;
  if (books.without_times > 0)
    result.coverage = fmt::format("{} without the time they took", plural(books.without_times, "retry", "retries"));
  return result;
}

Result tests_result(const Context& context, const TestRuns& runs, const BurntBooks& books, std::int64_t days) {
  Result result =
      context.result("ci_burnt_tests", "What single tests burn", "Which flaky tests cost the most minutes?");
  result.columns = {{"test", "Test"},
                    {"minutes", "Minutes", ColumnType::number},
                    {"per_week", "Per week", ColumnType::number, "minutes"},
                    {"reruns", "Reruns", ColumnType::integer},
                    {"retries", "Retries", ColumnType::integer},
                    {"flaked", "Flaked", ColumnType::integer, "", "passed at a later try, or in the rerun"}};
  result.set_roles({{"test", ColumnRole::test}});
  std::vector<std::pair<double, std::int64_t>> order;
  for (const auto& [test, burnt] : books.by_test)
    if (burnt.flaked > 0) order.emplace_back(-(burnt.rerun_minutes + burnt.retry_minutes), test);
  std::sort(order.begin(), order.end());
  double sum = 0;
  for (const auto& [minutes, test] : order) sum -= minutes;
  for (std::size_t i = 0; i < std::min(order.size(), kMostTests); ++i) {
    const Burnt& burnt = books.by_test.at(order[i].second);
    const double minutes = -order[i].first;
    result.rows.push_back({runs.test_name(order[i].second), minutes, minutes * 7 / static_cast<double>(days),
                           burnt.reruns, burnt.retries, burnt.flaked});
  }
  result.claim = order.empty() ? "No test is known to have cost a rerun or a retry."
                               : fmt::format("{} cost {:.0f} minutes in {} days.",
                                             plural(static_cast<long long>(order.size()), "flaky test"), sum, days);
  result.definition =
      "A rerun's minutes go in equal parts to the tests that it passed and that had failed before; retries as above.";
  result.sample_size = static_cast<std::int64_t>(order.size());
  return result;
}

Result paths_result(const Context& context, const std::vector<CommitJobs>& commits) {
  Result result = context.result("ci_critical", "Critical paths", "Which jobs decide how long CI takes?");
  result.columns = {{"path", "Jobs, one after the other"},
                    {"commits", "Commits", ColumnType::integer},
                    {"share", "Of all", ColumnType::share},
                    {"median", "Median", ColumnType::duration},
                    {"next", "Next longest", ColumnType::duration, "", "median: all jobs that are not on the path"}};
  struct Path {
    std::vector<double> seconds, others;
  };
  std::map<std::string, Path> paths;
  std::int64_t all = 0;
  for (const auto& commit : commits) {
    const auto path = commit.critical_path();
    if (path.empty()) continue;
    std::string name;
    for (const auto* job : path) name += (name.empty() ? "" : " → ") + one_line(job->name);
    Path& of = paths[name];
    ++all;
    const Timestamp begin = commit.jobs.front().started;
    of.seconds.push_back(static_cast<double>(path.back()->finished - begin));
    Timestamp other = begin;
    for (const auto* job : commit.first_tries())
      if (std::find(path.begin(), path.end(), job) == path.end()) other = std::max(other, job->finished);
    of.others.push_back(static_cast<double>(other - begin));
  }
  std::vector<std::pair<std::string, Path>> order(paths.begin(), paths.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second.seconds.size() > b.second.seconds.size(); });
  for (std::size_t i = 0; i < std::min(order.size(), kMostPaths); ++i) {
    auto& [name, path] = order[i];
    const auto count = static_cast<std::int64_t>(path.seconds.size());
    result.rows.push_back({name, count, static_cast<double>(count) / static_cast<double>(all),
                           *stats::quantile(path.seconds, 0.5), *stats::quantile(path.others, 0.5)});
  }
  result.claim = order.empty() ? "No job with its times is known."
                               : fmt::format("In {} of {} commits, {} decided how long it took.",
                                             std::get<std::int64_t>(result.rows.front()[1]), all, order.front().first);
  result.definition =
      "Of each commit's first tries: the job that ended last, before it the one that ended last before it began, and "
      "so on. What the next longest would have taken is what could be saved at most by a faster path.";
  result.sample_size = all;
  return result;
}

std::vector<Result> analyse_costs(const Context& context) {
  const std::int64_t days = context.whole_number("days", 90, 1, 400);
  const Timestamp since = context.as_of - days * kDay;
  const auto commits = jobs_by_commit(context, since);
  const TestRuns runs(context, since);
  BurntBooks books;
  count_reruns(runs, commits, books);
  count_retries(runs, since, books);
  std::vector<Result> results{waits_result(context, commits, days), weeks_result(context, books),
                              tests_result(context, runs, books, days), paths_result(context, commits)};
  for (auto& each : long_tests_results(context, runs, commits)) results.push_back(std::move(each));
  return results;
}

}  // namespace

extern const Analysis ci_costs_analysis;
const Analysis ci_costs_analysis{
    "ci_costs",
    "What CI costs",
    "How long until a change is red or green, what do reruns burn, and which tests are long?",
    {{"days", "N", "looked back (90)"}},
    analyse_costs,
    {},
    {{"build", 30}}};

}  // namespace resident
