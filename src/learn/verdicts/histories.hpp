// Results of the tests that ever failed, test by test on each configuration, as verdicts and what is learnt for them
// read them; and which runs lost many tests at once.
#pragma once

#include <cstdint>
#include <map>
#include <model/tests/test_runs.hpp>
#include <string>
#include <utility>
#include <vector>

namespace resident::verdicts {

struct HistoryPoint {
  std::uint32_t run = 0;               // index in TestRuns::runs()
  std::int32_t message = 0;            // test_message; 0: none
  bool failed = false, mixed = false;  // mixed: failed and passed within the run
  bool fails() const { return failed && !mixed; }
};

// So many failures in a row on the main branch are no flakes.
inline constexpr std::int64_t kBrokenStreak = 3;

class Histories {
 public:
  explicit Histories(const TestRuns& runs);

  const TestRuns& runs() const { return runs_; }
  const TestRun& run(std::size_t index) const { return runs_.runs()[index]; }
  // Results that say pass or fail, in order; read when they are first asked for.
  const std::vector<HistoryPoint>& of(std::int64_t test, std::int64_t configuration) const;
  // Runs of that commit, in order; none for "".
  const std::vector<std::size_t>& of_commit(const std::string& sha) const { return runs_.runs_of_commit(sha); }
  // More tests than usual failed at once in this run.
  bool is_mass(std::size_t index) const { return is_mass_[index]; }
  // As the runs up to a moment show them: the tests of the largest run of any configuration, and the sum of the largest
  // of each. At least 1.
  double tests(Timestamp now) const { return largest_at(now).first; }
  double pairs(Timestamp now) const { return largest_at(now).second; }

 private:
  using Group = std::map<std::int64_t, std::vector<HistoryPoint>>;  // by test
  std::pair<double, double> largest_at(Timestamp now) const;
  const Group& group_of(std::int64_t test, std::int64_t configuration) const;

  const TestRuns& runs_;
  std::vector<std::pair<Timestamp, std::pair<double, double>>> largest_;  // since when: tests, pairs
  std::vector<bool> is_mass_;
  std::map<std::int64_t, std::vector<std::int64_t>> failing_;  // by configuration: tests that ever failed there
  mutable std::map<std::pair<std::int64_t, std::int64_t>, Group> groups_;  // by configuration and tile
};

}  // namespace resident::verdicts
