// Whose is a failure: the change's own, the base's, a flaky test's, the machine's, or not known. Four explanations are
// weighed by Bayes' rule from what the project's runs say of that test on that configuration: how often it fails
// without a cause, whether the main branch failed before and after, what the same commit came to again, whether the
// run lost many tests at once, and whether the message is a known one. How common each explanation is, is learnt from
// the project's own runs (rates.hpp). The probability is calibrated on causes that had come out by then (ledger.hpp
// measures it backwards, with nothing of the future).
//
// What always fails, or began to fail for good, adds nothing to a test's rate of flaking.
#pragma once

#include <array>
#include <learn/verdicts/histories.hpp>
#include <learn/verdicts/rates.hpp>
#include <string>
#include <vector>

namespace resident::verdicts {

enum class Blame { own, base, flaky, machine, unknown };
const char* blame_name(Blame blame);

// Below this probability a failure is "not known".
inline constexpr double kDecided = 0.9;

struct Verdict {
  Blame blame = Blame::unknown;
  Blame likeliest = Blame::unknown;      // also where it is not decided
  double probability = 0;                // of the likeliest
  std::array<double, 4> weights{};       // own, base, flaky, machine; sum 1, as they were before calibration
  double flaky_rate = 0;                 // of this test there, expected
  std::int64_t flaked = 0, of_runs = 0;  // seen: failures without a cause, among so many runs
  std::int64_t failed_on_main = 0;       // in a row, before
  std::string why;
  std::vector<std::size_t> runs;  // behind it, as indices in TestRuns::runs(), oldest first
};

struct JudgedFailure {
  std::int64_t test = 0;
  std::size_t run = 0;
  Timestamp at = 0;  // when the run ended
  Blame truth = Blame::unknown;
  Verdict verdict;  // as it would have been given when the run ended
  bool is_right() const { return verdict.likeliest == truth; }
  double raw() const { return verdict.weights[static_cast<std::size_t>(verdict.likeliest)]; }  // before calibration
};

// Probability of a verdict, as such verdicts came true: logit p' = a + b logit p (Platt 1999), a by whose the failure
// was said to be, learnt from judged failures.
struct Calibration {
  std::array<double, 4> intercepts{};  // by Blame
  double slope = 1;
  std::int64_t cases = 0;  // 0: nothing was learnt, and p stays as it is
  double of(double probability, Blame likeliest) const;
  double of(const JudgedFailure& failure) const { return of(failure.raw(), failure.verdict.likeliest); }
};
struct CalibrationCase {
  double probability = 0;
  Blame likeliest = Blame::own;
  bool is_right = false;
  double weight = 1;
};
// With fewer judged failures p stays as it is.
inline constexpr std::int64_t kFewestToCalibrate = 50;
Calibration calibrate(const std::vector<CalibrationCase>& judged);
// n failures of one run count as the root of n: they are much the same event.
Calibration calibrate(const std::vector<JudgedFailure>& judged);
inline constexpr std::size_t kMostOfARun = 10;    // failures of one run that are learnt from
inline constexpr std::size_t kMostJudged = 2000;  // the newest judged failures that are learnt from

class Judge {
 public:
  explicit Judge(const TestRuns& runs) : histories_(runs), rates_(histories_) {}

  // Of a test that failed in that run, from what was known at `now`.
  Verdict judge(std::int64_t test, std::size_t run, Timestamp now) const;
  // What it turned out to be, as far as the runs up to `now` show; nothing where they do not.
  std::optional<Blame> later_truth(std::int64_t test, std::size_t run, Timestamp now) const;
  // All failures of pull requests, judged backwards, in order of time; their truth is left unknown.
  std::vector<JudgedFailure> said() const;
  // About the newest `most` of those whose truth came out by the context's moment, in order of time; of a run that
  // lost many tests only some, since they say one thing.
  std::vector<JudgedFailure> judged(std::size_t most) const;
  // Learns from judged(); from then on probabilities are calibrated.
  void calibrate_on(const std::vector<JudgedFailure>& judged) { calibration_ = calibrate(judged); }
  const Calibration& calibration() const { return calibration_; }

 private:
  struct Evidence;
  using Points = std::vector<HistoryPoint>;
  Evidence evidence(std::int64_t test, std::size_t run, Timestamp now) const;
  void look_at_main(const Points& points, std::size_t run, Timestamp now, Evidence& evidence) const;
  void look_at_flakes(const Points& points, std::size_t run, Timestamp now, Evidence& evidence) const;
  void look_at_change(const Points& points, std::int64_t test, std::size_t run, Timestamp now,
                      Evidence& evidence) const;
  void weigh_mass(std::size_t run, Timestamp now, Evidence& evidence) const;
  Verdict verdict_of(const Evidence& evidence, Timestamp now) const;
  std::array<double, 4> weights(const Evidence& evidence, double rate, Timestamp now) const;

  Histories histories_;
  Rates rates_;
  Calibration calibration_;
};

}  // namespace resident::verdicts
