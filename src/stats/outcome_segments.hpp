// The history of one test on one configuration, cut into segments within which it failed at one rate: "failing since
// between A and B", "flaky at 3 % since May", "fixed". A change of the rate of first tries, or of what retries give,
// begins a segment.
//
// The model is that of LUCI Analysis (go.chromium.org/luci, analysis/internal/changepoints/bayesian, 2024): first tries
// fail at a rate with the prior Beta(.05, .5), retried runs fail again at a rate with the prior Beta(.5, .5), both
// constant within a segment, and a segment's likelihood is the product of the two Beta-Binomial marginals. LUCI halves
// a history where one change explains it best, and each half again; that loses a test which broke and was mended, as
// one change explains neither. Here the best of all segmentations is found at once by dynamic programming (B. Jackson
// et al., "An algorithm for optimal partitioning of data on an interval", IEEE Signal Processing Letters 12, 2005).
//
// A segment begins at a position with runs. The same history gives the same segments, whatever was asked before. Of a
// test that never failed nothing but its counts is looked at. Positions must ascend; that is checked.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stats/intervals.hpp>
#include <stats/log_gamma_table.hpp>
#include <vector>

namespace resident::stats {

// What was seen at one position (a commit's place in its branch, or a build's number).
struct OutcomeCount {
  std::int64_t position = 0;
  std::int64_t runs = 0;                // first tries
  std::int64_t unexpected = 0;          // of these, with another outcome than expected
  std::int64_t retried_runs = 0;        // runs whose first try was unexpected and that were tried again
  std::int64_t retried_unexpected = 0;  // of these, unexpected in every try

  OutcomeCount& operator+=(const OutcomeCount& other);
  OutcomeCount& operator-=(const OutcomeCount& other);
  bool operator==(const OutcomeCount&) const = default;
};

struct SegmentOptions {
  BetaPrior first_try{0.05, 0.5};
  BetaPrior retry{0.5, 0.5};
  // Chance, before anything is seen, that a change lies between two positions.
  double change_probability = 1e-5;
  double confidence = 0.99;       // of the interval for where a segment began
  double rate_confidence = 0.95;  // of the intervals of rates
  // Starts of segments kept in view at once: up to so many changes from one outcome to another the answer is the exact
  // optimum; beyond it the least likely starts are let go, so that a history costs no more than in proportion to its
  // length.
  std::size_t most_starts = 128;
};

// A rate within a segment: happened / n; nothing where n is 0. The interval is the equal-tailed one of the posterior
// under Jeffreys' prior Beta(1/2, 1/2) (L. Brown, T. Cai, A. DasGupta, Statistical Science 16, 2001).
struct SegmentRate {
  std::int64_t happened = 0, n = 0;
  double rate = 0;
  Interval interval{0, 1};
};

struct OutcomeSegment {
  std::size_t first = 0, last = 0;  // indices into the history, both within
  // Where it began: the first position of the segment is one of these indices with the confidence asked for. Nothing
  // for the first segment, which was there when the history began.
  std::optional<std::size_t> start_low, start_high;
  // Posterior probability that there is a change at all between the segments beside it; 1 for the first segment.
  double probability = 1;
  OutcomeCount counts;  // sums; position is that of `first`
  SegmentRate unexpected, unexpected_after_retry;
};

// Throws Error{failed} where positions do not ascend, or counts are negative or contradict each other.
class OutcomeSegmenter {
 public:
  explicit OutcomeSegmenter(const SegmentOptions& options = {});
  // Oldest first; at least one segment unless the history is empty. May be called from several threads.
  std::vector<OutcomeSegment> segments(std::span<const OutcomeCount> history) const;
  // Log-likelihood of the counts as one segment.
  double log_likelihood(const OutcomeCount& counts) const;

 private:
  std::vector<std::size_t> starts_of_segments(std::span<const OutcomeCount> history) const;
  void locate(OutcomeSegment& segment, const OutcomeSegment& before, std::span<const OutcomeCount> history) const;

  SegmentOptions options_;
  BetaBinomial first_try_, retry_;
  double penalty_;  // of one more segment, in log-likelihood
};

}  // namespace resident::stats
