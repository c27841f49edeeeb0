// Which items were said to be duplicates of which, by whatever way a project says it:
// a marked_as_duplicate event that names the other, or a comment "duplicate of #12"
// on an item that was then closed.
#pragma once

#include <analyses/analysis.hpp>
#include <map>
#include <set>

namespace resident {

// By item: the items it was said to repeat, as of the context's moment. Both directions of a pair are given: which came
// first is for the caller.
std::map<std::int64_t, std::set<std::int64_t>> known_duplicates(const Context& context);

}  // namespace resident
