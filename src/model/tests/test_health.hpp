// How a test stands on one configuration, from its history on the main branch:
// failing for good and since when, flaky and at what rate, mended, slower,
// skipped, not run any more. The history is cut where the rate of failure
// changes (stats/outcome_segments.hpp), so that a time and its interval come
// from a model and not from the newest result. What fails always, or began to
// fail for good, is never called flaky.
#pragma once

#include <model/tests/test_runs.hpp>
#include <stats/outcome_segments.hpp>
#include <string>
#include <vector>

namespace resident {

enum class HealthKind { passing, failing, flaky, mended, skipped, not_run, unknown };
const char* health_name(HealthKind kind);

// A stretch in which the test failed at one rate.
struct HealthSegment {
  std::size_t first_run = 0, last_run = 0;  // indices in TestRuns::runs()
  std::optional<std::size_t> start_low_run,
      start_high_run;                    // where it began, with 99 %; nothing: with the data
  std::int64_t results = 0, failed = 0;  // first tries
  double rate = 0, low = 0, high = 1;    // of failing at first try; 95 %
  double probability = 1;                // that something changed there at all
};

struct TestHealth {
  std::int64_t test = 0, configuration = 0;
  HealthKind kind = HealthKind::unknown;
  std::int64_t results = 0;           // that say pass or fail
  std::int64_t failing_in_a_row = 0;  // at the end
  std::vector<HealthSegment> segments;
  std::int64_t flips = 0;  // failed and passed on one commit, or failed between two passes
  std::optional<std::size_t> last_pass,
      first_failure;  // runs: before and at the beginning of failing in a row
  std::optional<double> seconds,
      seconds_before;           // medians: of the newest passes, and of those before
                                // where it changed
  std::int64_t message_id = 0;  // of the newest failure

  const HealthSegment* now() const { return segments.empty() ? nullptr : &segments.back(); }
  bool is_red() const { return failing_in_a_row > 0; }
  // "fails since 2024-01-31 (30 of 30 runs)", "flaky: 12 of 400 runs failed (3
  // %, 1.7–5 %) since …".
  std::string words(const TestRuns& runs) const;
};

// points: of this test and configuration, in order; those of pull requests are
// passed by. Runs without the test count for "not run any more".
TestHealth health_of(const TestRuns& runs, std::int64_t test, std::int64_t configuration,
                     const std::vector<TestPoint>& points, const stats::OutcomeSegmenter& segmenter);

}  // namespace resident
