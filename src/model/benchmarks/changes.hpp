// Changes in series of benchmark values: one method or a vote of several, with few false alarms over all series
// together. What a series is, and where it comes from, is the caller's business.
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace resident {

// A commit for each value: numbers in a list of names that many series share.
struct CommitsOfValues {
  std::shared_ptr<const std::vector<std::string>> names;
  std::vector<std::uint32_t> which;

  const std::string& operator[](std::size_t i) const { return (*names)[which[i]]; }
  std::size_t size() const { return which.size(); }
  bool empty() const { return which.empty(); }
  const std::string& back() const { return (*names)[which.back()]; }
  // The first place of that commit before a place; `before` where there is none.
  std::size_t place_of(const std::string& sha, std::size_t before) const {
    for (std::size_t i = 0; i < before; ++i)
      if ((*this)[i] == sha) return i;
    return before;
  }
};

struct BenchmarkSeries {
  std::string name;
  std::vector<double> values;    // in order of time
  CommitsOfValues commits;       // as many as values, or none
  std::vector<Timestamp> times;  // as many as values, or none
};

enum class ChangeMethod {
  vote,       // steps that stand against the series' own noise and that E-divisive or the weighted t sees too
  edivisive,  // E-divisive with windows and Student's t, as Apache Otava
  l1,         // L1 Potts, as asv
  ttest,      // weighted t, as Perfherder
};
ChangeMethod change_method_of(const std::string& name);  // throws Error{usage}

struct ChangeOptions {
  ChangeMethod method = ChangeMethod::vote;
  std::size_t window = 50;          // edivisive
  double p = 0.001;                 // of each method
  double least_change = 0;          // relative; the vote tells none below 2 %
  double false_discoveries = 0.05;  // vote: share of what is told that may be false, over all series
};

struct BenchmarkChange {
  std::size_t series = 0;  // in what was given
  std::size_t index = 0;   // of the first value after the change
  double before = 0, after = 0;
  double change = 0, low = 0, high = 0;  // relative, with a 95 % interval
  double p = 1;
};

struct ChangesFound {
  std::vector<BenchmarkChange> changes;  // by series, then index
  std::size_t jumps = 0;                 // changes between levels that series go back and forth between; not told
  std::vector<std::pair<std::size_t, double>> drifts;  // series and relative change from begin to end
};

// workers: threads, 0 for one a core. The same for any number of them.
ChangesFound find_changes(const std::vector<BenchmarkSeries>& series, const ChangeOptions& options,
                          unsigned workers = 0);

}  // namespace resident
