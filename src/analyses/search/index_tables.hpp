// The engine's own tables of the full-text index, and which form of them this program reads: FTS5 in SQLite, lists of
// postings (postings.hpp) in PostgreSQL. They are no part of the store's schema: what is in them can be made anew from
// the rest at any time.
#pragma once

#include <store/database.hpp>
#include <string_view>

namespace resident {

bool uses_postings(Database& database);
// How the version of an index of the present form begins; one of another form is made anew.
std::string_view index_form(Database& database);
void make_index_tables(Database& database);
// On PostgreSQL: one process at a time brings a project's index up to date; until the end of the transaction.
void lock_index(Database& database, std::int64_t project_id);

}  // namespace resident
