#include <fmt/format.h>

#include <algorithm>
#include <model/queues/approvals.hpp>

namespace resident {

std::string names_of(const std::set<std::int64_t>& people, const People& who) {
  std::string result;
  for (const auto person : people) result += (result.empty() ? "" : ", ") + who.name(person);
  return result;
}

Approvals::Approvals(const ReviewRules& rules, bool by_comment, const ApprovalHabits& habits, const OpenItem& item,
                     const People& people, const ReviewState& state)
    : rules_(rules), by_comment_(by_comment), habits_(habits), item_(item), people_(people), state_(state) {}

bool Approvals::counts_alone(const Entry& entry) const {
  if (people_.approvers.contains(entry.person) || is_owner(entry.person)) return true;
  // Of a document, anybody else's approval is an opinion.
  if (item_.changes_documents && !(people_.approvers.empty() && item_.owners.empty())) return false;
  // Nobody merges, or a machine does: everybody's, but for whom the forge itself does not count. It may not show who is
  // a member; who approved something before that was merged is known.
  if (people_.approvers.empty())
    return by_comment_ || entry.is_official.value_or(true) || habits_.known_reviewers.contains(entry.person);
  return !by_comment_ && entry.is_official.value_or(true);
}

bool Approvals::may_block(const Entry& entry) const {
  return people_.approvers.contains(entry.person) || entry.is_official.value_or(true);
}

StandingDecision Approvals::decision_of(const Entry& entry, Verdict verdict) const {
  StandingDecision decision;
  decision.verdict = verdict;
  decision.at = entry.at;
  decision.key = entry.kind == EntryKind::review ? entry.key : std::string();
  decision.sha = entry.sha;
  decision.is_official = verdict == Verdict::approved ? counts_alone(entry) : may_block(entry);
  return decision;
}

bool Approvals::counts(const StandingDecision& decision) const {
  return decision.verdict == Verdict::approved && (keeps_older() || state_.is_of_head(decision));
}

bool Approvals::is_approved_by_owner() const {
  return std::ranges::any_of(state_.decisions(),
                             [&](const auto& each) { return is_owner(each.first) && counts(each.second); });
}

bool Approvals::has_known_reviewer() const {
  return std::ranges::any_of(state_.decisions(), [&](const auto& each) {
    return habits_.known_reviewers.contains(each.first) && counts(each.second);
  });
}

int Approvals::standing() const {
  const int alone = state_.approvals(keeps_older());
  if (!by_comment_) return alone;
  const bool is_carried = alone > 0 || (author_may_merge() && !item_.changes_documents && has_known_reviewer());
  return is_carried ? state_.approvals(keeps_older(), true) : 0;
}

int Approvals::required() const {
  return std::max(1, author_may_merge() && habits_.required_own > 0 ? habits_.required_own : rules_.required_approvals);
}

bool Approvals::are_enough() const {
  if (is_approved_by_owner()) return true;
  const int count = standing();
  if (count > 0 || !by_comment_ || item_.changes_documents) return count >= required();
  return state_.approvals(keeps_older(), true) >= std::max(2, required()) && has_known_reviewer();
}

std::set<std::int64_t> Approvals::objectors() const {
  const auto people = state_.blocking(item_, true);
  std::set<std::int64_t> result(people.begin(), people.end());
  if (by_comment_ && are_enough())
    std::erase_if(result,
                  [&](std::int64_t person) { return !people_.maintainers.contains(person) && !is_owner(person); });
  return result;
}

Timestamp Approvals::last_of_head() const {
  Timestamp last = 0;
  for (const auto& [person, decision] : state_.decisions())
    if (decision.verdict == Verdict::approved && (decision.is_official || by_comment_) && state_.is_of_head(decision))
      last = std::max(last, decision.at);
  return last;
}

std::string Approvals::text() const {
  const int of_head = state_.approvals(false, by_comment_);
  const int all = keeps_older() ? state_.approvals(true, by_comment_) : of_head;
  if (of_head == all && of_head != 1) return fmt::format("{} approvals of what stands now", of_head);
  std::set<std::int64_t> who;
  for (const auto& [person, decision] : state_.decisions())
    if (decision.verdict == Verdict::approved && (decision.is_official || by_comment_) &&
        (of_head == 0 || state_.is_of_head(decision)))
      who.insert(person);
  const std::string names = names_of(who, people_);
  if (of_head == 0) return fmt::format("{} approved an older commit, which is enough here", names);
  if (of_head != all)
    return fmt::format("{} of {} approvals are of what stands now; the others count here, too", of_head, all);
  const HabitShare& share = habits_.share(author_may_merge());
  if (!by_comment_ || required() > 1 || share.of == 0) return fmt::format("{} approved it", names);
  return fmt::format("{} approved it, which has been enough here ({} of the last {})", names, share.merged, share.of);
}

std::string Approvals::lacking_text(const Entry& entry) const {
  const int count = standing();
  if (count == 0) return fmt::format("approved by {}, which alone is not enough", people_.name(entry.person));
  return fmt::format("{} of {} approvals; the last by {}", count, required(), people_.name(entry.person));
}

}  // namespace resident
