// The runs of a project's tests as of a moment, in order of time, with what
// failed in each; and the history of single tests. Everything that is said of
// CI starts here. Only failures are read for all runs: they are few, and kept
// with the run. A test's whole history is read when it is asked for. The
// arguments `branch`, `tier-1` and `tier-2` (patterns over names of
// configurations) say what is the main branch and what a release waits for.
#pragma once

#include <algorithm>
#include <framework/analysis.hpp>
#include <map>
#include <span>
#include <store/result_tile.hpp>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident {

struct TestRun {
  std::int64_t number = 0;  // test_run.run_number
  std::int64_t configuration = 0;
  Timestamp at = 0;
  std::string key, sha, branch;
  std::optional<std::int64_t> item;  // item_id of the pull request
  std::int64_t tests = 0, failed = 0;
  std::int64_t troubled = 0;  // tests with any try that failed, whatever came after
  std::string incomplete;     // "": nothing seen
  bool on_main = false;       // of the main branch, and of no pull request
  std::size_t first_failure = 0, failure_count = 0;
};

// Numbers of tests whose results stand together in the store.
inline constexpr std::int64_t kTestsOfATile = 256;

// So many tests at once, and such a share of the run, are no matter of single tests: a machine in trouble, or a change
// that breaks everything.
inline constexpr std::int64_t kMassTests = 5;
inline constexpr double kMassShare = 0.2;
inline bool is_mass_failure(const TestRun& run) {
  const std::int64_t failed = std::max(run.failed, run.troubled);
  return failed >= kMassTests && static_cast<double>(failed) >= kMassShare * static_cast<double>(run.tests);
}

// A test's result in one run.
struct TestPoint {
  std::size_t run = 0;  // index in TestRuns::runs()
  TestState state;
  std::optional<double> seconds;
};

// Where somebody typed the argument `branch`: throws Error{usage}, with the nearest name, for one of which no run was
// ever known, while there are some of others. One without a run lately is an answer.
void refuse_unknown_branch(const Context& context);

class TestRuns {
 public:
  // Runs whose results were known at the context's moment, and not before
  // `since`.
  explicit TestRuns(const Context& context, Timestamp since = 0);

  const std::vector<TestRun>& runs() const { return runs_; }
  std::span<const StoredFailure> failures(const TestRun& run) const {
    return {failures_.data() + run.first_failure, run.failure_count};
  }
  // The failure of that test in the run; null where it has none there.
  const StoredFailure* failure(const TestRun& run, std::int64_t test_id) const;
  const std::string& main_branch() const { return main_branch_; }
  // Names: "suite: name" of a test, "" for one that is not there.
  const std::string& configuration_name(std::int64_t configuration) const;
  std::string test_name(std::int64_t test_id) const;
  std::pair<std::string, std::string> suite_and_name(std::int64_t test_id) const;
  std::string message(std::int64_t message_id) const;  // masked
  const std::map<std::int64_t, std::string>& configurations() const { return configurations_; }
  // Indices in runs(), rising.
  const std::vector<std::size_t>& runs_of(std::int64_t configuration) const;
  // Runs of that commit, rising; none for "".
  const std::vector<std::size_t>& runs_of_commit(const std::string& sha) const;
  // 1, 2 as asked for, 3 for the rest.
  int tier(std::int64_t configuration) const;

  // All results of the test on that configuration in these runs, in their
  // order.
  std::vector<TestPoint> history(std::int64_t test_id, std::int64_t configuration) const;
  // Results of several tests of one configuration, by test; one pass over what
  // they share.
  std::map<std::int64_t, std::vector<TestPoint>> histories(const std::vector<std::int64_t>& tests,
                                                           std::int64_t configuration) const;
  // Seconds of each test of that run, where its tool told them.
  std::vector<std::pair<std::int64_t, double>> seconds_of_run(const TestRun& run) const;
  // Every test that has ever failed in these runs, with the configurations
  // where it did.
  std::map<std::int64_t, std::vector<std::int64_t>> failing_tests() const;
  const Context& context() const { return context_; }

 private:
  void choose_main_branch();

  Context context_;
  std::vector<TestRun> runs_;
  std::vector<StoredFailure> failures_;
  std::map<std::int64_t, std::string> configurations_;
  std::map<std::int64_t, int> tiers_;
  std::map<std::int64_t, std::vector<std::size_t>> by_configuration_;
  std::unordered_map<std::int64_t, std::size_t> by_number_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_commit_;
  std::string main_branch_;
};

// Tests whose name, or "suite: name", is that text, or ends in it, or else has
// it in it; exact ones first.
std::vector<std::int64_t> find_tests(const Context& context, const std::string& text, std::size_t most);

}  // namespace resident
