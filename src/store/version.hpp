// Which program a store is of, and of which age.
#pragma once

#include <cstdint>
#include <store/database.hpp>
#include <string>

namespace resident {

// "Rsdt", in the header of our SQLite files (PRAGMA application_id).
inline constexpr std::int64_t kApplicationId = 0x52736474;

// Where a newer program made the store, a sentence that says so: what it added is not seen, and what it changed may be
// misread. Else "".
std::string newer_store_text(Database& database);

}  // namespace resident
