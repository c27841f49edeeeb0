// The triage queue: open issues that somebody has to decide something about, by
// what is to be done. Stale never means the reporter's fault: an issue is only
// waiting for its reporter when a maintainer's question to them stands unanswered.
#pragma once

#include <functional>
#include <model/queues/review.hpp>

namespace resident {

enum class TriageState { reopened, unanswered, reporter_answered, waiting_for_reporter, stale, discussion };
const char* triage_state_name(TriageState state);
// The argument "state": a state, or "unlabelled"; "" where it was not given. Throws Error{usage} for any other.
std::string wanted_triage_state(const Context& context);

struct TriageEntry {
  OpenItem item;
  TriageState state = TriageState::discussion;
  Timestamp since = 0;
  bool unlabelled = false;
  bool by_outsider = false;  // its reporter is no maintainer
  std::int64_t comments = 0;
  std::int64_t commenters = 0;  // people beside the reporter
  double score = 0;
  std::vector<Reason> reasons;
};

struct TriageQueue {
  std::vector<TriageEntry> entries;
  People people;
};

// people: who is who, where the caller knows it already (the queue's own stay empty then); else it is read.
TriageQueue triage_queue(const Context& context, const People* people = nullptr, Threads threads = Threads::kept);

// The same, each as it is judged, in order of number and with its thread: for who keeps little of each.
void each_triage_entry(const Context& context, const People& people, const std::function<void(TriageEntry&&)>& take);

// Whether a maintainer's own words (own_words) put a question or a request that only the reporter can answer.
bool asks_reporter(const std::string& words);

}  // namespace resident
