// The longest tests of each configuration, and what running them on several machines at once would save: for `resident
// ci costs`.
#pragma once

#include <model/tests/ci_jobs.hpp>
#include <model/tests/test_runs.hpp>
#include <vector>

namespace resident {

// Times are those of the newest complete run of the main branch on each configuration. Split by longest processing time
// first (R. Graham, "Bounds on Multiprocessing Timing Anomalies", SIAM J. Appl. Math. 17, 1969: at most a third longer
// than the best); what a job takes beyond its tests, every part takes again.
std::vector<Result> long_tests_results(const Context& context, const TestRuns& runs,
                                       const std::vector<CommitJobs>& commits);

}  // namespace resident
