// The full-text index: one document an issue, pull request, thread, commit or file of the
// documentation, with its words in three fields (title, body, replies). Kept up to date when it is asked for:
// what has not changed since is not read again. FTS5 in SQLite (Hipp et al., bm25()),
// lists of postings of our own in PostgreSQL (postings.hpp); the words are ours in both
// (text/tokens.hpp), so both find the same. Documents are numbered by project, then by kind, then in the
// order in which they came: the newest of a kind are the end of its range.
#pragma once

#include <array>
#include <framework/analysis.hpp>
#include <string>
#include <utility>

namespace resident {

inline constexpr std::array<std::string_view, 5> kSearchKinds{"issue", "pull", "thread", "commit", "doc"};

// Brings the index of the project up to date; returns how many documents were written.
std::int64_t update_search_index(Database& database, std::int64_t project_id);

// Makes the index anew where it is of a form that an earlier program read; for those who only read.
void renew_search_index(Database& database, std::int64_t project_id);

// Takes the words of a project that is removed out of FTS5's table, within the caller's transaction.
void remove_search_index(Database& database, std::int64_t project_id);

// Numbers of a project's documents, of one kind or of all: the first, and the one after the last.
std::pair<std::int64_t, std::int64_t> document_range(std::int64_t project_id, std::string_view kind = {});

}  // namespace resident
