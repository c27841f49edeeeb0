// Did something change a series at a moment? Answered by placebos: the same question is put
// at moments before, when nothing is known to have begun, with windows that do not overlap;
// the effect counts only where it stands out from what those gave. In the spirit of A.
// Abadie, A. Diamond and J. Hainmueller, JASA 105 (2010), turned from space to time, and of
// V. Chernozhukov, K. Wüthrich and Y. Zhu, JASA 116 (2021).
//
// Everything that is chosen (the way to foresee, the scale, the weights of the controls, the season) is chosen by a
// rule that treats the start and the pseudo-starts alike, so that the rank of the start among
// them is uniform where nothing happened, whatever the series' autocorrelation, season,
// trend or tails, as far as its windows are exchangeable. p comes from that rank alone; the interval holds every
// effect that is not rejected by it once taken off, the choice made anew each time. No randomness.
//
// A window's noise is seldom alike at every level, and then early moments, when a series was lower, are no measure of
// late ones. So changes are measured on logarithms, roots or plainly, by the likelihood (G. E. P. Box and D. R. Cox,
// JRSS B 26 (1964)): whole numbers on logarithms or roots, since counts scatter the more the higher they are, those of
// fewer than 200 a window on roots alone, so that an empty window is no infinite change. What is below 0: plainly.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace resident::stats {

inline constexpr int kFewestPlacebos = 20;

struct PlaceboQuestion {
  std::vector<double> outcome;                // even steps in time
  std::vector<std::vector<double>> controls;  // of the same length each: series that cannot have been changed
  std::size_t start = 0;                      // first step after the start
  std::size_t end = 0;                        // behind the last; 0: to the end of the series
  std::vector<std::size_t> seasons;           // periods that may show, in steps: 52, 7, …
  std::size_t window = 0;  // steps; 0: as long as 20 pseudo-starts allow, and no longer than the time since
};

struct Placebo {
  std::size_t start = 0;
  double effect = 0;  // as that of the start; relative, or absolute (see PlaceboAnswer)
};

struct Power {
  double effect = 0;  // an increase by so much
  double share = 0;   // of the pseudo-starts at which it would have been seen
};

struct PlaceboAnswer {
  bool is_answered = false;  // false: nothing but window, placebos and missing
  std::string missing;       // what there is too little of
  bool is_relative = true;   // effects are shares of what was to be expected; false (series below 0): differences
  std::size_t window = 0;    // steps since the start that the effect is over
  double effect = 0, low = 0, high = 0;  // 95 %
  double p = 1;
  double expected = 0, observed = 0;  // means over the window
  std::vector<Placebo> placebos;
  std::vector<Power> power;             // at 10, 20 and 40 %
  double smallest_seen = 0;             // the increase that would have been seen at 80 % of the pseudo-starts
  std::string foreseen_by;              // the rule and the scale that were chosen
  std::vector<double> without_control;  // the effect with each control left out
  // A window as long right before the start: of how many pseudo-starts it stands out. Small: things moved before.
  double pre_trend_p = 1;
};

// A constant or too short series, and one with no step after the start, are answered by `missing`.
PlaceboAnswer placebo_test(const PlaceboQuestion& question);

}  // namespace resident::stats
