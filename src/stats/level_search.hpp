// Which commit moved a number that varies from run to run: the sibling of culprit_search.hpp for benchmarks. Told the
// values of runs, asked what to run next; ends when one commit, or none of these, is sure enough.
//
// Values are taken by their logarithm: all runs scatter around one level with one spread; from the culprit on the level
// is higher or lower by a ratio, of at least `least`. Level and spread are integrated out (flat, and inverse gamma
// around 1 %; A. Gelman et al., "Bayesian Data Analysis", 3rd ed., section 3.2), the ratio is on a grid. A value that
// lies beyond the quartiles by more than three times their distance counts as if it lay there (J. Tukey's outer
// fences), so that a hiccup of the machine convicts nobody. The next run is where it is expected to tell most, of
// whether the value is on the far side of the middle between the two levels. Deterministic; runs nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stats/intervals.hpp>
#include <vector>

namespace resident::stats {

struct LevelOptions {
  double enough = 0.975;    // probability of an answer at which the search ends
  double none_prior = 0.2;  // probability, before any run, that none of the commits moved it
  double least = 0.02;      // smallest change that is looked for, as a share: 0.02 is 2 %
};

struct LevelAnswer {
  enum class Kind { searching, found, none };
  Kind kind = Kind::searching;
  std::size_t first = 0, last = 0;  // positions, as in CulpritAnswer
  double probability = 0, none_probability = 0;
  double level_before = 0, level_after = 0;  // geometric means, in the unit of the values
  double ratio = 1;                          // after / before
  Interval ratio_interval{1, 1};             // 95 %
};

class LevelSearch {
 public:
  // commits ≥ 1; position 0 is the good end, as in CulpritSearch.
  explicit LevelSearch(std::size_t commits, const LevelOptions& options = {});

  // value > 0.
  void add(std::size_t position, double value);
  void cannot_test(std::size_t position);
  std::optional<std::size_t> next(std::span<const std::size_t> running = {}) const;
  LevelAnswer answer() const;
  // Of each answer: index 0 is none, k the commit at position k.
  const std::vector<double>& probabilities() const { return probabilities_; }
  std::int64_t runs() const { return static_cast<std::int64_t>(values_.size()); }

 private:
  struct Value {
    std::size_t position;
    double log;
  };
  struct Sums {
    double n = 0, sum = 0, squares = 0;
    void operator+=(const Sums& other);
    double around_mean() const { return n > 0 ? squares - sum * sum / n : 0; }
  };
  void conclude();
  std::vector<Sums> sums_up_to_each() const;
  double log_marginal(double squares, double n) const;
  double spread(double squares, double n) const;

  LevelOptions options_;
  std::size_t commits_;
  std::vector<double> changes_;  // in logarithms
  std::vector<Value> values_;
  std::vector<bool> untestable_;
  std::vector<Sums> up_to_;            // of all positions below the index
  std::vector<double> probabilities_;  // by answer
  std::vector<double> change_of_;      // posterior mean of the change, by answer; 0 for none
};

}  // namespace resident::stats
