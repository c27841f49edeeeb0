// How much a series of measurements wavers when nothing changed: what decides the smallest step worth telling. Noise of
// benchmarks is heavy-tailed (spikes) and autocorrelated (neighbours were run on the same afternoon), so a standard
// deviation of single values promises too much. Two modes are none of its business: steps.hpp sees them as jumps.
#pragma once

#include <cstddef>
#include <span>

namespace resident::stats {

struct Noise {
  double deviation = 0;  // of a single value, from the median of absolute differences of neighbours
  // Of means: the mean of n values wavers by long_run / √n. Larger than deviation where neighbours move together.
  double long_run = 0;
  std::size_t count = 0;
};

// Steps hardly count: a single one moves one difference among many. Needs 8 values; all 0 for fewer.
// long_run: the largest of √b · (spread of differences of neighbouring means of b values) over b = 1, 2, 4 … that the
// data shows beyond its own uncertainty (batch means; Flegal & Jones 2010, with the median of absolute deviations).
Noise noise_of(std::span<const double> values);

}  // namespace resident::stats
