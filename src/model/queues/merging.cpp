#include <model/queues/merging.hpp>

namespace resident {

void Merging::told(const Entry& entry) {
  const bool is_queue = entry.label == kMergeQueue;
  if (entry.kind == EntryKind::merges_itself) {
    // Auto-merge puts it into the queue as soon as it may.
    if (!since_ || is_queue) since_ = entry.at, by_queue_ = is_queue;
    was_dropped_ = false;
  } else if (entry.kind == EntryKind::merges_not) {
    was_dropped_ = since_ && by_queue_ && is_queue;
    since_.reset();
  } else if (entry.kind == EntryKind::draft || entry.kind == EntryKind::reopened) {
    since_.reset();
    was_dropped_ = false;
  } else if (entry.kind == EntryKind::push) {
    was_dropped_ = false;
  }
}

std::string Merging::why() const {
  return by_queue_ ? "it is in the merge queue" : "it merges by itself once its checks pass (auto-merge)";
}

std::string Merging::remark() const {
  if (was_dropped_) return "; it left the merge queue without being merged";
  if (!since_) return {};
  return by_queue_ ? "; it has been in the merge queue for over a week" : "; auto-merge is on, and it is still open";
}

}  // namespace resident
