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
};

ReviewQueue review_queue(const Context& context);
// "12 d": whole units for people, from a moment to the as-of time.
std::string waiting_text(Timestamp since, Timestamp as_of);
bool has_label(const OpenItem& item, const std::vector<std::string>& labels, std::string* which = nullptr);

}  // namespace resident
