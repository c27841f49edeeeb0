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
  return fmt::format(
      "(lower({0}) LIKE '%ack%' OR {0} LIKE '%/lgtm%' OR {0} LIKE '%/approve%' OR lower({0}) LIKE '%bors%')", column);
}

}  // namespace resident
