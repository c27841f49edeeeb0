// Sends a plan: the only code that writes to a forge. Each action is written down as
// "sending" before it goes out and as sent or failed after, so that a run that dies in
// between looks at the forge first and never sends twice. Nothing beyond the
// allow-list in the configuration (write.allowed) is ever sent.
#pragma once

#include <actions/plan.hpp>
#include <config/config.hpp>
#include <functional>
#include <string>
#include <vector>

namespace resident {

struct AppliedAction {
  PlannedAction action;
  std::string state;  // sent, done (it was so already), overtaken, refused (not allowed), failed, no forge
  std::string message;
};

// What would be refused without asking any forge: kinds that are not allowed, items of archives.
std::vector<AppliedAction> check_plan(const Context& context, const std::vector<PlannedAction>& actions);

// told: called after each. A limit beyond max_wait ends it with Error{incomplete}; a rerun goes on.
std::vector<AppliedAction> apply_plan(const Context& context, const Config& config,
                                      const std::vector<PlannedAction>& actions, const Clock& clock,
                                      std::optional<double> max_wait,
                                      const std::function<void(const AppliedAction&)>& told);

}  // namespace resident
