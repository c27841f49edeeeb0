// The quarantine (config/quarantine_file.hpp) held against what the project's runs say: how each test of it stands and
// what it hides, what should come into it, and what should leave.
//
// In it belongs what is flaky on a configuration of the main branch, and there alone. Never what fails always, or began
// to fail for good. A test leaves a configuration when the upper 95 % bound of its rate of failing at first try
// (Clopper–Pearson, one-sided) is below 1 %, of its runs on the main branch since it was put there, and since that rate
// changed last.
#pragma once

#include <config/quarantine_file.hpp>
#include <model/tests/test_health.hpp>
#include <string>
#include <vector>

namespace resident {

inline constexpr double kLeavesBelow = 0.01;

enum class QuarantineState {
  holds,     // flaky, or not known to be better
  overdue,   // its date is over: it gates again
  for_good,  // fails for good: gates, and should leave
  better,    // rarely fails: should leave
  not_run,   // not run any more there: should leave
  unknown,   // no result of such a test on that configuration is known
};
const char* quarantine_state_name(QuarantineState state);

// One test of it on one configuration.
struct QuarantinedTest {
  std::size_t entry = 0;  // index
  std::string configuration_name;
  std::int64_t test = 0, configuration = 0;  // 0: not known
  QuarantineState state = QuarantineState::unknown;
  bool is_over = false;                                // its date is past: it gates again, whatever its state
  std::int64_t first_tries = 0, failed = 0;            // on main, since then
  double upper = 1;                                    // of the rate, 95 %
  std::int64_t hides_on_main = 0, hides_of_pulls = 0;  // runs in which it failed, since it was put there
  std::string words;                                   // its history
  // Excuses a failure there.
  bool holds() const { return !is_over && (state == QuarantineState::holds || state == QuarantineState::better); }
  bool should_leave() const {
    return state == QuarantineState::for_good || state == QuarantineState::better || state == QuarantineState::not_run;
  }
};

// In the order of the entries and of their configurations.
std::vector<QuarantinedTest> review_quarantine(const TestRuns& runs, const std::vector<QuarantineEntry>& entries);

struct QuarantineProposal {
  QuarantineEntry entry;  // what should come, with the configurations that it does not have yet
  std::int64_t test = 0;
  double rate = 0;  // of failing at first try, on the worst of them
};
// What is flaky and not in it yet, the worst first. Issues are open ones that name the test, owners those who know its
// file best. days: until it is to be reviewed.
std::vector<QuarantineProposal> propose_quarantine(const TestRuns& runs, const std::vector<QuarantineEntry>& entries,
                                                   std::int64_t days);
// The file as it should be: without what should leave, with what should come.
std::vector<QuarantineEntry> quarantine_after(std::vector<QuarantineEntry> entries,
                                              const std::vector<QuarantinedTest>& reviewed,
                                              const std::vector<QuarantineProposal>& proposed);

}  // namespace resident
