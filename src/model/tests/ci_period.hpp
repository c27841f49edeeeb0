// What happened to the tests of the main branch in a period: for reports.
#pragma once

#include <model/tests/test_runs.hpp>
#include <string>
#include <vector>

namespace resident {

struct CiPeriod {
  std::int64_t runs = 0, green = 0;                // complete runs of the main branch in it
  std::int64_t runs_before = 0, green_before = 0;  // in as long a time before
  struct Line {
    std::string what;  // "red at its end", "began to flake", "mended"
    std::string test, on, words;
  };
  std::vector<Line> lines;
  bool is_empty() const { return runs == 0 && lines.empty(); }
  // "364 of 412 runs of tests on main were green (88 %; 95 % in the week before)."
  std::string sentence(const std::string& period) const;
};

// begin to end; nothing of later is looked at. Empty where no run of tests is known in it.
CiPeriod ci_of_period(const Context& context, Timestamp begin, Timestamp end);

}  // namespace resident
