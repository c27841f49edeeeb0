// Steps of a noisy series that are worth telling: candidates by PELT on values whose spikes are cut off, each judged
// against a noise model of the series (noise.hpp), by a robust test of its two neighbouring stretches, and by whether
// the series only jumps between levels it has been at before. What a person is alarmed by: few, and sure.
#pragma once

#include <cstddef>
#include <span>
#include <stats/noise.hpp>
#include <vector>

namespace resident::stats {

struct Step {
  std::size_t index = 0;         // of the first value after it
  double before = 0, after = 0;  // levels: medians of the stretches on both sides
  double change = 0;             // after / before − 1; the difference where a level is not above 0
  double low = 0, high = 0;      // 95 % interval of change
  double p = 1;                  // two-sided, corrected for the places it was looked for at
};

struct StepsOptions {
  double p = 0.0001;              // a step stands below it
  std::size_t least_segment = 5;  // values on each side: a spike at the end is no step
  double least_change = 0.02;     // relative
};

struct Steps {
  std::vector<Step> steps;
  Noise noise;            // of the logarithms where all values are above 0
  std::size_t jumps = 0;  // changes not told since the series goes back and forth between levels
  // A slow drift instead of steps: its relative change from begin to end; 0: none. Then there are no steps.
  double drift = 0;
};

Steps find_steps(std::span<const double> values, const StepsOptions& options = {});

}  // namespace resident::stats
