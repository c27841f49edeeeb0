#include <fmt/format.h>
#include <fmt/ranges.h>

#include <base/text.hpp>
#include <cli/merge_answer.hpp>
#include <filesystem>
#include <git/merge_check.hpp>

namespace resident {

namespace {

// The clones of a project that are on this machine.
std::vector<std::string> clones_of(const Context& context) {
  std::vector<std::string> clones;
  for (const auto rows = context.database.query(
           "SELECT location FROM source WHERE project_id = :project AND kind = 'git' ORDER BY source_id",
           {{"project", context.project_id}});
       rows->next();)
    if (std::error_code ignored; std::filesystem::exists(rows->string(0), ignored)) clones.push_back(rows->string(0));
  return clones;
}

}  // namespace

bool merge_is_unanswered(const Context& context, const ReviewEntry& entry) {
  const MergeQuestion question = merge_question(context, entry.item);
  return !question.head.empty() && !question.base.empty() && !merge_is_known(context, question);
}

void answer_merge(const Context& context, const ReviewEntry& entry, Timestamp now) {
  const MergeQuestion question = merge_question(context, entry.item);
  if (question.head.empty() || question.base.empty() || merge_is_known(context, question)) return;
  git::MergeAnswer answer;
  for (const auto& clone : clones_of(context)) {
    answer = git::MergeCheck(clone).check(question.base, question.head);
    if (answer.state != git::MergeAnswer::State::unknown) break;
  }
  const std::string detail =
      answer.state == git::MergeAnswer::State::unknown ? answer.why : fmt::format("{}", fmt::join(answer.files, "\n"));
  if (answer.state == git::MergeAnswer::State::unknown && answer.why.empty()) return;
  context.database.insert({"merge_check",
                           {"project_id", "head_sha", "base_sha", "state", "detail", "checked_at"},
                           {"project_id", "head_sha", "base_sha"}},
                          {{context.project_id, question.head, question.base,
                            std::string(git::merge_state_name(answer.state)), text_or_null(detail), now}});
}

}  // namespace resident
