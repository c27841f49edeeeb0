// Intervals for the plain statistics that reports show: a proportion, a median
// and the ratio of two rates. Each keeps its promise for the small and skewed
// samples that software projects give, where "mean ± 1.96 errors" does not.
//
// Every function takes a confidence between 0 and 1 (0.95 unless told) and gives
// two-sided intervals with equal tails; their coverage is tested by simulation.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace resident::stats {

struct Interval {
  double low, high;
  bool operator==(const Interval&) const = default;
};

// Standard normal quantile for a two-sided confidence: 1.96 for 0.95.
double normal_quantile(double confidence);

// Proportion of happened in n, without unit. E. B. Wilson, "Probable Inference, the
// Law of Succession, and Statistical Inference", JASA 22 (1927). Nothing for n = 0.
std::optional<Interval> wilson_interval(std::int64_t happened, std::int64_t n, double confidence = 0.95);

// The most that a proportion may be, after happened in n: one-sided, exact. C. Clopper and E. Pearson, "The Use of
// Confidence or Fiducial Limits Illustrated in the Case of the Binomial", Biometrika 26 (1934). 1 for n = 0.
double binomial_upper_bound(std::int64_t happened, std::int64_t n, double confidence = 0.95);

// Interval for the median of complete (not censored) data, in the unit of the
// values, between two order statistics; needs no assumption on the distribution.
// W. J. Conover, "Practical Nonparametric Statistics", 3rd ed. (1999), section 3.2.
// Coverage is at least the confidence. Nothing where even the extremes do not
// reach it (fewer than 6 values for 0.95). The values are reordered.
std::optional<Interval> median_interval(std::vector<double>& values, double confidence = 0.95);

// Ratio of two counts over equal exposures, first / second, without unit: log-normal
// interval with the Poisson variance 1/first + 1/second times the dispersion.
// P. McCullagh and J. A. Nelder, "Generalized Linear Models", 2nd ed. (1989),
// section 6.2. dispersion 1: Poisson; counts that come in bursts have more.
// Nothing where a count is 0.
std::optional<Interval> rate_ratio_interval(std::int64_t first, std::int64_t second, double dispersion = 1,
                                            double confidence = 0.95);

}  // namespace resident::stats
