// Two sets of measurements of the same things, compared: the ratio of each with an interval, which of many differ, and
// how many more measurements would tell. On logarithms, since times and rates waver in proportion to themselves:
// Welch's t for unequal variances (B. L. Welch, Biometrika 34, 1947); Holm's correction for the number of comparisons
// (S. Holm, Scandinavian Journal of Statistics 6, 1979).
#pragma once

#include <optional>
#include <span>
#include <stats/intervals.hpp>
#include <vector>

namespace resident::stats {

struct Comparison {
  double ratio = 1;                         // of geometric means, second / first
  std::optional<Interval> interval;         // of the ratio; nothing where either has fewer than two values
  double p = 1;                             // two-sided
  double log_error = 0;                     // standard error of log(ratio)
  double freedom = 0;                       // degrees of freedom of the error (Welch); 0: it is known to be 0
  double deviation_a = 0, deviation_b = 0;  // of log values
  bool with_nought = false;                 // one side is nothing but 0: the ratio is 0, 1 or infinite
};
// Nothing where a value is not above 0, or one side has none.
std::optional<Comparison> compare_samples(std::span<const double> a, std::span<const double> b,
                                          double confidence = 0.95);

// Of counts and sizes, where nothing at all is a measure ("0 allocs/op"): one side, or both, has no other value than 0.
// p: Welch's t of the other side against 0. Nothing where a value is below 0, or neither side is all 0.
std::optional<Comparison> compare_with_nought(std::span<const double> a, std::span<const double> b);

// p as they would be compared with a level, corrected for their number (Holm).
std::vector<double> holm_adjusted(std::span<const double> p);

// Geometric mean of ratios, with the interval that the errors of each give it (the benchmarks are taken as they are,
// not as a sample of others). Its error's degrees of freedom: F. E. Satterthwaite, Biometrics Bulletin 2, 1946.
struct MeanRatio {
  double ratio = 1;
  Interval interval{1, 1};
};
// runs: what was measured by the same runs has the same number, and errors that are taken to go together (wall time and
// processor time), so that the interval is rather too wide than too narrow; none: each is of runs of its own.
std::optional<MeanRatio> mean_ratio(std::span<const Comparison> comparisons, double confidence = 0.95,
                                    std::span<const std::size_t> runs = {});

// How many values each side needs, so that a relative difference of `size` (0.05) is told at this confidence with a
// chance of 80 %.
std::size_t values_needed(const Comparison& comparison, double size, double confidence = 0.95);

}  // namespace resident::stats
