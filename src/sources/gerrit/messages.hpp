// What Gerrit's change messages tell in words: votes on labels, what became of them, topics and hashtags; and the rule
// by which a vote stands on a newer patch set.
//
// Nobody but the messages tells what was voted on an older patch set: "Patch Set 3: Code-Review+2 -Verified" gives one
// vote and takes another back. The upload of a patch set says since Gerrit 3.6 which votes went along ("Copied Votes:")
// and which did not ("Outdated Votes:"); before that the label's copy condition decides.
// Documentation/config-labels.txt, copyCondition; ApprovalsUtil.java, formatApprovalCopierResult (3.6 to 3.12).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident::gerrit {

struct LabelVote {
  std::string label;
  int value = 0;  // 0: taken back
  bool operator==(const LabelVote&) const = default;
};

// A change message in its parts.
struct MessageParts {
  std::optional<std::int64_t> patch_set;  // of "Patch Set 3:", "Uploaded patch set 3"
  bool is_upload = false;                 // "Uploaded patch set 3"
  bool has_comments = false;              // "(2 comments)"
  std::vector<LabelVote> votes;
  std::string text;  // what somebody wrote, without all that
};
MessageParts parts_of(std::string_view message);

// What Gerrit itself did by a message, as its tag says: "abandon", "newPatchSet"; versions before tags say it in words
// alone. "": somebody's, or a robot's, own words.
std::string deed_of(std::string_view tag, std::string_view message);

// "Copied Votes:", "Outdated Votes:" of an upload's message.
struct ListedVote {
  LabelVote vote;
  std::vector<std::int64_t> accounts;  // empty: anybody's of that value
};
struct CarriedVotes {
  bool are_told = false;
  std::vector<ListedVote> copied, outdated;
};
CarriedVotes carried_votes(std::string_view message);

// "Removed Code-Review+2 by <GERRIT_ACCOUNT_12>", "* Verified-1 by Ann Arden <…>": the vote, and whose, as it is
// written.
struct RemovedVote {
  LabelVote vote;
  std::string whose;
};
std::vector<RemovedVote> removed_votes(std::string_view message);

// "Topic set to a", "Topic changed from a to b", "Topic a removed": before and after; both empty for anything else.
std::pair<std::string, std::string> topic_change(std::string_view message);
// "Hashtags added: a, b": whether it was added, and which.
std::vector<std::pair<bool, std::string>> hashtag_changes(std::string_view message);

// What is known of a label.
struct LabelRule {
  int lowest = 0, highest = 0;
  std::optional<std::string> copy_condition;  // nothing: not known
};

// Whether a vote goes along to a patch set of that kind (REWORK, TRIVIAL_REBASE, NO_CODE_CHANGE, NO_CHANGE,
// MERGE_FIRST_PARENT_UPDATE, TRIVIAL_REBASE_WITH_MESSAGE_UPDATE). Nothing where the condition asks what is not told
// here (groups, files), or cannot be read.
std::optional<bool> copies(const LabelRule& rule, int value, std::string_view kind);

// The condition of the old switches (copyAllScoresOnTrivialRebase …, before 3.6), as copyCondition says it.
std::string condition_of_switches(const std::map<std::string, bool>& switches, const std::vector<int>& values);

}  // namespace resident::gerrit
