// What a report of a test run says, whatever tool wrote it: one closed set of outcomes, every attempt kept, durations
// in seconds, and what the tool's file has no mark for said beside the results, so that nobody takes silence for a
// pass. Pure data: no store, no network.
#pragma once

#include <cstdint>
#include <optional>
#include <store/test_result.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident::ci {

struct TestReport {
  std::string format;                // junit, tap, go-test, …
  std::string tool;                  // pytest, jest, …: "" where the file does not tell
  std::vector<Outcome> cannot_tell;  // outcomes that such a file has no mark for
  std::vector<TestResult> results;
  // Why this is not all of the run: cut off, totals that do not add up, a suite that never began. Empty: nothing seen.
  std::vector<std::string> incomplete;
  // Of JUnit XML: a hash of what each suite says of itself, its moment and its machine. Empty where one says no moment.
  std::vector<std::uint64_t> suites;
};

inline constexpr std::size_t kLongestMessage = 2000;  // bytes of TestResult::message
inline constexpr std::size_t kLongestName = 1000;

// Adds results under the rules above: names and messages cleaned and bounded, negative seconds left out.
class ReportBuilder {
 public:
  explicit ReportBuilder(TestReport& report) : report_(report) {}
  TestResult& add(std::string suite, std::string name, Outcome outcome, std::optional<double> seconds = {},
                  std::string_view message = {});
  // One more try of the result with that suite and name, or a first one.
  TestResult& attempt(std::string suite, std::string name, Outcome outcome, std::optional<double> seconds = {},
                      std::string_view message = {});
  // One more try of a result that is there: its outcome is that of all tries.
  void again(TestResult& result, Outcome outcome, std::optional<double> seconds = {}, std::string_view message = {});
  void cannot_tell(std::initializer_list<Outcome> outcomes);
  void incomplete(std::string why) { report_.incomplete.push_back(std::move(why)); }
  // Incomplete where `of` counts more tests than the file shows.
  void compare_totals(std::string_view of, double told, std::size_t shown);

 private:
  TestReport& report_;
};
// Adds to a message what has room in kLongestMessage.
void append_message(std::string& message, std::string_view text);
// " #2", " #3" behind names that stand again under the same suite, in order.
void number_repeated_names(TestReport& report);

}  // namespace resident::ci
