// Which approvals of a pull request count, and whether they are enough: by whom they are,
// whose it is, and what the project asks for (its configuration, else what it did so far).
#pragma once

#include <model/queues/approval_habits.hpp>
#include <model/review_state.hpp>
#include <string>

namespace resident {

// "ada, bea".
std::string names_of(const std::set<std::int64_t>& people, const People& who);

class Approvals {
 public:
  Approvals(const ReviewRules& rules, bool by_comment, const ApprovalHabits& habits, const OpenItem& item,
            const People& people, const ReviewState& state);

  // Whether it counts without another one beside it. An approval by somebody who may not merge counts only beside one
  // by somebody who may: where approvals are comments, by who has merged; else as the forge says.
  bool counts_alone(const Entry& entry) const;
  bool may_block(const Entry& entry) const;
  StandingDecision decision_of(const Entry& entry, Verdict verdict) const;
  // The authors of the document that it changes speak for it.
  bool is_owner(std::int64_t person) const { return item_.owners.contains(person); }
  bool is_approved_by_owner() const;
  bool author_may_merge() const { return people_.maintainers.contains(item_.author); }

  // Those that count: where approvals are comments anybody's does beside one that counts alone, and beside an author
  // who may merge the approval of a reviewer who is known.
  int standing() const;
  int required() const;
  // Also where nobody who counts alone has approved: two or more, one of them by a reviewer who is known.
  bool are_enough() const;
  // Standing requests for changes that were answered, and have to be looked at again. Where approvals are comments,
  // enough approvals overtake those of people who may not merge.
  std::set<std::int64_t> objectors() const;
  // When the last approval of the head was given; 0: none was.
  Timestamp last_of_head() const;

  // "ada approved it", "2 approvals of what stands now": those of the head alone are counted so.
  std::string text() const;
  // Why this one is not enough: "1 of 2 approvals; the last by ada".
  std::string lacking_text(const Entry& entry) const;

 private:
  bool keeps_older() const { return rules_.push_dismisses_approvals == "no"; }
  bool counts(const StandingDecision& decision) const;
  bool has_known_reviewer() const;

  const ReviewRules& rules_;
  bool by_comment_;
  const ApprovalHabits& habits_;
  const OpenItem& item_;
  const People& people_;
  const ReviewState& state_;
};

}  // namespace resident
