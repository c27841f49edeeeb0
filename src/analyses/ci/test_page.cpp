// The page of a test, and `resident ci explain TEST` where one is meant: its history drawn per configuration, how it
// stands, and its failures by message.
#include <fmt/format.h>

#include <algorithm>
#include <analyses/ci/health_result.hpp>
#include <base/error.hpp>
#include <base/text.hpp>
#include <map>
#include <stats/quantile.hpp>

namespace resident {

namespace {

constexpr Timestamp kHistory = 400 * kDay, kByDay = 45 * kDay, kByWeek = 200 * kDay;
constexpr std::size_t kMostFailures = 30;

using Histories = std::map<std::int64_t, std::vector<TestPoint>>;  // by configuration

bool says_something(const TestPoint& point) {
  const ci::Outcome outcome = point.state.outcome();
  return outcome != ci::Outcome::skip && outcome != ci::Outcome::missing;
}

Result drawn_result(const Context& context, const TestRuns& runs, const Histories& histories) {
  Result result = context.result("ci_test_history", "History", "When did it fail, on each configuration?");
  result.columns = {{"from", "From", ColumnType::date},
                    {"configuration", "On"},
                    {"runs", "First tries", ColumnType::integer, "", "on the main branch"},
                    {"failed", "Failed", ColumnType::integer},
                    {"rate", "Fails at", ColumnType::share},
                    {"seconds", "Seconds", ColumnType::number, "", "median"}};
  result.chart = {Chart::Kind::step, "from", {"rate"}, "configuration", {}, {}, "fails at"};
  struct Cut {
    std::int64_t runs = 0, failed = 0;
    std::vector<double> seconds;
  };
  Timestamp first = context.as_of;
  for (const auto& [configuration, points] : histories)
    for (const auto& point : points)
      if (runs.runs()[point.run].on_main) first = std::min(first, runs.runs()[point.run].at);
  const Timestamp length = context.as_of - first;
  const auto cut_of = [&](Timestamp at) {
    return length <= kByDay ? start_of_day(at) : length <= kByWeek ? start_of_week(at) : start_of_month(at);
  };
  std::map<std::pair<Timestamp, std::int64_t>, Cut> cuts;
  std::int64_t tries = 0, failed = 0;
  for (const auto& [configuration, points] : histories)
    for (const auto& point : points) {
      const TestRun& run = runs.runs()[point.run];
      if (!run.on_main || !says_something(point)) continue;
      Cut& cut = cuts[{cut_of(run.at), configuration}];
      const bool fails = ci::is_failure(point.state.attempts.front());
      ++cut.runs, ++tries;
      cut.failed += fails, failed += fails;
      if (point.seconds) cut.seconds.push_back(*point.seconds);
    }
  for (auto& [key, cut] : cuts) {
    const auto seconds = stats::quantile(cut.seconds, 0.5);
    result.rows.push_back({key.first, runs.configuration_name(key.second), cut.runs, cut.failed,
                           static_cast<double>(cut.failed) / static_cast<double>(cut.runs),
                           seconds ? Cell(*seconds) : Cell()});
  }
  result.claim = tries == 0 ? "No result of it on the main branch is known."
                            : fmt::format("{} of {} on the main branch failed.", failed,
                                          plural(tries, "first try", "first tries"));
  result.definition =
      fmt::format("First tries in runs of the main branch in 400 days, by {}.", length <= kByDay    ? "day"
                                                                                : length <= kByWeek ? "week"
                                                                                                    : "month");
  result.sample_size = tries;
  return result;
}

// Of one message: how often, when, where.
struct Message {
  std::int64_t count = 0;
  std::map<std::int64_t, std::int64_t> configurations;
  std::size_t first = 0, last = 0;  // runs
};

Result messages_result(const Context& context, const TestRuns& runs, const Histories& histories) {
  Result result = context.result("ci_test_messages", "By message", "What does it say when it fails?");
  result.columns = {{"message", "Message"},
                    {"failures", "Failures", ColumnType::integer},
                    {"configurations", "On"},
                    {"first", "First", ColumnType::time},
                    {"last", "Last", ColumnType::time}};
  std::map<std::int64_t, Message> messages;
  std::int64_t all = 0;
  for (const auto& [configuration, points] : histories)
    for (const auto& point : points) {
      const ci::Outcome outcome = point.state.outcome();
      if (!ci::is_failure(outcome) && outcome != ci::Outcome::flaky) continue;
      const auto [found, is_new] = messages.try_emplace(point.state.message_id);
      Message& message = found->second;
      if (is_new) message.first = message.last = point.run;
      message.first = std::min(message.first, point.run), message.last = std::max(message.last, point.run);
      ++message.count, ++message.configurations[configuration], ++all;
    }
  std::vector<std::pair<std::int64_t, Message>> order(messages.begin(), messages.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second.count > b.second.count; });
  for (const auto& [id, message] : order) {
    std::string on;
    for (const auto& [configuration, count] : message.configurations)
      on += fmt::format("{}{} ({})", on.empty() ? "" : ", ", runs.configuration_name(configuration), count);
    result.rows.push_back({id ? one_line(runs.message(id)) : std::string("(none)"), message.count, on,
                           runs.runs()[message.first].at, runs.runs()[message.last].at});
  }
  result.claim = all == 0 ? "It never failed in 400 days."
                          : fmt::format("{} with {}.", plural(all, "failure"),
                                        plural(static_cast<long long>(order.size()), "message"));
  result.definition =
      "Failures in all runs, those of pull requests among them, and of tries that a later try mended. Numbers, "
      "addresses, paths and times in messages are masked.";
  result.sample_size = all;
  return result;
}

Result failures_result(const Context& context, const TestRuns& runs, const Histories& histories) {
  Result result = context.result("ci_test_failures", "Newest failures", "Where did it fail lately?");
  result.columns = {{"at", "When", ColumnType::time}, {"configuration", "On"}, {"of", "Of"},  {"tries", "Tries"},
                    {"message", "Message"},           {"sha", "Commit"},       {"run", "Run"}};
  std::vector<const TestPoint*> failures;
  for (const auto& [configuration, points] : histories)
    for (const auto& point : points)
      if (const auto outcome = point.state.outcome(); ci::is_failure(outcome) || outcome == ci::Outcome::flaky)
        failures.push_back(&point);
  std::sort(failures.begin(), failures.end(), [](const auto* a, const auto* b) { return a->run > b->run; });
  result.sample_size = static_cast<std::int64_t>(failures.size());
  if (failures.size() > kMostFailures) failures.resize(kMostFailures);
  for (const auto* point : failures) {
    const TestRun& run = runs.runs()[point->run];
    result.rows.push_back({run.at, runs.configuration_name(run.configuration),
                           run.item && *run.item > 0 ? fmt::format("#{}", (*run.item - 1) / 2) : one_line(run.branch),
                           attempts_text(point->state.attempts), one_line(runs.message(point->state.message_id)),
                           run.sha.substr(0, 10), one_line(run.key)});
  }
  result.claim = failures.empty()
                     ? "It never failed in 400 days."
                     : fmt::format("It failed last on {}.", format_date(runs.runs()[failures.front()->run].at));
  result.definition = fmt::format("The newest {}, of all runs.", kMostFailures);
  return result;
}

std::vector<Result> analyse_test_page(const Context& context) {
  const std::string name = context.argument("test");
  if (name.empty()) throw Error(ErrorKind::usage, "a test's page needs its name", "`resident ci tests` lists some");
  const auto tests = find_tests(context, name, 1);
  if (tests.empty())
    throw Error(ErrorKind::usage, fmt::format("no test is called {}", fit_width(one_line(name), 200)),
                "`resident ci tests` lists those that are not well");
  const TestRuns runs(context, context.as_of - kHistory);
  return test_results(context, runs, tests.front());
}

}  // namespace

std::vector<Result> test_results(const Context& context, const TestRuns& runs, std::int64_t test) {
  Histories histories;
  for (const auto& [configuration, name] : runs.configurations())
    if (auto points = runs.history(test, configuration); !points.empty())
      histories.emplace(configuration, std::move(points));
  auto health = health_results(context, runs, {test});
  health.front().title = fit_width(one_line(runs.test_name(test)), 200);
  return {std::move(health[0]), drawn_result(context, runs, histories), std::move(health[1]),
          messages_result(context, runs, histories), failures_result(context, runs, histories)};
}

extern const Analysis ci_test_analysis;
const Analysis ci_test_analysis{"ci_test",
                                "A test",
                                "How does a test stand on each configuration, since when, and how does it fail?",
                                {{"test", "NAME", "as `resident ci tests` shows it"}},
                                analyse_test_page,
                                {},
                                {{"test", 10, {{"test", std::string(kPageSubject)}}}}};

}  // namespace resident
