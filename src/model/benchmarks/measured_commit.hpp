// What was measured at a commit that somebody names: a branch, a tag, or the beginning of its hash.
#pragma once

#include <framework/analysis.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace resident {

struct MeasuredSeries {
  std::string name;  // as load_benchmarks names it: with its machine and configuration
  std::string unit;
  std::string better;     // lower, higher, ""
  std::string benchmark;  // without its parameters
  std::vector<std::string> tags;
  std::vector<double> values;  // every single one of all runs of the commit; where a file has none, its own figure
};

struct MeasuredCommit {
  std::string asked;      // the commit that was named
  std::string sha;        // that was measured: the same, or the nearest before it along first parents
  std::size_t steps = 0;  // between the two
  std::vector<MeasuredSeries> series;
  std::map<std::string, std::string> environment;  // of its newest run
};

// name: refs as git reads them (a branch here or of a remote, a tag, HEAD), or at least four digits of a hash that no
// other commit begins with. As of the context's moment. Throws Error{usage} where it is none of these, and
// Error{failed} where neither it nor one of the 10,000 commits before it was measured.
MeasuredCommit measured_commit(const Context& context, const std::string& name);
// The same of a commit by its whole hash; nothing where neither it nor one of the `farthest` before it was measured.
std::optional<MeasuredCommit> measured_near(const Context& context, const std::string& sha, std::size_t farthest);

// The commits before `sha` along first parents up to the next that was measured, newest first: what lies in the dark
// before it. Those of two thousand at most; none where no measured one comes.
std::vector<std::string> unmeasured_before(const Context& context, const std::string& sha);

}  // namespace resident
