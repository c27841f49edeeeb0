// How tests stand on each configuration, as Results: for `resident ci explain TEST` and `resident ci tests`.
#pragma once

#include <model/tests/test_health.hpp>
#include <vector>

namespace resident {

// The health of these tests wherever they have results, and the stretches of one rate that it is drawn from.
std::vector<Result> health_results(const Context& context, const TestRuns& runs,
                                   const std::vector<std::int64_t>& tests);

// All of one test: its health, its history drawn per configuration, its stretches, messages and newest failures.
std::vector<Result> test_results(const Context& context, const TestRuns& runs, std::int64_t test);

}  // namespace resident
