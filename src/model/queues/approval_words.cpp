#include <fmt/format.h>

#include <model/queues/approval_words.hpp>
#include <text/commands.hpp>

namespace resident {

ApprovalWords::ApprovalWords(const ReviewRules& rules)
    : pattern_(rules.approval_pattern), is_usual_(rules.approval_pattern == ReviewRules().approval_pattern) {}

bool ApprovalWords::approve(std::string_view words) const {
  return pattern_.found_in(words) || approves_by_command(words);
}

std::string ApprovalWords::condition(std::string_view column) const {
  if (!is_usual_) return fmt::format("{} <> ''", column);
  return fmt::format("(lower({}) LIKE '%ack%' OR {})", column, command_condition(column));
}

// By lower(), since LIKE tells cases apart in PostgreSQL and not in SQLite.
std::string ApprovalWords::command_condition(std::string_view column) {
  std::string condition;
  for (const std::string_view word : {"/lgtm", "/approve", "bors", "homu", "@dependabot"})
    condition += fmt::format("{}lower({}) LIKE '%{}%'", condition.empty() ? "(" : " OR ", column, word);
  return condition + ")";
}

}  // namespace resident
