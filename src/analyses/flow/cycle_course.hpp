// Any weekly series of a project laid over the same weeks of the cycles before: aligned at a release, its first
// candidate, its first beta or where its branch leaves, with the band of those cycles.
#pragma once

#include <framework/analysis.hpp>
#include <vector>

namespace resident {

// Arguments: of (a series), align, last, before, after, schedule. What is now, against each cycle before; then week by
// week. Throws Error{usage} where there is no such series.
std::vector<Result> cycle_course(const Context& context);

}  // namespace resident
