// Pull requests that the forge calls closed and that a commit of the default branch says it is: bors, merge queues of a
// project's own, Gerrit behind a mirror and scripts (Apache's, Node's, PyTorch's) push the change themselves and close
// the request. Such a request is merged here: its merged_at is the moment at which it was closed, its merge commit and
// who merged it are the commit's, and a derived event `merged` says by what. Whoever counts merges needs to know
// nothing of it.
//
// A commit says so by the forms of git/message.hpp ("A title (#12)", "PR-URL: …/pull/12", "Closes #12 from ada/fix" …;
// item_commit's relation `merge`). It counts where it is on the default branch, no older than the request, and the
// request was closed within kLongestToClose of it: what is closed long before or after was ended otherwise.
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <store/database.hpp>
#include <string_view>
#include <vector>

namespace resident {

inline constexpr Timestamp kLongestToClose = 7 * kDay;      // after the commit: people close by hand
inline constexpr Timestamp kEarliestToClose = 1 * kDay;     // before it: by clocks, and for a queue
inline constexpr std::string_view kLandedEvent = "landed";  // event_key

// Decides anew which requests have landed so; how many changed. In a transaction of its own. numbers: of these alone,
// so that a webhook's item does not cost a look at all; none: of all.
std::int64_t find_landings(Database& database, std::int64_t project_id, const std::vector<std::int64_t>& numbers = {});

}  // namespace resident
