// How a project reviews, where its configuration leaves it to be found ("auto"): whether
// comments approve, and whether a push takes approvals back. Found from what was known
// when the week of the moment began, kept, and said in the queue's definition.
#pragma once

#include <model/open_items.hpp>
#include <string>
#include <vector>

namespace resident {

// "auto" is decided from history before the week of the moment: yes where at least a
// tenth of the pull requests have an approving comment.
bool approves_by_comment(const Context& context);
// Where approvals are comments, who has approved regularly: kRegularApprovals merged pull requests of others or more,
// by the beginning of the moment's week. Their approval is as good as that of somebody who merges, as the projects that
// review so say of their regular reviewers. Identities, since people may have been joined since.
inline constexpr std::int64_t kRegularApprovals = 10;
std::vector<std::int64_t> regular_approvers(const Context& context);
// load_people(), with those among the approvers where approvals are comments.
People load_reviewing_people(const Context& context, bool by_comment);

// Whether a push takes approvals back in this project, and how that is known. The setting, else what the project did
// before the week of the moment: of its merged pull requests that were pushed to after an approval, how many got a new
// approval first.
struct PushRule {
  bool dismisses = true;
  std::string reason;  // for the definition: "configured", "34 of 40 … were merged on the older approval"
};
PushRule push_dismisses_approvals(const Context& context, bool approval_by_comment);
// The rules with both questions settled.
ReviewRules settled_rules(const Context& context, bool approval_by_comment);

}  // namespace resident
