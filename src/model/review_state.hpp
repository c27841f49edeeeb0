// What stands of the reviews of a pull request: each reviewer's last decision that was
// neither dismissed nor overtaken, for which commit it was made, and who is asked for a
// review. A pure replay of the thread, entry by entry, so that it can be asked at any
// moment and tested line by line.
//
// The rules are the forges' own (docs/guide/review-rules.md has the table with sources
// and versions; tests/analyses/review_state_test.cpp a test for each row):
// - a decision is an approval or a request for changes; a comment decides nothing, and
//   takes no decision back;
// - of each reviewer the last decision stands; a dismissed one stands no more, and what
//   it had overtaken does not come back;
// - a request for changes blocks until that reviewer approves, is dismissed, or left;
// - a decision belongs to the commit it was made for. Whether an approval of an older
//   commit still counts is the project's setting, not ours.
#pragma once

#include <map>
#include <model/open_items.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident {

enum class Verdict { approved, changes_requested };

struct StandingDecision {
  Verdict verdict = Verdict::approved;
  Timestamp at = 0;
  std::string key;            // of the review; "" where it was said in a comment
  std::string sha;            // the commit it was made for; "" where that is not told
  bool is_official = true;    // may it count, or block?
  bool pushed_after = false;  // in the order of the timeline
  // Of a request for changes: something was pushed, or its reviewer was asked to look again.
  bool is_answered = false;
  bool is_answered_by_request = false;  // … by the latter alone: a request that is taken back answers nothing
};

class ReviewState {
 public:
  // Asks who was asked before anything was told (no event says so).
  void begin(const OpenItem& item);

  void decide(std::int64_t person, StandingDecision decision);
  // The decision of that review, if it stands; key "": whatever stands of the person. What it was, if it did.
  std::optional<StandingDecision> dismiss(std::int64_t person, const std::string& key);
  void forget(std::int64_t person) { decisions_.erase(person); }
  // The forge says that a decision stands on a newer commit, too.
  void copied(const Entry& entry);
  void pushed(const Entry& entry);
  // The base was merged in: what stood on the head before stands on this one, and no request is answered.
  void base_merged(const Entry& entry);
  // The head as the forge tells it, where nothing was pushed since.
  void head_is(const std::string& sha);
  void requested(const Entry& entry);
  void unrequested(const Entry& entry);
  // A review by the person answers the request for one.
  void reviewed(std::int64_t person) { asked_.erase(person); }
  // Requests for changes of the person, or of all (nullopt), are answered.
  void answer(std::optional<std::int64_t> person = std::nullopt);

  const std::map<std::int64_t, StandingDecision>& decisions() const { return decisions_; }
  const StandingDecision* approval_of(std::int64_t person) const;
  bool is_of_head(const StandingDecision& decision) const;
  // Official approvals; older_too: also those of older commits; unofficial_too: everybody's.
  int approvals(bool older_too, bool unofficial_too = false) const;
  // Standing requests for changes that block: official ones, of people who have not left.
  std::vector<std::int64_t> blocking(const OpenItem& item, bool is_answered) const;
  const std::set<std::int64_t>& asked() const { return asked_; }
  const std::set<std::string>& asked_teams() const { return asked_teams_; }

 private:
  bool was_head(const std::string& sha) const;

  std::map<std::int64_t, StandingDecision> decisions_;
  std::set<std::int64_t> asked_;
  std::set<std::string> asked_teams_;
  std::vector<std::string> heads_;  // of pushes so far
  std::string head_;
  bool head_is_exact_ = false;  // told by the forge; else concluded from the commits' order
};

// The commit that an approving comment names ("ACK 0123abc", "utACK `0123abc`"): 7 to 40 hexadecimal digits behind the
// word; "" for none.
std::string commit_after_ack(std::string_view words);

// Whether both name one commit, where one of them may be shortened (to seven digits at least).
bool is_same_commit(std::string_view a, std::string_view b);

}  // namespace resident
