// A review session: which open pull requests to take in the minutes there are, so
// that the backlog stays fair. Urgent ones come first (up to half of the minutes); then the
// shares of newcomers, of what has waited longest, of quick wins and of one's own modules are
// filled in turn, each time the one that is furthest behind its share.
#pragma once

#include <analyses/review/effort.hpp>
#include <learn/reviewers/suggest.hpp>
#include <model/modules.hpp>
#include <model/queues/review.hpp>
#include <set>
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

// What a session is planned with; learnt once, it serves many.
struct SessionMeans {
  const ReviewQueue& queue;
  const ReviewEffort& effort;
  const reviewers::Suggester& suggester;
  ModuleMap& modules;
  std::set<std::int64_t> left_out = {};  // items, snoozed for example
};

struct SessionTake {
  std::size_t entry = 0;  // of the queue
  SessionPart part = SessionPart::rank;
  Effort effort;
  std::string why;
  std::vector<reviewers::Suggestion> reviewers;  // the load spread; without whoever asks
};

struct Session {
  std::vector<SessionTake> takes;  // in the order to take them
  Result result;                   // the same as a table
};

// Arguments of the context: minutes, mine, me, module. Throws Error{usage} for a module or a person that there is not.
Session make_session(const Context& context, const SessionMeans& means);

}  // namespace resident
