// Whose turn is it on a pull request? A state machine over what was written,
// pushed, labelled and asked for. A pure function of the thread, so that it can be
// replayed at any moment of history and tested line by line.
//
// Every rule says why it spoke, in words a contributor understands; the patterns
// and labels are configuration (ReviewRules), with presets for projects that
// approve by review and for those that approve by comment ("ACK").
#pragma once

#include <analyses/queues/thread.hpp>
#include <functional>
#include <memory>
#include <string>

namespace resident {

enum class Turn { author, reviewer, committer, ci, nobody };
const char* turn_name(Turn turn);

struct TurnDecision {
  Turn turn = Turn::reviewer;
  Timestamp since = 0;
  std::string why;                // one sentence, plain text
  std::set<std::int64_t> people;  // whom it waits for, where it is somebody in particular
  int approvals = 0;              // of what stands now
  int stale_approvals = 0;        // from before the last push
  bool answered = false;          // any human but the author wrote or reviewed
};

// The rules with their patterns compiled; make it once a run.
class ReviewPolicy {
 public:
  ReviewPolicy(const ReviewRules& rules, bool approval_by_comment);
  ~ReviewPolicy();

  // is_open: whether an item of this number is open (for "blocked on #12").
  TurnDecision decide(const OpenItem& item, const People& people, Timestamp as_of,
                      const std::function<bool(std::int64_t)>& is_open) const;
  bool is_approval(std::string_view text) const;
  const ReviewRules& rules() const { return rules_; }
  bool approval_by_comment() const { return approval_by_comment_; }

 private:
  class Machine;
  struct Patterns;
  ReviewRules rules_;
  bool approval_by_comment_;
  std::unique_ptr<Patterns> patterns_;
};

// "auto" is decided from history before the week of the moment: yes where at least a
// tenth of the pull requests have an approving comment.
bool approves_by_comment(const Context& context);

}  // namespace resident
