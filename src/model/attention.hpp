// Who is expected to act by the forge's own word: Gerrit's attention set, as it was at a moment. Gerrit tells of each
// account the last change of its place alone (earlier readings add to that), so at an older moment the set is known
// only where of every account that was ever in it a change is known that is no later.
// https://gerrit-review.googlesource.com/Documentation/user-attention-set.html
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace resident {

struct AttentionEntry {
  Timestamp since = 0;
  std::string reason;   // Gerrit's words: "Ann Arden replied on the change"
  std::int64_t by = 0;  // who caused it; 0: not told
};

struct Attention {
  bool is_known = false;
  bool was_edited = false;  // by hand: some account's place in it, or not in it, is of somebody's click
  std::map<std::int64_t, AttentionEntry> people;
};

// On Gerrit: the open or abandoned change of whose patch sets one is the parent of the newest patch set. Submitting
// means that its parents are submitted before, or with it; neither an older patch set nor an abandoned change can be.
// https://gerrit-review.googlesource.com/Documentation/config-project-config.html#submit-type
struct BuiltOn {
  std::int64_t number = 0;
  bool is_outdated = false;     // it has a newer patch set
  bool is_abandoned = false;    // closed without being merged
  bool is_submittable = false;  // nothing is missing there: both are submitted at once
};

// Whether somebody put an account into the set, or took it out, by itself, as the words that Gerrit's pages write say.
// What is chosen in the reply dialog bears the words of a reply, and cannot be told from the rules.
bool is_edit_by_hand(std::string_view reason);

}  // namespace resident
