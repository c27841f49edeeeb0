// What became of a test, in one closed set of words, whatever tool or service told of it. Readers of reports, the store
// and everything that asks it go by these.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident::ci {

// Stored by number: new ones go to the end.
enum class Outcome : std::uint8_t {
  pass,
  fail,     // what was checked did not hold
  error,    // could not be checked: threw, set-up or teardown broke, could not be loaded
  skip,     // not run, on purpose
  xfail,    // failed, as expected
  xpass,    // passed, though expected to fail
  crash,    // its process died
  timeout,  // stopped for taking too long
  flaky,    // failed and passed on the same revision: evidence, not a pass
  missing   // should have run, and nothing is known of it
};
inline constexpr std::size_t kOutcomes = 10;
std::string_view outcome_name(Outcome outcome);
std::optional<Outcome> outcome_of_name(std::string_view name);
// Also the words of the generic format and of stores before schema 024: passed, failed, skipped.
std::optional<Outcome> outcome_of_word(std::string_view word);
// fail, error, crash, timeout: what makes a run red. An unexpected pass is told apart: tools differ.
bool is_failure(Outcome outcome);
// Of all attempts at one test on one revision, in order.
Outcome outcome_of(const std::vector<Outcome>& attempts);

struct TestResult {
  std::string suite;  // of the file: module, class, feature; "" where there is none
  std::string name;   // with " #2" where the file has the same name again and means another test
  Outcome outcome = Outcome::pass;
  std::vector<Outcome> attempts;  // never empty; all known tries, in order
  std::optional<double> seconds;  // nothing where the tool does not say, or says what cannot be (below 0)
  std::string message;            // of the first thing that went wrong, bounded
};

}  // namespace resident::ci
