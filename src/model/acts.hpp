// What people did, one act after the other: wrote and merged commits, opened and closed items, commented, reviewed,
// labelled, answered in channels. Acts are what effort, presence and the onion of contributors are counted from. Bots
// and people nobody knows are left out; nothing later than the context's moment is seen.
#pragma once

#include <cstdint>
#include <memory>
#include <model/open_items.hpp>
#include <optional>
#include <string_view>
#include <vector>

namespace resident {

enum class ActKind { commit, merge, review, comment, item, change, post };
inline constexpr ActKind kActKinds[] = {ActKind::commit, ActKind::merge,  ActKind::review, ActKind::comment,
                                        ActKind::item,   ActKind::change, ActKind::post};
std::string_view name_of(ActKind kind);

struct Act {
  std::int64_t person = 0;
  Timestamp at = 0;
  ActKind kind = ActKind::commit;
  std::int64_t identity = 0;  // who it was said to be by
  std::int64_t subject = 0;   // of commit and merge: the commit; of a post: 0; else the item
};

// In order of person, then of time. since: nothing earlier.
//   commit: when it was authored, on the default branch, no merge
//   merge: a merge commit, when it was committed, by its author
//   change: labels, milestones, assignments, titles, closings and the like, by who made them
std::vector<Act> load_acts(const Context& context, const People& people, std::optional<Timestamp> since = {});

// All of them, the same for all sections of a page.
std::shared_ptr<const std::vector<Act>> shared_acts(const Context& context, const People& people);

}  // namespace resident
