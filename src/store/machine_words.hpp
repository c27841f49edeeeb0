// Which comments and reviews say something to machines alone (text/speech.hpp: "/retest", "@bors r+"), as a column of
// theirs, since first answers are looked for in SQL on both engines. A review that approves or asks for changes is an
// answer whatever its words are.
//
// Promises: what is written says the same as what mark_machine_words() makes of rows of before.
#pragma once

#include <store/database.hpp>
#include <string_view>

namespace resident {

bool is_comment_to_machines(std::string_view body);
bool is_review_to_machines(std::string_view state, std::string_view body);

// Looks at every comment and review that an older program wrote.
void mark_machine_words(Database& database);

}  // namespace resident
