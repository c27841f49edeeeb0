// Which pull request is meant, and which two commits a merge of it would join.
#include <fmt/format.h>

#include <analyses/review/readiness.hpp>
#include <base/error.hpp>
#include <framework/arguments.hpp>

namespace resident {

MergeQuestion merge_question(const Context& context, const OpenItem& item) {
  MergeQuestion question;
  // The head of that moment: what it is now, unless it was pushed to since.
  const bool pushed_later = context.database
                                .integer(
                                    "SELECT count(*) FROM event WHERE project_id = :project AND item_id = :item AND "
                                    "occurred_at > :as_of AND kind IN ('committed', 'head_ref_force_pushed')",
                                    {{"project", context.project_id}, {"item", item.id}, {"as_of", context.as_of}})
                                .value_or(0) > 0;
  if (!pushed_later) question.head = item.head_sha;
  for (const Entry& entry : item.entries)
    if (question.head.empty() || pushed_later)
      if (entry.kind == EntryKind::push && !entry.sha.empty()) question.head = entry.sha;
  // Back along the first parents of the default branch to what stood at that moment.
  question.base =
      context.database
          .text(
              "WITH RECURSIVE line(sha, at) AS (SELECT c.sha, c.committed_at FROM git_ref r JOIN git_commit c ON "
              "c.project_id = r.project_id AND c.sha = r.sha WHERE r.project_id = :project AND r.name = 'HEAD' UNION "
              "ALL SELECT c2.sha, c2.committed_at FROM line JOIN git_commit c ON c.project_id = :project AND c.sha = "
              "line.sha JOIN commit_parent p ON p.project_id = c.project_id AND p.commit_id = c.commit_id AND "
              "p.position = 0 JOIN git_commit c2 ON c2.project_id = c.project_id AND c2.sha = p.parent_sha WHERE "
              "line.at > :as_of) SELECT sha FROM line WHERE at <= :as_of LIMIT 1",
              context.parameters())
          .value_or("");
  return question;
}

bool merge_is_known(const Context& context, const MergeQuestion& question) {
  return context.database
             .integer(
                 "SELECT count(*) FROM merge_check WHERE project_id = :project AND head_sha = :head AND base_sha = "
                 ":base AND state <> 'unknown'",
                 {{"project", context.project_id}, {"head", question.head}, {"base", question.base}})
             .value_or(0) > 0;
}

ReviewEntry find_open_pull(const Context& context, const ReviewQueue& queue, std::int64_t number) {
  for (const auto& entry : queue.entries)
    if (entry.item.number == number) return entry;
  throw no_such_item(context, "pull", number);
}

}  // namespace resident
