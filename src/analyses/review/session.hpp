// A review session: which open pull requests to take in the minutes there are, so
// that the backlog stays fair. Urgent ones come first (up to half of the minutes); then the
// shares of newcomers, of what has waited longest, of quick wins and of one's own modules are
// filled in turn, each time the one that is furthest behind its share.
#pragma once

#include <analyses/queues/review.hpp>
#include <analyses/review/effort.hpp>
#include <string>
#include <vector>

namespace resident {

enum class SessionPart { urgent, newcomer, oldest, quick, own, rank };
const char* session_part_name(SessionPart part);

struct SessionCandidate {
  std::size_t entry = 0;  // of the queue
  double minutes = 0;
  Timestamp waiting_since = 0;
  std::optional<Timestamp> due;  // newcomer: when the promised first response is due
  bool is_urgent = false, is_quick = false, is_own = false;
  double score = 0;  // of the queue
};

struct SessionChoice {
  std::size_t candidate = 0;
  SessionPart part = SessionPart::rank;
};

// In the order to take them; never more minutes than there are, each candidate once.
std::vector<SessionChoice> plan_session(const std::vector<SessionCandidate>& candidates, double minutes,
                                        const SessionRules& rules, Timestamp as_of);

}  // namespace resident
