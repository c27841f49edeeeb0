#include <algorithm>
#include <model/queues/attention_turn.hpp>
#include <model/queues/turn.hpp>

namespace resident {

ReviewPolicy::ReviewPolicy(const ReviewRules& rules, bool approval_by_comment, ReferenceRules references,
                           ApprovalHabits habits)
    : rules_(rules),
      approval_by_comment_(approval_by_comment),
      habits_(std::move(habits)),
      ear_(std::make_unique<Ear>(rules, std::move(references))) {}

TurnDecision ReviewPolicy::decide(const OpenItem& item, const People& people, Timestamp as_of,
                                  const std::function<bool(std::int64_t)>& is_open) const {
  TurnDecision decision = replay(item, people, as_of, is_open);
  decision.since = std::min(decision.since, as_of);
  wait_for_parent(item, decision);
  follow_attention(item, people, decision);
  return decision;
}

}  // namespace resident
