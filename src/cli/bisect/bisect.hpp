// A search for the commit that made a command fail: runs what the question wants to know, as many at once as asked, and
// writes each outcome to the journal before it concludes anything.
#pragma once

#include <cli/bisect/question.hpp>
#include <cli/bisect/range.hpp>
#include <functional>
#include <string>
#include <vector>

namespace resident {

struct BisectWishes {
  std::string clone = ".", good, bad, folder;
  std::vector<std::string> command;
  std::size_t jobs = 1;
  std::int64_t most_runs = 1000;
  double timeout = 0;   // seconds, 0: none
  double enough = 0;    // probability at which the search ends; 0: as the question has it
  double least = 0.02;  // with bench: the smallest change that is looked for, as a share
  bool bench = false, clean = false, restart = false;
};

// What is known of one position.
struct Tested {
  std::int64_t runs = 0, failed = 0;
  bool untestable = false;
  std::vector<std::string> shown;  // the newest runs last
};

struct BisectOutcome {
  CommitRange range;
  std::vector<Tested> tested;
  std::vector<double> probabilities;
  Conclusion conclusion;
  std::int64_t runs = 0;
  std::string ended_early;  // why nothing more can be run, where nothing is concluded
  std::string folder;       // with the output of each run
};

// said: one line about each run that ended.
BisectOutcome bisect(const BisectWishes& wishes, const std::function<void(const std::string&)>& said);

}  // namespace resident
