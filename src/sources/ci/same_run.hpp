// One run may leave several reports (JUnit beside JSON, a log of the console), and must count once. Told by the names
// of the tests, which forms write differently: "suite > name", "suite name", with the file or without it.
#pragma once

#include <cstdint>
#include <sources/ci/formats/report.hpp>
#include <unordered_map>

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

}  // namespace resident::ci
