// Since when it could be known that items began in another tracker: evidence may be written long after the item, lines
// of one form join only when there are enough of them, and decisions are made later still. What is asked as of a day
// counts what was known by then (item_move.joined_at).
#pragma once

#include <store/moves.hpp>
#include <string_view>
#include <vector>

namespace resident {

// How item_move.why begins where a decision, or the number of alike lines, joins.
inline constexpr std::string_view kJoinedByDecision = "somebody joined them",
                                  kJoinedByForm = "the same form of line stands in ";

// Within an open transaction, after it was decided what is joined.
void date_moves(Database& database, std::int64_t project_id, const std::vector<LinkRule>& rules);

}  // namespace resident
