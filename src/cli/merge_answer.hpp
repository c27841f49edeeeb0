// Whether an open pull request merges, asked of git on the declared clones, and the
// answer kept in the store, so that it is asked once for each pair of commits.
#pragma once

#include <analyses/review/readiness.hpp>

namespace resident {

// Whether git can be asked something new: both commits are known and there is no answer yet.
bool merge_is_unanswered(const Context& context, const ReviewEntry& entry);
// Asks and keeps the answer; a clone that is gone leaves it unknown. The context's database must be writable.
void answer_merge(const Context& context, const ReviewEntry& entry, Timestamp now);

}  // namespace resident
