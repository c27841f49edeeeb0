// Which commit broke the main branch, as the project itself said later: what is red has a range of suspected commits
// (red_now.hpp); the change that mends it often names the one that it takes back or repairs. So a range can be held
// against what came out. A repair names a commit by git's "This reverts commit …", by a trailer "Fixes: SHA", or in its
// subject: 'Revert "…"', "broken since #12", "regression from #12".
#pragma once

#include <model/tests/test_runs.hpp>
#include <string>
#include <vector>

namespace resident {

// A test that passed at least 5 times in a row, failed at least 3 times in a row, and passed again, in complete runs of
// the main branch on one configuration. Several that broke and were mended between the same commits are one.
struct MendedBreak {
  std::size_t last_pass = 0, first_failure = 0;  // indices in TestRuns::runs()
  std::size_t last_failure = 0, mended = 0;
  std::int64_t test = 0;               // the first of them
  std::int64_t tests = 0;              // and configurations
  std::vector<std::string> suspected;  // commits of the default branch in the range, oldest first
  std::vector<std::string> named;      // by its repairs; commits
  bool is_confirmed() const;           // one that is named is suspected
};

// In order of their first failure.
std::vector<MendedBreak> mended_breaks(const TestRuns& runs);

}  // namespace resident
