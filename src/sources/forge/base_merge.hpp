// Merges of the base into a pull request's branch, told by what git and the forges write.
#pragma once

#include <string>
#include <string_view>

namespace resident::json {

// kBaseMerged for a commit that merges the base into the pull request's branch, which is no work on the request; else
// "". headline: the first line of its message, which is all that is asked for: over GraphQL the parents of each commit
// of a timeline would cost as much as all the rest. base: the branch that the request goes to, "" where it is not known
// (then one that is usually the main one).
std::string detail_of_commit(std::string_view headline, std::string_view base);

}  // namespace resident::json
