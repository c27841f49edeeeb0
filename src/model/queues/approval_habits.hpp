// How many approvals are enough, and whose count, where the configuration does not say: found from the pull requests
// that were merged before the week of the moment began, kept, and said in the queue's definition.
//
// Two are usual where approvals are comments, else one. Of the last kLookedAt merged pull requests that had any: enough
// is the smallest number below the usual one on which, or on fewer, so many were merged that their share is above a
// half even at the lower end of its 95 % interval; more than the usual one where the share merged on that, or fewer, is
// below a half even at the upper end, then the smallest for which that is not so (Wilson 1927). Counted are approvals
// that stood for the merged head. Those whose author may merge are counted apart: two stand behind them with the first
// approval, so that the approval of whoever merges is how they merge, and nothing that was waited for. Of others it is
// the review by somebody who may merge, and counts.
#pragma once

#include <model/open_items.hpp>
#include <set>
#include <string>

namespace resident {

// Where approvals are comments, who has approved regularly: kRegularApprovals merged pull requests of others or more.
// Their approval is as good as that of somebody who merges, as the projects that review so say of their regular
// reviewers.
inline constexpr std::int64_t kRegularApprovals = 10;
inline constexpr std::size_t kLookedAt = 100;
inline constexpr std::size_t kFewestLookedAt = 10;

// Pull requests that were merged with no more approvals than are enough.
struct HabitShare {
  std::int64_t merged = 0, of = 0;  // of: 0 where too little happened to tell
};

struct ApprovalHabits {
  int required = 1;
  int required_own = 0;  // where the author may merge; 0: as many as else
  HabitShare others, own;
  std::string reason;  // for the definition: "configured", "of the last 100 merged …"
  // Who has approved, before, something that was merged; where approvals are comments.
  std::set<std::int64_t> known_reviewers;

  const HabitShare& share(bool is_own) const { return is_own ? own : others; }
  int required_of(bool is_own) const { return is_own && required_own > 0 ? required_own : required; }
};

// dismisses: a push takes approvals back.
ApprovalHabits approval_habits(const Context& context, const People& people, bool by_comment, bool dismisses);
// load_people(), with who has approved regularly among the approvers where approvals are comments.
People load_reviewing_people(const Context& context, bool by_comment);

}  // namespace resident
