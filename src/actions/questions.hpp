// The sentences that a plan proposes to post to authors and reporters. Each is a claim
// about the thread and names who said what and when, with a reference to it; what the
// thread as of the moment does not show is not said (model/queues/owed.hpp). The
// evidence stands beside the sentence, so that whoever sends it can look first.
#pragma once

#include <actions/plan.hpp>
#include <model/queues/owed.hpp>
#include <optional>

namespace resident {

// A comment on the item to its author about what they owe; nothing where that cannot be shown, where it was asked
// after less than `silence` seconds, where a comment of ours has asked already, or where the author cannot be named.
std::optional<PlannedAction> question_to_author(const OpenItem& item, const People& people, Timestamp as_of,
                                                Timestamp silence);

// The address of a post on the page of its item: GitHub's, GitLab's and Gitea's or Forgejo's anchors; "" where the
// item has no address, the item's own where the post has no number.
std::string post_url(const OpenItem& item, const Entry& entry);

// "sipa on 2019-07-23: “Could you rebase?”, https://…"
std::string said_text(const Said& said);

}  // namespace resident
