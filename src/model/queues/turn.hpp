// Whose turn is it on a pull request? A state machine over what was written,
// pushed, labelled and asked for. A pure function of the thread, so that it can be
// replayed at any moment of history and tested line by line.
//
// Every rule says why it spoke, in words a contributor understands; the patterns
// and labels are configuration (ReviewRules), with presets for projects that
// approve by review and for those that approve by comment ("ACK").
#pragma once

#include <functional>
#include <memory>
#include <model/open_items.hpp>
#include <model/queues/heard.hpp>
#include <model/queues/review_habits.hpp>
#include <model/review_state.hpp>
#include <optional>
#include <string>

namespace resident {

enum class Turn { author, reviewer, committer, ci, nobody };
const char* turn_name(Turn turn);

// What the rules here make of a thread, where the forge's own word on whose turn it is stands in their place.
struct OwnTurn {
  Turn turn = Turn::reviewer;
  Timestamp since = 0;
  std::string why;
  std::set<std::int64_t> people;
};

struct TurnDecision {
  Turn turn = Turn::reviewer;
  Timestamp since = 0;
  std::string why;                // one sentence, plain text
  std::set<std::int64_t> people;  // whom it waits for, where it is somebody in particular
  std::set<std::string> teams;    // whom it waits for besides
  int approvals = 0;              // of the head
  int stale_approvals = 0;        // of older commits
  bool answered = false;          // any human but the author wrote or reviewed
  std::optional<OwnTurn> own;     // set where the decision is the forge's (attention_turn.hpp)
};

// The rules with their patterns compiled; make it once a run.
class ReviewPolicy {
 public:
  // rules.push_dismisses_approvals: "no" keeps approvals of older commits; what is "auto" is settled by
  // push_dismisses_approvals() below, and else takes them back.
  // references: how "#12" and addresses are read in "blocked on …". habits: how many approvals are enough; where they
  // say nothing, as many as the rules ask for.
  ReviewPolicy(const ReviewRules& rules, bool approval_by_comment, ReferenceRules references = {},
               ApprovalHabits habits = {});

  // is_open: whether an item of this number is open (for "blocked on #12").
  TurnDecision decide(const OpenItem& item, const People& people, Timestamp as_of,
                      const std::function<bool(std::int64_t)>& is_open) const;
  bool is_approval(std::string_view text) const { return ear_->is_approval(text); }
  const ReviewRules& rules() const { return rules_; }
  bool approval_by_comment() const { return approval_by_comment_; }

 private:
  class Machine;
  // The thread, entry by entry.
  TurnDecision replay(const OpenItem& item, const People& people, Timestamp as_of,
                      const std::function<bool(std::int64_t)>& is_open) const;
  ReviewRules rules_;
  bool approval_by_comment_;
  ApprovalHabits habits_;
  std::unique_ptr<Ear> ear_;
};

}  // namespace resident
