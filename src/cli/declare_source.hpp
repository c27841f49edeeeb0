// Declaring a source of a project, as every command does that adds one.
#pragma once

#include <ostream>
#include <store/database.hpp>
#include <string>

namespace resident {

// A project has one clone: the newest tree, and who wrote which line, are those of one branch. One whose folder is gone
// was moved, and is read at its new place from now on (told to `messages`); one that is still there is an Error{usage}.
void mind_other_clone(std::ostream& messages, Database& database, std::int64_t project, const std::string& place);

// The project of that name, made where there is none. A new name that could not be used again (empty, over 100 letters,
// with a comma, a slash, a control character, a dash in front, an e-mail address) is an Error{usage}.
std::int64_t declare_project(Database& database, const std::string& name);

// Rows of the store that a source brought, beside what tells of the reading itself.
std::int64_t rows_of_source(Database& database, std::int64_t project, std::int64_t source);
// Of a source that brought nothing: itself, how far it was read and what was set aside of it.
void withdraw_source(Database& database, std::int64_t project, std::int64_t source);
// All that the store has of a project.
void remove_project(Database& database, std::int64_t project);

}  // namespace resident
