// `resident accuracy verdicts`: would the verdicts on failures of pull requests have been right? Each is given as it
// would have been when its run ended; the truth is what the project's runs showed later.
#include <fmt/format.h>

#include <algorithm>
#include <framework/accuracy.hpp>
#include <learn/verdicts/ledger.hpp>
#include <map>
#include <stats/intervals.hpp>

namespace resident {

namespace {

using verdicts::Blame;
using verdicts::JudgedFailure;
using verdicts::ToldFailure;

// The simple way: who fails on main in the newest run is the base's, who failed in the 30 runs before is flaky, the
// rest is the change's own.
Blame simple_verdict(const JudgedFailure& failure) {
  if (failure.verdict.failed_on_main > 0) return Blame::base;
  return failure.verdict.flaked > 0 ? Blame::flaky : Blame::own;
}

AccuracyFigure share(std::string metric, std::int64_t happened, std::int64_t n, std::optional<double> baseline = {}) {
  AccuracyFigure figure;
  figure.metric = std::move(metric);
  figure.n = n;
  if (n == 0) return figure;
  figure.value = static_cast<double>(happened) / static_cast<double>(n);
  const auto interval = stats::wilson_interval(happened, n);
  figure.low = interval->low, figure.high = interval->high;
  figure.baseline = baseline;
  return figure;
}

std::string definition_of(std::size_t judged) {
  return fmt::format(
      "Every failure of a test in a run of a pull request whose cause came out later ({} of them): flaky, where the "
      "same commit passed it in another try or run; the base's, where the main branch failed it before and after; the "
      "machine's, where many failed at once and the same commit did not in another run; its own, where a later commit "
      "of the pull request passed it while the main branch passed before and after, and where it was tried again or "
      "elsewhere it failed, too often for a flake. Verdicts are those of the moment at which the run ended, calibrated "
      "on causes that had come out by then; decided is one of {:.0f} % or more. Baseline: what the main branch failed "
      "before "
      "is the base's, what flaked before is flaky, the rest its own.",
      judged, 100 * verdicts::kDecided);
}

AccuracyCase case_of(const TestRuns& runs, const ToldFailure& told) {
  const JudgedFailure& failure = told.failure;
  const TestRun& run = runs.runs()[failure.run];
  const auto named = [&](Blame blame) {
    return std::vector<std::string>{fmt::format("{} {}", blame_name(blame), runs.test_name(failure.test))};
  };
  AccuracyCase one;
  one.item = *run.item > 0 ? fmt::format("#{}", (*run.item - 1) / 2) : run.key;
  one.as_of = run.at;
  one.truth = named(failure.truth);
  one.ranked = named(failure.verdict.likeliest);
  one.baseline = named(simple_verdict(failure));
  one.scores = {told.probability};
  return one;
}

AccuracyReport run(const Context& context) {
  const TestRuns runs(context);
  const verdicts::Judge judge(runs);
  const std::vector<ToldFailure> told = verdicts::told_then(judge, runs.context().as_of);
  AccuracyReport report;
  report.task = "verdicts";
  report.definition = definition_of(told.size());
  report.intervals = "95 % intervals by Wilson";
  std::int64_t decided = 0, right = 0, all_right = 0, simple = 0;
  std::vector<std::pair<double, bool>> predictions;
  std::map<std::size_t, bool> by_run;  // with a decided verdict: whether all of them were right
  for (const auto& each : told) {
    const bool is_right = each.failure.is_right();
    all_right += is_right;
    simple += simple_verdict(each.failure) == each.failure.truth;
    predictions.emplace_back(each.probability, is_right);
    report.cases.push_back(case_of(runs, each));
    if (!each.is_decided()) continue;
    ++decided, right += is_right;
    by_run.emplace(each.failure.run, true).first->second &= is_right;
  }
  const auto n = static_cast<std::int64_t>(told.size());
  if (n > 0) {
    const verdicts::Ledger ledger = ledger_of(told);
    const auto runs_right = std::count_if(by_run.begin(), by_run.end(), [](const auto& each) { return each.second; });
    report.figures = {share("right_where_decided", right, decided),
                      share("decided", decided, n),
                      share("right", all_right, n, static_cast<double>(simple) / static_cast<double>(n)),
                      share("runs_right", runs_right, static_cast<std::int64_t>(by_run.size())),
                      share("not_yours_right", ledger.excused - ledger.wrongly_excused, ledger.excused),
                      share("wrongly_excused", ledger.wrongly_excused, ledger.own)};
    AccuracyFigure error;
    error.metric = "expected_calibration_error";
    error.value = error.low = error.high = expected_calibration_error(predictions);
    error.n = n;
    report.figures.push_back(error);
  }
  report.notes.push_back(
      "runs_right: of the runs of pull requests with a decided verdict, those with no wrong one. wrongly_excused: of "
      "the failures that were the change's own, those that a decided verdict called another's.");
  return report;
}

}  // namespace

extern const AccuracyTask verdicts_accuracy;
const AccuracyTask verdicts_accuracy{"verdicts",
                                     "Whose was a failure of CI: its own, the base's, flaky, the machine's?", run};

}  // namespace resident
