// The review queue: every open pull request with whose turn it is, since when, and
// a rank whose every point is explained. Shared by `review`, `today` and the pages.
#pragma once

#include <model/queues/turn.hpp>
#include <vector>

namespace resident {

// Why something ranks where it does: points, and for what. Texts are made of these where they are shown, and never
// taken apart again.
// Whether a queue's items keep what was written on them, for who shows it or asks more of it, or but what was made of
// it; of_waiting: those that wait for who opened them, whose question is asked once more.
enum class Threads { kept, of_waiting, dropped };

struct Reason {
  double points = 0;
  std::string text;
};

struct ReviewEntry {
  OpenItem item;
  TurnDecision turn;
  double score = 0;             // points, higher first
  std::vector<Reason> reasons;  // where the points come from, most first
};

struct ReviewQueue {
  std::vector<ReviewEntry> entries;  // in order of rank
  People people;
  bool approval_by_comment = false;
  ApprovalHabits habits;
  PushRule push_rule;

  // How many approvals are enough for this one.
  int required_approvals(const OpenItem& item) const {
    return habits.required_of(people.maintainers.contains(item.author));
  }
};

// number: with that entry alone, which is quicker; 0 for all.
ReviewQueue review_queue(const Context& context, std::int64_t number = 0, Threads threads = Threads::kept);
// "12 d": whole units for people, from a moment to the as-of time.
std::string waiting_text(Timestamp since, Timestamp as_of);
// "nobody has answered in 3 d (+50); from somebody new (+10)".
std::string reasons_with_points(const std::vector<Reason>& reasons);
// What raised it, without the points: "nobody has answered in 3 d; from somebody new".
std::string raising_reasons(const std::vector<Reason>& reasons);
bool has_label(const OpenItem& item, const std::vector<std::string>& labels, std::string* which = nullptr);

}  // namespace resident
