// How good a forecast with its uncertainty was: the continuous ranked probability score, in
// the unit of what is foreseen; 0 is perfect, and that of a single number is its absolute
// error. T. Gneiting and A. E. Raftery, JASA 102 (2007).
#pragma once

#include <vector>

namespace resident::stats {

// Of a normal distribution (their equation 21); deviation above 0.
double crps_normal(double mean, double deviation, double observed);
// Of a sample, as it stands: E|X - y| - E|X - X'| / 2. The sample is sorted.
double crps_sample(std::vector<double>& sample, double observed);

}  // namespace resident::stats
