// The quarantine: tests that fail now and then, and until a date do not hold up a change. It is a file of the
// repository, so that who puts a test there, and for how long, is reviewed like code. TOML:
//
//   [[quarantine]]
//   suite = "tests.test_io"              # left out where a test has none
//   test = "test_seek"
//   configurations = ["windows"]         # the narrowest; never empty
//   owner = "ada"
//   issue = "#123"
//   since = 2026-11-30
//   review-by = 2026-12-30               # the last day on which it is excused
//   reason = "failed 13 of 412 first tries"
#pragma once

#include <base/time.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

struct QuarantineEntry {
  std::string suite, test;
  std::vector<std::string> configurations;
  std::string owner, issue, reason;
  Timestamp since = 0, review_by = 0;  // first seconds of days
  bool is_over(Timestamp now) const { return now >= review_by + kDay; }
  std::string name() const { return suite.empty() ? test : suite + ": " + test; }
};

// origin: how the file is called in messages. Throws Error{usage} that says where, and what is missing.
std::vector<QuarantineEntry> read_quarantine(std::string_view text, const std::string& origin);
// What read_quarantine reads as the same.
std::string quarantine_text(const std::vector<QuarantineEntry>& entries);

}  // namespace resident
