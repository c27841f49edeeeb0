// `resident accuracy verdicts`: would the verdicts on failures of pull requests have been right? Each is given as it
// would have been when its run ended; the truth is what the project's runs showed later.
#include <fmt/format.h>

#include <algorithm>
#include <framework/accuracy.hpp>
#include <learn/verdicts/verdict.hpp>
#include <stats/intervals.hpp>

namespace resident {

namespace {

using verdicts::Blame;
using verdicts::Calibration;
using verdicts::JudgedFailure;

// Failures are calibrated on those whose runs ended before: in tenths of the history, each on the tenths before it.
constexpr std::size_t kParts = 10;

struct Told {
  const JudgedFailure* failure;
  double probability;
  bool decided, right, baseline_right;
};

// The simple way: who fails on main in the newest run is the base's, who failed in the 30 runs before is flaky, the
// rest is the change's own.
Blame simple_verdict(const JudgedFailure& failure) {
  if (failure.verdict.why.find("the main branch failed it before") != std::string::npos) return Blame::base;
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

AccuracyReport run(const Context& context) {
  const TestRuns runs(context);
  const verdicts::Judge judge(runs);
  const std::vector<JudgedFailure> judged = judge.judged();
  AccuracyReport report;
  report.task = "verdicts";
  report.definition = fmt::format(
      "Every failure of a test in a run of a pull request whose cause came out later ({} of them): flaky, where the "
      "same commit passed "
      "it in another try or run; the base's, where the main branch failed it before and after; the machine's, where "
      "many failed at once "
      "and the same commit did not later; its own, where a later commit of the pull request passed it while the main "
      "branch passed "
      "before and after. Verdicts are those of the moment at which the run ended, calibrated on runs that had ended "
      "before; decided is "
      "one of {:.0f} % or more. Baseline: what the main branch failed before is the base's, what flaked before is "
      "flaky, the rest its "
      "own.",
      judged.size(), 100 * verdicts::kDecided);
  report.intervals = "95 % intervals by Wilson";
  std::vector<Told> told;
  Calibration calibration;
  std::size_t of_part = kParts;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    const std::size_t part = i * kParts / judged.size(), learnt = part * judged.size() / kParts;
    if (part != of_part) {
      std::vector<std::pair<double, bool>> pairs;
      for (std::size_t k = 0; k < learnt; ++k)
        pairs.emplace_back(judged[k].verdict.weights[static_cast<std::size_t>(judged[k].verdict.likeliest)],
                           judged[k].verdict.likeliest == judged[k].truth);
      calibration = verdicts::calibrate(pairs);
      of_part = part;
    }
    const auto& each = judged[i];
    const double probability = calibration.of(each.verdict.weights[static_cast<std::size_t>(each.verdict.likeliest)]);
    told.push_back({&each, probability, probability >= verdicts::kDecided, each.verdict.likeliest == each.truth,
                    simple_verdict(each) == each.truth});
  }
  std::int64_t decided = 0, right = 0, all_right = 0, simple = 0, excused = 0, wrongly = 0, said_not_own = 0, own = 0;
  std::vector<std::pair<double, bool>> predictions;
  for (const auto& each : told) {
    decided += each.decided, right += each.decided && each.right, all_right += each.right,
        simple += each.baseline_right;
    predictions.emplace_back(each.probability, each.right);
    const bool is_excused = each.decided && each.failure->verdict.likeliest != Blame::own;
    excused += is_excused, said_not_own += is_excused && each.failure->truth != Blame::own;
    wrongly += is_excused && each.failure->truth == Blame::own;
    own += each.failure->truth == Blame::own;
    AccuracyCase one;
    const TestRun& run = runs.runs()[each.failure->run];
    one.item = fmt::format("#{}", (*run.item - 1) / 2);
    one.as_of = run.at;
    one.truth = {fmt::format("{} {}", blame_name(each.failure->truth), runs.test_name(each.failure->test))};
    one.ranked = {
        fmt::format("{} {}", blame_name(each.failure->verdict.likeliest), runs.test_name(each.failure->test))};
    one.baseline = {
        fmt::format("{} {}", blame_name(simple_verdict(*each.failure)), runs.test_name(each.failure->test))};
    one.scores = {each.probability};
    report.cases.push_back(std::move(one));
  }
  const auto n = static_cast<std::int64_t>(told.size());
  if (n > 0) {
    const double baseline = static_cast<double>(simple) / static_cast<double>(n);
    report.figures = {share("right_where_decided", right, decided), share("decided", decided, n),
                      share("right", all_right, n, baseline), share("not_yours_right", said_not_own, excused),
                      share("wrongly_excused", wrongly, own)};
    AccuracyFigure error;
    error.metric = "expected_calibration_error";
    error.value = error.low = error.high = expected_calibration_error(predictions);
    error.n = n;
    report.figures.push_back(error);
  }
  report.notes.push_back(
      "wrongly_excused: of the failures that were the change's own, those that a decided verdict called another's.");
  return report;
}

}  // namespace

extern const AccuracyTask verdicts_accuracy;
const AccuracyTask verdicts_accuracy{"verdicts",
                                     "Whose was a failure of CI: its own, the base's, flaky, the machine's?", run};

}  // namespace resident
