#include <fmt/format.h>

#include <optional>
#include <set>
#include <store/landings.hpp>
#include <store/summaries.hpp>
#include <string>
#include <vector>

namespace resident {

namespace {

struct Landing {
  std::int64_t item_id = 0, source_id = 0;
  Timestamp closed_at = 0;
  std::string sha;
  std::optional<std::int64_t> committer_id;
};

// Closed and not merged, and a commit that says it is the request, near to the closing. Who committed, but for the
// forge.
constexpr std::string_view kClosedWithCommit =
    "SELECT i.item_id, i.source_id, i.closed_at, c.sha, CASE WHEN k.login = 'web-flow' OR e.email = "
    "'noreply@github.com' THEN NULL ELSE c.committer_id END FROM item i JOIN item_commit l ON l.project_id = "
    "i.project_id AND l.item_id = i.item_id AND l.relation = 'merge' JOIN git_commit c ON c.project_id = l.project_id "
    "AND c.sha = l.sha LEFT JOIN identity k ON k.project_id = c.project_id AND k.identity_id = c.committer_id LEFT "
    "JOIN identity_email e ON e.project_id = c.project_id AND e.identity_id = c.committer_id WHERE i.project_id = "
    ":project AND i.kind = 'pull' AND i.merged_at IS NULL AND i.closed_at IS NOT NULL AND c.on_default = 1 AND "
    "c.committed_at >= i.created_at AND c.committed_at BETWEEN i.closed_at - :longest AND i.closed_at + :earliest";

// Landed, and the default branch has the commit no more, or it was opened again.
constexpr std::string_view kLandedWithoutCommit =
    "SELECT v.item_id FROM event v JOIN item i ON i.project_id = v.project_id AND i.item_id = v.item_id LEFT JOIN "
    "git_commit c ON c.project_id = v.project_id AND c.sha = v.sha AND c.on_default = 1 WHERE v.project_id = :project "
    "AND v.kind = 'merged' AND v.event_key = :key AND (c.commit_id IS NULL OR i.closed_at IS NULL)";

// " AND COLUMN IN (…)", of pull requests by their numbers; "" for all.
std::string among(std::string_view column, const std::vector<std::int64_t>& numbers) {
  if (numbers.empty()) return {};
  std::string list;
  for (const std::int64_t number : numbers) list += fmt::format("{}{}", list.empty() ? "" : ", ", number * 2 + 1);
  return fmt::format(" AND {} IN ({})", column, list);
}

// Of each request the last commit that says it is.
std::vector<Landing> new_landings(Database& database, std::int64_t project_id,
                                  const std::vector<std::int64_t>& numbers) {
  std::vector<Landing> landings;
  const std::string sql =
      fmt::format("{}{} ORDER BY i.item_id, c.committed_at, c.sha", kClosedWithCommit, among("i.item_id", numbers));
  for (const auto rows =
           database.query(sql, {{"project", project_id}, {"longest", kLongestToClose}, {"earliest", kEarliestToClose}});
       rows->next();) {
    if (landings.empty() || landings.back().item_id != rows->integer(0)) landings.emplace_back();
    landings.back() = {rows->integer(0), rows->integer(1), rows->integer(2), rows->string(3),
                       rows->optional_integer(4)};
  }
  return landings;
}

std::vector<std::int64_t> lost_landings(Database& database, std::int64_t project_id,
                                        const std::vector<std::int64_t>& numbers) {
  std::vector<std::int64_t> lost;
  const std::string sql = fmt::format("{}{}", kLandedWithoutCommit, among("v.item_id", numbers));
  for (const auto rows = database.query(sql, {{"project", project_id}, {"key", std::string(kLandedEvent)}});
       rows->next();)
    lost.push_back(rows->integer(0));
  return lost;
}

}  // namespace

std::int64_t find_landings(Database& database, std::int64_t project_id, const std::vector<std::int64_t>& numbers) {
  const std::vector<Landing> landings = new_landings(database, project_id, numbers);
  const std::vector<std::int64_t> lost = lost_landings(database, project_id, numbers);
  if (landings.empty() && lost.empty()) return 0;
  Transaction transaction(database);
  std::set<std::int64_t> touched(lost.begin(), lost.end());
  for (const Landing& landing : landings) touched.insert(landing.item_id);
  touch_items(database, project_id, touched);
  for (const std::int64_t item : lost) {
    const Parameters parameters{{"project", project_id}, {"item", item}};
    database.execute(
        "UPDATE item SET merged_at = NULL, merged_by = NULL, merge_sha = NULL WHERE project_id = :project AND item_id "
        "= "
        ":item",
        parameters);
    database.execute(
        fmt::format("DELETE FROM event WHERE project_id = :project AND item_id = :item AND event_key = '{}'",
                    kLandedEvent),
        parameters);
  }
  for (const Landing& landing : landings) {
    const Parameters parameters{{"project", project_id},
                                {"item", landing.item_id},
                                {"at", landing.closed_at},
                                {"by", value_of(landing.committer_id)},
                                {"sha", landing.sha}};
    database.execute(
        "UPDATE item SET merged_at = :at, merged_by = :by, merge_sha = :sha WHERE project_id = :project AND item_id = "
        ":item",
        parameters);
    const std::int64_t place =
        database
            .integer("SELECT max(position) FROM event WHERE project_id = :project AND item_id = :item",
                     {{"project", project_id}, {"item", landing.item_id}})
            .value_or(-1);
    database.insert({"event",
                     {"project_id", "item_id", "event_key", "position", "source_id", "kind", "actor_id", "occurred_at",
                      "sha", "detail", "is_derived"},
                     {"project_id", "item_id", "event_key"}},
                    {{project_id, landing.item_id, std::string(kLandedEvent), place + 1, landing.source_id,
                      std::string("merged"), value_of(landing.committer_id), landing.closed_at, landing.sha,
                      std::string("by a commit that names it"), std::int64_t{1}}});
  }
  transaction.commit();
  return static_cast<std::int64_t>(landings.size() + lost.size());
}

}  // namespace resident
