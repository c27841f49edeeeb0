// Which tables an export has: those that the store itself lists, but for the ones named here, each with its reason. A
// new table is exported from its first day; who makes one that must not be says so here.
#pragma once

#include <array>
#include <store/database.hpp>
#include <store/store_copy.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

struct NotExported {
  std::string_view table, reason;
};

inline constexpr std::string_view kPersonalData = "it holds e-mail addresses",
                                  kRaw = "raw payloads, with addresses in them",
                                  kMadeAnew = "it is made anew from the rest",
                                  kOfThisStore = "it tells how far this store has read, not what was read";

inline constexpr std::array<NotExported, 30> kNotExported{{{"identity_email", kPersonalData},
                                                           {"mailmap_entry", kPersonalData},
                                                           {"source_record", kRaw},
                                                           {"migration", "it tells how this store was made"},
                                                           {"people_state", kOfThisStore},
                                                           {"people_due", kOfThisStore},
                                                           {"source_stream", kOfThisStore},
                                                           {"item_move_search", kOfThisStore},
                                                           {"item_move_due", kOfThisStore},
                                                           {"store_copy", kOfThisStore},
                                                           {"sync_lease", kOfThisStore},
                                                           {"http_validator", kOfThisStore},
                                                           {"webhook_delivery", kOfThisStore},
                                                           {"line_state", "packed; line_owner says the same"},
                                                           {"result_tile", "packed; test_failure says what failed"},
                                                           {"merge_check", kMadeAnew},
                                                           {"learnt", kMadeAnew},
                                                           {"kept_answer", kMadeAnew},
                                                           {"embedding", kMadeAnew},
                                                           {"item_summary", kMadeAnew},
                                                           {"person_month", kMadeAnew},
                                                           {"reviewer_week", kMadeAnew},
                                                           {"summary_count", kMadeAnew},
                                                           {"summary_state", kMadeAnew},
                                                           {"summary_before", kMadeAnew},
                                                           {"search_document", kMadeAnew},
                                                           {"search_state", kMadeAnew},
                                                           {"search_words", kMadeAnew},
                                                           {"search_posting", kMadeAnew},
                                                           {"search_segment", kMadeAnew}}};

// In order of their names.
std::vector<std::string> exported_tables(Database& database);

}  // namespace resident
