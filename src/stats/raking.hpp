// Weights that make a sample's margins those of its population: raking, W. E. Deming and F. F. Stephan, "On a Least
// Squares Adjustment of a Sampled Frequency Table When the Expected Marginal Totals are Known", Annals of Mathematical
// Statistics 11 (1940). Equal to `rake` of R's package survey on its own example. What unequal weights cost: L. Kish,
// "Survey Sampling" (1965), section 11.7.
#pragma once

#include <cstddef>
#include <stats/intervals.hpp>
#include <vector>

namespace resident::stats {

// One way in which the population is divided, and how many it has of each.
struct Margin {
  std::vector<std::size_t> category;  // of each respondent: an index into population
  std::vector<double> population;     // more than 0 exactly where there are respondents
};

struct Raked {
  std::vector<double> weights;
  int rounds = 0;
  double worst = 0;  // largest |sum of weights / population − 1| of any category at the end
  bool converged = false;
};

// From the weights given, margin after margin, until every category is met within `tolerance`. Totals of margins may
// differ: the last one's counts. Without margins the weights stay.
Raked rake(std::vector<double> weights, const std::vector<Margin>& margins, int most_rounds = 200,
           double tolerance = 1e-10);

// n Σw² / (Σw)²: by how much unequal weights widen a variance; 1 for equal ones. (Σw)² / Σw²: the size of an equally
// weighted sample that is as sure. 0 without weights.
double design_effect(const std::vector<double>& weights);
double effective_size(const std::vector<double>& weights);

// Wilson's interval for a weighted share, with the effective size in the place of n (more than 0).
Interval weighted_share_interval(double share, double effective_n, double confidence = 0.95);

}  // namespace resident::stats
