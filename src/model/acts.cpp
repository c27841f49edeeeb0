#include <algorithm>
#include <framework/page_memo.hpp>
#include <limits>
#include <model/acts.hpp>
#include <tuple>

namespace resident {

namespace {

struct ActQuery {
  ActKind kind;
  std::string_view sql;  // identity, moment, subject; parameters :project, :as_of, :since
};

constexpr ActQuery kQueries[] = {
    {ActKind::commit,
     "SELECT author_id, authored_at, commit_id FROM git_commit WHERE project_id = :project AND on_default = 1 AND "
     "parent_count < 2 AND authored_at >= :since AND authored_at <= :as_of AND committed_at <= :as_of"},
    {ActKind::merge,
     "SELECT author_id, committed_at, commit_id FROM git_commit WHERE project_id = :project AND on_default = 1 AND "
     "parent_count > 1 AND committed_at >= :since AND committed_at <= :as_of"},
    {ActKind::review,
     "SELECT author_id, submitted_at, item_id FROM review WHERE project_id = :project AND submitted_at >= :since AND "
     "submitted_at <= :as_of"},
    {ActKind::comment,
     "SELECT author_id, created_at, item_id FROM comment WHERE project_id = :project AND created_at >= :since AND "
     "created_at <= :as_of"},
    {ActKind::item,
     "SELECT author_id, created_at, item_id FROM item WHERE project_id = :project AND created_at >= :since AND "
     "created_at <= :as_of"},
    {ActKind::change,
     "SELECT actor_id, occurred_at, item_id FROM event WHERE project_id = :project AND occurred_at >= :since AND "
     "occurred_at <= :as_of AND kind IN ('closed', 'reopened', 'merged', 'labeled', 'unlabeled', 'assigned', "
     "'unassigned', 'milestoned', 'demilestoned', 'renamed', 'locked', 'unlocked', 'review_requested', "
     "'review_request_removed', 'review_dismissed', 'ready_for_review', 'convert_to_draft', 'head_ref_force_pushed', "
     "'marked_as_duplicate', 'unmarked_as_duplicate', 'transferred', 'pinned', 'unpinned')"},
    {ActKind::post,
     "SELECT author_id, created_at, 0 FROM post WHERE project_id = :project AND created_at >= :since AND created_at <= "
     ":as_of"},
};

}  // namespace

std::string_view name_of(ActKind kind) {
  switch (kind) {
    case ActKind::commit:
      return "commit";
    case ActKind::merge:
      return "merge";
    case ActKind::review:
      return "review";
    case ActKind::comment:
      return "comment";
    case ActKind::item:
      return "item";
    case ActKind::change:
      return "change";
    case ActKind::post:
      return "post";
  }
  return "";
}

std::vector<Act> load_acts(const Context& context, const People& people, std::optional<Timestamp> since) {
  Parameters parameters = context.parameters();
  parameters.emplace_back("since", since.value_or(std::numeric_limits<std::int64_t>::min()));
  std::vector<Act> acts;
  for (const auto& [kind, sql] : kQueries)
    for (const auto rows = context.database.query(sql, parameters); rows->next();) {
      const std::int64_t person = people.person(rows->optional_integer(0));
      if (person == 0 || people.bots.contains(person)) continue;
      acts.push_back({person, rows->integer(1), kind, rows->integer(0), rows->integer(2)});
    }
  std::sort(acts.begin(), acts.end(), [](const Act& a, const Act& b) {
    return std::tie(a.person, a.at, a.kind, a.subject) < std::tie(b.person, b.at, b.kind, b.subject);
  });
  return acts;
}

std::shared_ptr<const std::vector<Act>> shared_acts(const Context& context, const People& people) {
  return PageMemo::shared<std::vector<Act>>(
      context, "acts", [&] { return std::make_shared<const std::vector<Act>>(load_acts(context, people)); });
}

}  // namespace resident
