// A Plan is a list of proposed writes to a forge, each with its reason. It is shown
// first and sent only on an explicit yes; what was sent stands in action_log under
// the action's key, so that a second run proposes it no more. This is the only part
// of the program that may ever write to a forge. Archives and clones cannot be
// written to, so with those sources a plan is for reading and for copying from.
#pragma once

#include <framework/analysis.hpp>
#include <functional>
#include <learn/reviewers/suggest.hpp>
#include <model/queues/triage.hpp>
#include <set>
#include <string>
#include <vector>

namespace resident {

// What somebody said, as evidence of a sentence.
struct Said {
  std::string who;
  Timestamp at = 0;
  std::string words;  // "" where it was done without words
  std::string url;
};

struct PlannedAction {
  std::string key;  // the same for the same proposal, whenever it is made
  std::int64_t item_id = 0, number = 0;
  std::string item_kind;  // issue, pull
  std::string title, url;
  std::string kind;     // comment, request_review, label
  std::string content;  // the comment's text, the reviewer's login, the label
  std::string reason;
  std::vector<Said> said = {};  // evidence of what the content claims, where it claims something
};

struct Plan {
  std::vector<PlannedAction> actions;
  std::int64_t already_sent = 0;  // left out, since they are in the log
};

// From the queues as of the context's moment:
// - a review request to a likely reviewer of each pull request that nobody reviews, spread
//   over the queue (Suggester::suggest_spread), and to nobody for more than `per_person` at once;
// - a friendly question to an author whose turn it is and who for 60 days has done nothing about what a reviewer asked,
//   or about what they announced themselves;
// - a friendly question to a reporter who for 60 days has not answered a maintainer's.
// Each names who said what and when; what the thread does not show is not asked (questions.hpp). Nobody is ever nagged
// while a maintainer owes the reply.
// means: what was made already; what is null is made here.
struct PlanMeans {
  const ReviewQueue* reviews = nullptr;
  const TriageQueue* triage = nullptr;
  std::function<const reviewers::Suggester&()> suggester = {};  // asked for only where it is needed
};
Plan make_plan(const Context& context, int per_person = 3, const PlanMeans& means = {});
// Keys of what was sent.
std::set<std::string> sent_keys(const Context& context);
// What people collected first, then what the queues propose and nobody has collected.
Plan joined_plan(std::vector<PlannedAction> collected, Plan proposed);

Result plan_result(const Context& context, const Plan& plan);

}  // namespace resident
