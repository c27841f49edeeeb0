// The full-text index: one document an issue, pull request, thread or commit, with its
// words in three fields (title, body, replies). Kept up to date when it is asked for:
// what has not changed since is not read again. FTS5 in SQLite (Hipp et al., bm25()),
// tsvector with GIN in PostgreSQL; the words are ours in both (text/tokens.hpp), so
// both find the same.
#pragma once

#include <analyses/analysis.hpp>
#include <string>

namespace resident {

// Brings the index of the project up to date; returns how many documents were written.
std::int64_t update_search_index(Database& database, std::int64_t project_id);

}  // namespace resident
