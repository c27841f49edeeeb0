// Merges that a forge makes by itself: auto-merge (GitHub, GitLab, Gitea), merge queues and merge trains.
//
// Once it is set to merge by itself, nobody has to press anything: it waits for its checks. That holds for a week,
// since checks and queues take hours: what is still open then lacks something, and somebody has to look. What left the
// queue without being merged is told so.
#pragma once

#include <model/open_items.hpp>
#include <optional>
#include <string>

namespace resident {

class Merging {
 public:
  void told(const Entry& entry);  // merges_itself, merges_not, draft, reopened; others change nothing

  // Whether the forge is about to merge it at the moment.
  bool is_under_way(Timestamp as_of) const { return since_ && as_of - *since_ <= 7 * kDay; }
  Timestamp since() const { return since_.value_or(0); }
  // "it merges by itself once its checks pass (auto-merge)", "it is in the merge queue".
  std::string why() const;
  // What has to be said where somebody has to merge it all the same: "; auto-merge is on, and it is still open", "; it
  // left the merge queue without being merged"; or "".
  std::string remark() const;

 private:
  std::optional<Timestamp> since_;
  bool by_queue_ = false, was_dropped_ = false;
};

}  // namespace resident
