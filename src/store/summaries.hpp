// The summaries that measures keep of a project (schema 038; filled in analyses/flow): counted from items, comments,
// reviews, commits, people and moves. They are whole while the project has a row in summary_state. Whoever changes what
// they are counted from calls forget_summaries in the same transaction, so they can never be of another state than the
// rows they stand beside.
#pragma once

#include <store/database.hpp>

namespace resident {

// On PostgreSQL two transactions may write at once: who writes to a project holds the lock of this number, plus its id.
inline constexpr std::int64_t kProjectLock = 5723100;

// In an open transaction.
inline void forget_summaries(Database& database, std::int64_t project_id) {
  if (database.engine() == "postgresql")
    database.execute("SELECT pg_advisory_xact_lock(:lock)", {{"lock", project_id + kProjectLock}});
  database.execute("DELETE FROM summary_state WHERE project_id = :project", {{"project", project_id}});
}

// In an open transaction: whether nobody is changing the project at this moment, nor will until it ends.
inline bool may_count_summaries(Database& database, std::int64_t project_id) {
  if (database.engine() != "postgresql") return true;  // its transactions write one after the other
  return database
             .integer("SELECT CASE WHEN pg_try_advisory_xact_lock(:lock) THEN 1 ELSE 0 END",
                      {{"lock", project_id + kProjectLock}})
             .value_or(0) == 1;
}

}  // namespace resident
