// How the time that pull requests waited splits by whose turn it was: their author's, a reviewer's (or whoever
// merges), CI's. A replay of what was done, not of what was said: of a hundred thousand threads it is read in a second,
// and so goes back over the whole history, where `review` (queues/turn.hpp) judges the texts of what is open now. How
// often the two agree says `resident accuracy turn`.
//
//   - it begins as a reviewer's, a draft as its author's until it is ready
//   - a review, a remark or a comment by somebody else hands it to the author; an approval (also in words, where
//     comments approve) hands it to whoever reviews next or merges, unless somebody's request for changes stands
//   - a push, an answer, or a request for a review hands it back; only a push or a request answers a request for
//     changes; a failed check hands it to the author
//   - while checks of a pull request run that would be a reviewer's turn, it is CI's
#pragma once

#include <model/flow_items.hpp>
#include <unordered_map>

namespace resident {

struct TurnTimes {
  Timestamp author = 0, reviewer = 0, ci = 0;  // seconds, while it was open
  int returns = 0;                             // how often it went from a reviewer back to the author
  bool has_checks = false;                     // some check of it is known, so CI's time is told apart
  bool is_authors = false;                     // at the moment, or when it was closed
};

// Of each pull request among the items, in their order (others: empty). limit: only the first so many seconds after
// the opening count.
std::vector<TurnTimes> load_turn_times(const Context& context, const People& people, const std::vector<FlowItem>& items,
                                       Timestamp limit);

}  // namespace resident
