// Change points of a series by energy distance: E-divisive means (Matteson & James, "A Nonparametric Approach for
// Multiple Change Point Analysis of Multivariate Data", JASA 2014) with its permutation test, and the variant with
// sliding windows, Student's t and a merging step of Hunter (Fleming et al., "Hunter: Using Change Point Detection to
// Hunt for Performance Regressions", ICPE 2023), whose parameters Apache Otava uses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace resident::stats {

struct ChangePoint {
  std::size_t index = 0;  // of the first value after the change
  double p = 1;           // of the test that let it stand
};

struct WindowedOptions {
  std::size_t window = 50;  // values in one pass, at least 2
  double p = 0.001;         // a change stands below it; candidates are looked for at ten times this
  double least_change = 0;  // relative, of the means: 0.05 is 5 %
};
// In order of index. O(n · window) and two square arrays of a window.
std::vector<ChangePoint> edivisive_windows(std::span<const double> values, const WindowedOptions& options);

struct PermutationOptions {
  std::size_t permutations = 199;
  double p = 0.05;
  std::size_t least_segment = 1;
  std::uint64_t seed = 1;
};
// The original method, over all of the series: O(permutations · n²). For some hundreds of values.
std::vector<ChangePoint> edivisive_permutation(std::span<const double> values, const PermutationOptions& options);

// The split of values[begin, end) that the statistic Q is largest at, as a split of its first part up to some end
// (both are searched); begin where there is none. q: the statistic.
struct Split {
  std::size_t index = 0;
  double q = 0;
};
Split best_split(std::span<const double> values, std::size_t begin, std::size_t end, std::size_t least_segment = 1);

// Two-sided p of Student's t with equal variances, of means, standard deviations and counts. 1 where it is undefined.
double student_t_p(double mean_a, double variance_a, double count_a, double mean_b, double variance_b, double count_b);

// Two-sided p of |t| with so many degrees of freedom; and the t that has it.
double student_t_two_sided(double t, double freedom);
double student_t_quantile(double confidence, double freedom);  // 1.96 and more for 0.95

}  // namespace resident::stats
