#include <fmt/format.h>

#include <model/queues/by_label.hpp>

namespace resident {

namespace {

// "Needs rebase", "CI failed": so it is while the label stands, whatever is said.
void by_label_of_state(const OpenItem& item, const Approvals& approvals, TurnDecision& decision, const SetTurn& set) {
  for (const std::string& label : item.labels) {
    const Timestamp since = labelled_at(item, label);
    if (is_label_of_hold(label) && decision.turn == Turn::committer)
      set(Turn::nobody, since, fmt::format("labelled “{}”", label));
    if (!is_label_of_state(label) || decision.turn == Turn::author) continue;
    if (decision.turn == Turn::committer && is_label_of_ci(label) && approvals.last_of_head() > since) {
      // Who approved it since saw that CI had failed, and took it for no obstacle.
      decision.why += fmt::format("; labelled “{}” before that", label);
    } else {
      set(Turn::author, since, fmt::format("labelled “{}”", label));
    }
  }
}

}  // namespace

void turn_by_label(const OpenItem& item, const ReviewRules& rules, const Approvals& approvals, TurnDecision& decision,
                   const SetTurn& set) {
  by_label_of_state(item, approvals, decision, set);
  const std::pair<const std::vector<std::string>*, Turn> lists[] = {{&rules.author_labels, Turn::author},
                                                                    {&rules.reviewer_labels, Turn::reviewer},
                                                                    {&rules.committer_labels, Turn::committer},
                                                                    {&rules.blocked_labels, Turn::nobody}};
  for (const auto& [labels, turn] : lists) {
    for (const auto& label : *labels) {
      const std::string* name = label_in(item.labels, label);
      if (!name) continue;
      const Timestamp since = labelled_at(item, *name);
      // What was said or pushed after the label was set may have overtaken it.
      if (decision.turn == turn || (decision.since > since && turn != Turn::nobody)) continue;
      set(turn, since, fmt::format("labelled “{}”", *name));
    }
  }
}

}  // namespace resident
