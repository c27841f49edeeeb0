// The review queue: every open pull request with whose turn it is, since when, and
// a rank whose every point is explained. Shared by `review`, `today` and the pages.
#pragma once

#include <analyses/queues/turn.hpp>
#include <vector>

namespace resident {

struct ReviewEntry {
  OpenItem item;
  TurnDecision turn;
  double score = 0;  // points, higher first
  std::string why;   // where the points come from, most first
};

struct ReviewQueue {
  std::vector<ReviewEntry> entries;  // in order of rank
  People people;
  bool approval_by_comment = false;
  int required_approvals = 1;  // two at least where projects approve by comment and nothing else is configured
};

// number: with that entry alone, which is quicker; 0 for all.
ReviewQueue review_queue(const Context& context, std::int64_t number = 0);
// "12 d": whole units for people, from a moment to the as-of time.
std::string waiting_text(Timestamp since, Timestamp as_of);
// What raised it, without the points: "nobody has answered in 3 d; from somebody new".
std::string rank_reasons(const std::string& why);
bool has_label(const OpenItem& item, const std::vector<std::string>& labels, std::string* which = nullptr);

}  // namespace resident
