// The plan that is being collected: actions that a person accepted while triaging or
// reviewing, in the terminal, on the web page or through an assistant, kept in the
// store until they are applied or taken out. Nothing here talks to a forge; apply.hpp
// does, and only what stands here or in a Plan, on an explicit yes.
#pragma once

#include <actions/plan.hpp>
#include <string>
#include <vector>

namespace resident {

struct CollectedAction {
  PlannedAction action;
  std::string made_by;  // terminal, web, mcp, plan
  Timestamp made_at = 0;
  std::string state;      // planned, sent, failed, dropped
  std::string message;    // why it failed
  std::string user = {};  // who collected it; "": nobody in particular
};

class PlanBook {
 public:
  PlanBook(Database& database, std::int64_t project_id);
  // Adding the same key again changes nothing; what was sent before is never planned again: false.
  // What somebody planned stays theirs: whoever plans it once more changes nothing.
  bool add(const PlannedAction& action, const std::string& made_by, Timestamp now, const std::string& user = {});
  bool drop(const std::string& key);
  std::vector<CollectedAction> planned() const;
  std::vector<CollectedAction> all() const;

 private:
  Database& database_;
  std::int64_t project_id_;
};

// The kinds of actions that there are.
const std::vector<std::string>& action_kinds();
// The same for the same action, whenever it is proposed.
std::string action_key(std::int64_t item_id, const std::string& kind, const std::string& content);

inline constexpr std::size_t kLongestComment = 60'000;  // bytes; GitHub's end is 65,536 characters

// kind: label, unlabel, comment, request_review, assign, unassign, close, reopen, milestone. The key is made of item,
// kind and content. Throws Error{usage} for another kind, or content that can't be.
PlannedAction make_action(const Context& context, std::int64_t item_id, const std::string& kind,
                          const std::string& content, const std::string& reason);

}  // namespace resident
