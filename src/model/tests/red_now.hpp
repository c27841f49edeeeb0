// What is red on the main branch: failures that began at one place and time are one event, whatever the number of tests
// and configurations they are on. For `resident ci`, Today and the report.
#pragma once

#include <model/tests/test_health.hpp>
#include <string>
#include <vector>

namespace resident {

struct RedEvent {
  std::vector<std::int64_t> tests;           // in order of number
  std::vector<std::int64_t> configurations;  // first tier first
  int tier = 3;
  bool is_flaky = false;                 // every test of it is a known flaky one
  bool is_for_good = false;              // the model says that they fail for good
  std::size_t first_failure = 0;         // run: the earliest in a row
  std::optional<std::size_t> last_pass;  // run: the newest pass before it
  std::optional<std::size_t> start_low,
      start_high;                  // runs: where it began, 99 %, of the test with the narrowest interval
  std::int64_t runs_in_a_row = 0;  // of the test with the most
  std::int64_t message_id = 0;
  std::vector<std::string> commits;  // suspected, newest first, at most kMostCommits
  std::int64_t commit_count = 0;     // suspected in all; 0: not known
  std::vector<std::string> authors;  // of the suspected commits
  std::vector<std::string> experts;  // who knows the tests' files, and is here
  std::string words;                 // of its first test's health
};

struct BuilderState {
  std::int64_t configuration = 0;
  int tier = 3;
  std::size_t newest = 0;  // run on main
  std::string state;       // green, red, incomplete, silent
  std::optional<std::size_t> red_since;
  double usually_green = 0;  // share of the complete runs of main in 90 days before
  std::int64_t usual_runs = 0;
  std::string why;  // incomplete, silent: in words
};

struct RedNow {
  std::vector<RedEvent> events;        // in the order a release manager needs
  std::vector<BuilderState> builders;  // the same
};

inline constexpr std::size_t kMostCommits = 5;

RedNow red_now(const TestRuns& runs);

// Why a run that has so many tests cannot be all of one, by the tests of complete runs of its configuration before; ""
// where it can, or where fewer than 5 such runs are known.
std::string fewer_than_usual(std::vector<std::int64_t> usual, std::int64_t tests);

}  // namespace resident
