// One run may leave several reports (JUnit beside JSON, a log of the console), and must count once. Told by the names
// of the tests, which forms write differently: "suite > name", "suite name", with the file or without it. And several
// runs may leave reports side by side (a matrix, modules): the same test in two files is two tests, and no retry.
#pragma once

#include <cstdint>
#include <sources/ci/formats/report.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resident::ci {

// The names of a report's tests, whichever way they are put together.
class RunNames {
 public:
  explicit RunNames(const TestReport& report);
  // Of the smaller one's tests, the share that stands in the other: 0 to 1; by suite and name, by name alone.
  double shared_whole(const RunNames& other) const { return shared(whole_, other.whole_, count_, other.count_); }
  double shared_names(const RunNames& other) const { return shared(names_, other.names_, count_, other.count_); }

 private:
  using Counts = std::unordered_map<std::uint64_t, std::size_t>;
  static double shared(const Counts& left, const Counts& right, std::size_t left_count, std::size_t right_count);

  Counts whole_, names_;  // by what their letters hash to
  std::size_t count_ = 0;
};

// Do they tell of the same tests, in two forms? Two reports of one form are two runs.
bool is_same_run(const TestReport& left, const RunNames& left_names, const TestReport& right,
                 const RunNames& right_names);
// Which of two reports of one run is kept: the whole one, then the one that hides less, then the one with more tests.
// Never both ways, so that the order of the files decides nothing.
bool tells_more(const TestReport& one, const TestReport& other);
// Is all of `part` in `whole`, too: JUnit's suites with the same moment, machine and names, tests with the same outcome
// and time? So is what Ant's junitreport or another tool put together of the files beside it.
bool is_within(const TestReport& part, const TestReport& whole);

struct PlacedReport {
  std::string_view place;  // its path, as it is shown
  TestReport* report;
};
// Where files that are runs of their own have tests of one suite and name, each gets the part of its path that tells it
// apart, in brackets behind the name: "test_drain (py310)". Files that are tries of one run are left as they are:
// Allure's of one folder, Bazel's test_attempts/, CTest's Testing/TIME/Test.xml. Where only numbers or hashes tell the
// paths apart, which are others in the next run, one result stays, the worst, and its message says of how many. The
// number of tests that stood in several files.
std::size_t tell_files_apart(const std::vector<PlacedReport>& files);

}  // namespace resident::ci
