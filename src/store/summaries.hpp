// The summaries that measures keep of a project (schema 038; filled in analyses/flow): counted from items, comments,
// reviews, commits, people and moves. They are whole while the project has a row in summary_state with nothing touched.
// Whoever changes what they are counted from says so here, in the same transaction and before the rows change: what
// stood there is noted, and the summaries are brought up to date by it; or they are forgotten, and counted anew. So
// they can never be of another state than the rows they stand beside.
#pragma once

#include <set>
#include <store/database.hpp>
#include <vector>

namespace resident {

// On PostgreSQL two transactions may write at once: who writes to a project holds the lock of this number, plus its id.
inline constexpr std::int64_t kProjectLock = 5723100;
// Of more items and commits than this, counting all anew takes no longer than bringing them up to date.
inline constexpr std::int64_t kMostTouched = 5000;

// All in an open transaction.

// Who is who has changed, or so much that nothing is worth noting.
void forget_summaries(Database& database, std::int64_t project_id);
// These items are about to change: their rows, intervals, comments, reviews or tombstones, or where they began.
void touch_items(Database& database, std::int64_t project_id, const std::set<std::int64_t>& items);
// Commits of these authors at these moments came to the default branch, or left it.
struct TouchedCommit {
  std::int64_t author_id;
  Timestamp committed_at;
};
void touch_commits(Database& database, std::int64_t project_id, const std::vector<TouchedCommit>& commits);

// Whether nobody is changing the project at this moment, nor will until the transaction ends.
bool may_count_summaries(Database& database, std::int64_t project_id);

}  // namespace resident
