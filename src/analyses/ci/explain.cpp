// `resident ci explain`: a build's, a pull request's or a test's failures, and whose they are.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <analyses/ci/health_result.hpp>
#include <array>
#include <base/error.hpp>
#include <base/text.hpp>
#include <charconv>
#include <framework/arguments.hpp>
#include <learn/verdicts/pull_failures.hpp>

namespace resident {

namespace {

using verdicts::Judge;
using verdicts::kHistory;
using verdicts::kMostJudged;
using verdicts::runs_of_pull;
using verdicts::Verdict;

constexpr std::size_t kMostTests = 20, kMostRunsNamed = 5;

std::string runs_named(const TestRuns& runs, const std::vector<std::size_t>& list) {
  std::vector<std::string> keys;
  for (std::size_t i = list.size(); i-- > 0 && keys.size() < kMostRunsNamed;) keys.push_back(runs.runs()[list[i]].key);
  return fmt::format("{}{}", fmt::join(keys, ", "),
                     list.size() > keys.size() ? fmt::format(" and {} more", list.size() - keys.size()) : "");
}

std::string calibration_text(const Judge& judge, std::int64_t judged) {
  return judge.calibration().cases ? fmt::format(
                                         "probabilities are calibrated on {} failures of this project whose cause came "
                                         "out later; `resident accuracy verdicts` measures them",
                                         judge.calibration().cases)
                                   : fmt::format(
                                         "only {} failures of this project had a cause that came out later ({} are "
                                         "needed): probabilities are not calibrated",
                                         judged, verdicts::kFewestToCalibrate);
}

Result failures_result(const Context& context, const TestRuns& runs, const std::string& title,
                       const std::vector<std::size_t>& of) {
  Judge judge(runs);
  const auto judged = judge.judged(kMostJudged);
  judge.calibrate_on(judged);
  Result result = context.result("ci_explain", title,
                                 "Which failures are its own, which the base's, which flaky, which the machine's?");
  result.columns = {{"verdict", "Whose"},
                    {"probability", "Probability", ColumnType::share},
                    {"test", "Test"},
                    {"configuration", "On"},
                    {"flaky_rate", "Flakes at", ColumnType::share},
                    {"why", "Why"},
                    {"message", "Message"},
                    {"runs", "Runs behind it"},
                    {"run", "Run", ColumnType::text, {}, {}, {}, true},
                    {"likeliest", "Likeliest", ColumnType::text, {}, {}, {}, true},
                    {"outcome", "Outcome", ColumnType::text, {}, {}, {}, true}};
  result.set_roles({{"test", ColumnRole::test}});
  std::array<std::int64_t, 5> counts{};
  std::vector<std::string> incomplete;
  for (const auto run : of)
    if (const TestRun& each = runs.runs()[run]; !each.incomplete.empty())
      incomplete.push_back(
          fmt::format("{} ({}): {}", each.key, runs.configuration_name(each.configuration), one_line(each.incomplete)));
  for (const auto& failure : failures_of(runs, judge, of)) {
    const Verdict& verdict = failure.verdict;
    const TestRun& each = runs.runs()[failure.run];
    ++counts.at(static_cast<std::size_t>(verdict.blame));
    result.rows.push_back({std::string(blame_name(verdict.blame)), verdict.probability, runs.test_name(failure.test),
                           runs.configuration_name(each.configuration), verdict.flaky_rate, verdict.why,
                           one_line(runs.message(failure.message_id)), runs_named(runs, verdict.runs), each.key,
                           std::string(blame_name(verdict.likeliest)), std::string(ci::outcome_name(failure.outcome))});
  }
  if (of.empty())
    result.claim = "No run of its tests is known.";
  else if (result.rows.empty())
    result.claim = incomplete.empty()
                       ? fmt::format("Nothing failed in {}.", plural(static_cast<long long>(of.size()), "run"))
                       : "Nothing failed in what came in, but that is not all: it is not green.";
  else
    result.claim = fmt::format("{}: {} its own, {} the base's, {} flaky, {} the machine's, {} not known.",
                               plural(static_cast<long long>(result.rows.size()), "failure"), counts[0], counts[1],
                               counts[2], counts[3], counts[4]);
  for (const auto& note : incomplete) result.notes.push_back("incomplete: " + note);
  result.sample_size = static_cast<std::int64_t>(of.size());
  result.definition =
      "its own: the change did it; the base's: the main branch fails it too; flaky: the test fails now and then "
      "without a cause; the machine's: many tests failed at once, of whatever commit; not known: none of them has 90 "
      "%.";
  result.method = "Bayes' rule over those four, from the runs of the test on that configuration (docs/guide/ci.md)";
  result.uncertainty = calibration_text(judge, static_cast<std::int64_t>(judged.size()));
  return result;
}

// A build by its key or, of several configurations, by its commit (seven letters at least).
std::vector<std::size_t> runs_of_build(const TestRuns& runs, const std::string& text) {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < runs.runs().size(); ++i) {
    const TestRun& run = runs.runs()[i];
    if (run.key == text || (text.size() >= 7 && run.sha.starts_with(text))) result.push_back(i);
  }
  return result;
}

std::vector<Result> analyse_explain(const Context& context) {
  const std::string what = context.argument("what");
  if (what.empty())
    throw Error(ErrorKind::usage, "ci explain needs a build, a pull request or a test", "resident ci explain '#12'");
  refuse_unknown_branch(context);
  const TestRuns runs(context, context.as_of - kHistory);
  const std::string digits = context.typed_number(what);
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_number = problem == std::errc() && end == digits.data() + digits.size() && number > 0;
  if (const auto build = runs_of_build(runs, what); !build.empty() && !what.starts_with('#'))
    return {failures_result(context, runs, fmt::format("Build {}", one_line(what)), build)};
  if (is_number)
    return {failures_result(context, runs, fmt::format("Pull request #{}", number), runs_of_pull(runs, number))};
  const auto tests = find_tests(context, what, kMostTests);
  if (tests.empty())
    throw Error(ErrorKind::usage, fmt::format("no build, pull request or test is called {}", one_line(what)),
                "a build goes by its key or commit, a pull request by #NUMBER, a test by its name or a part of it");
  if (tests.size() == 1) return test_results(context, runs, tests.front());
  return health_results(context, runs, tests);
}

}  // namespace

extern const Analysis ci_explain_analysis;
const Analysis ci_explain_analysis{"ci_explain",
                                   "CI explained",
                                   "Whose are the failures of a build or a pull request, and how does a test stand?",
                                   {{"what", "WHAT", "a build (its key or commit), a pull request (#N) or a test"}},
                                   analyse_explain};

}  // namespace resident
