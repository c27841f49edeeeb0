// Which added file is a deleted one under a new name: git's rules, step by step
// (diffcore-rename, -M50%, limit 1000). Equal ids first, with a preference for
// the same base name; then files whose base name is unique on both sides, if
// 75 % alike; then the best pairs of all, if 50 % alike, unless there are more
// than a million pairs. Alikeness is the share of bytes in common chunks (lines,
// cut at 64 bytes), compared by hash, so it is an estimate, the same as git's.
#pragma once

#include <git/tree_diff.hpp>
#include <vector>

namespace resident::git {

// Turns pairs of a deletion and an addition into one change with old_path.
void find_renames(std::vector<TreeChange>& changes, ObjectStore& objects, LineStore& lines, Problems& problems,
                  const std::string& record);

}  // namespace resident::git
