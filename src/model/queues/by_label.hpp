// What an open pull request's labels say of whose turn it is: those that the configuration names for a turn, those that
// tell how things stand ("Needs rebase", "CI failed") and those that hold it back ("do-not-merge").
#pragma once

#include <functional>
#include <model/queues/approvals.hpp>
#include <model/queues/turn.hpp>
#include <string>

namespace resident {

using SetTurn = std::function<void(Turn, Timestamp since, std::string why)>;

// decision: as of what was written and done; set changes it.
void turn_by_label(const OpenItem& item, const ReviewRules& rules, const Approvals& approvals, TurnDecision& decision,
                   const SetTurn& set);

}  // namespace resident
