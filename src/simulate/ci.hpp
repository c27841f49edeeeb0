// Continuous integration with known faults: tests that fail at random at a known
// rate, commits on main that break a test until another repairs it, pushes of pull
// requests that break one, and pull requests by newcomers whose tests wait for
// somebody to start them.
//
// Runs are kept as long as forges keep them: two years, less for large projects.
// A completed run lists the failed tests, all flaky ones and a few that passed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "simulate/record_writer.hpp"

namespace resident::simulation {

struct FlakyTest {
  std::size_t test;
  double rate;
  Timestamp from, until;
};

struct Breakage {
  std::size_t test;
  std::string broken_by;
  std::int64_t pull;
  Timestamp from;
  std::string fixed_by;  // empty: still broken
  std::optional<Timestamp> until = {};
};

class Builders;

class Ci {
 public:
  // builders: on so many, all tests and with the causes of failures in `truth` (builders.hpp); 0: as above.
  Ci(std::uint64_t seed, const Calendar& calendar, std::int64_t issues, RecordWriter& writer, std::int64_t builders,
     const std::filesystem::path& truth);
  ~Ci();
  Ci(const Ci&) = delete;
  Ci& operator=(const Ci&) = delete;
  // Null where there are none.
  const Builders* builders() const { return builders_.get(); }
  void finish();

  std::size_t tests() const { return names_.size(); }
  const std::string& name(std::size_t test) const { return names_[test]; }
  const std::vector<FlakyTest>& flaky() const { return flaky_; }
  std::vector<Breakage>& breakages() { return breakages_; }
  const std::vector<Breakage>& breakages() const { return breakages_; }
  Timestamp kept_since() const { return kept_since_; }

  // The tests of a commit pushed at that time; start: when somebody lets them run
  // (absent: not before the end).
  void run(const std::string& commit, std::int64_t pull, const std::string& branch, Timestamp pushed, int broken_test,
           std::optional<Timestamp> start);

 private:
  void one(CiRun run, Timestamp pushed, int broken_test, bool again);
  void on_builders(const CiRun& run, Timestamp pushed, int broken_test);

  const Calendar& calendar_;
  RecordWriter& writer_;
  Random random_;
  std::vector<std::string> names_;
  std::vector<FlakyTest> flaky_;
  std::vector<Breakage> breakages_;
  Timestamp kept_since_;
  std::unique_ptr<Builders> builders_;
};

}  // namespace resident::simulation
