// Declaring a source of a project, as every command does that adds one.
#pragma once

#include <ostream>
#include <store/database.hpp>
#include <string>

namespace resident {

// A project has one clone: the newest tree, and who wrote which line, are those of one branch. One whose folder is gone
// was moved, and is read at its new place from now on (told to `messages`); one that is still there is an Error{usage}.
void mind_other_clone(std::ostream& messages, Database& database, std::int64_t project, const std::string& place);

}  // namespace resident
