// The state of a source: what it is, where, whether it was read, and when.
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <optional>
#include <store/database.hpp>
#include <string>
#include <utility>
#include <vector>

namespace resident {

struct StoredSource {
  std::int64_t source_id = 0;
  std::string kind, location, state;  // new, syncing, done, failed
};

// Throws Error where there is no such source.
StoredSource stored_source(Database& database, std::int64_t project_id, std::int64_t source_id);
// The project's sources in the order in which they were added.
std::vector<StoredSource> stored_sources(Database& database, std::int64_t project_id);
// Each in a transaction of its own. synced_at: where it is given.
void set_source_state(Database& database, std::int64_t project_id, std::int64_t source_id, const std::string& state,
                      const std::string& message, std::optional<Timestamp> synced_at);
// Pages that were made before are made anew.
void set_synced_at(Database& database, std::int64_t project_id, std::int64_t source_id, Timestamp synced_at);
// It was read, as part of the open transaction.
void mark_synced(Database& database, std::int64_t project_id, std::int64_t source_id, Timestamp synced_at);

// Whether items of the project point to others ("see also"), which may be second lives in any project of the store.
bool points_elsewhere(Database& database, std::int64_t project_id);
// Number and name of the project, of those whose items may have begun in it, and, for `all`, of every project.
std::vector<std::pair<std::int64_t, std::string>> projects_that_moves_reach(Database& database, std::int64_t project_id,
                                                                            bool all);

}  // namespace resident
