// How a project reviews, where its configuration leaves it to be found ("auto"): whether
// comments approve, and whether a push takes approvals back. Found from what was known
// when the week of the moment began, kept, and said in the queue's definition. How many
// approvals are enough: approval_habits.hpp.
#pragma once

#include <model/queues/approval_habits.hpp>
#include <string>

namespace resident {

// "auto" is decided from history before the week of the moment: yes where at least a
// tenth of the pull requests have an approving comment.
bool approves_by_comment(const Context& context);
// Of those: whether most of them are commands to a machine that merges then ("/lgtm", "@bors r+").
bool leaves_merging_to_machines(const Context& context);
// Whether a push takes approvals back in this project, and how that is known. The setting, else what the project did
// before the week of the moment: of its merged pull requests that were pushed to after an approval, how many got a new
// approval first.
struct PushRule {
  bool dismisses = true;
  std::string reason;  // for the definition: "configured", "34 of 40 … were merged on the older approval"
};
PushRule push_dismisses_approvals(const Context& context, bool approval_by_comment);
// The rules with all of it settled.
ReviewRules settled_rules(const Context& context, bool approval_by_comment, const ApprovalHabits& habits);

}  // namespace resident
