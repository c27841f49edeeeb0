// Whom a pull request that is ready waits for: its author where authors merge their own,
// else those who may merge and have reviewed it. Nobody in particular where there is none.
#pragma once

#include <model/open_items.hpp>

namespace resident {

// reviewers: whose reviews and remarks it has.
std::set<std::int64_t> committers_of(const OpenItem& item, const People& people,
                                     const std::set<std::int64_t>& reviewers);

}  // namespace resident
