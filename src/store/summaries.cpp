#include <algorithm>
#include <map>
#include <store/id_lists.hpp>
#include <store/summaries.hpp>

namespace resident {

namespace {

void lock(Database& database, std::int64_t project_id) {
  if (database.engine() == "postgresql")
    database.execute("SELECT pg_advisory_xact_lock(:lock)", {{"lock", project_id + kProjectLock}});
}

// Nothing where there are no summaries, which is so all through a first import.
std::optional<std::int64_t> touched(Database& database, std::int64_t project_id) {
  return database.integer("SELECT touched FROM summary_state WHERE project_id = :project", {{"project", project_id}});
}

// False: they are forgotten.
bool count_touched(Database& database, std::int64_t project_id, std::int64_t before, std::int64_t more) {
  if (before + more > kMostTouched) {
    forget_summaries(database, project_id);
    return false;
  }
  database.execute("UPDATE summary_state SET touched = :touched WHERE project_id = :project",
                   {{"touched", before + more}, {"project", project_id}});
  return true;
}

}  // namespace

void forget_summaries(Database& database, std::int64_t project_id) {
  lock(database, project_id);
  for (const std::string_view table : {"summary_state", "summary_before"})
    database.execute(fmt::format("DELETE FROM {} WHERE project_id = :project", table), {{"project", project_id}});
}

void touch_items(Database& database, std::int64_t project_id, const std::set<std::int64_t>& items) {
  if (items.empty()) return;
  lock(database, project_id);
  const auto before = touched(database, project_id);
  if (!before) return;
  const Parameters project{{"project", project_id}};
  const auto same = [](std::int64_t id) { return id; };
  std::set<std::int64_t> fresh = items, there;
  for (const std::string& list : id_lists(items, same)) {
    for (const auto rows = database.query(
             fmt::format("SELECT item_id FROM summary_before WHERE project_id = :project AND kind IN ('item', 'new') "
                         "AND item_id IN ({})",
                         list),
             project);
         rows->next();)
      fresh.erase(rows->integer(0));
    for (const auto rows = database.query(
             fmt::format("SELECT item_id FROM item WHERE project_id = :project AND item_id IN ({})", list), project);
         rows->next();)
      there.insert(rows->integer(0));
  }
  if (fresh.empty() || !count_touched(database, project_id, *before, static_cast<std::int64_t>(fresh.size()))) return;
  std::vector<std::vector<Value>> none;
  for (const std::int64_t id : fresh)
    if (!there.contains(id))
      none.push_back({project_id, id, std::string("new"), std::int64_t{0}, std::int64_t{0}, std::int64_t{0}});
  database.insert({"summary_before",
                   {"project_id", "item_id", "kind", "identity_id", "at", "n"},
                   {"project_id", "item_id", "kind", "identity_id", "at"},
                   OnConflict::fail},
                  none);
  constexpr std::string_view kFacts[] = {
      "SELECT project_id, item_id, 'item', COALESCE(author_id, 0), created_at, CAST(NULL AS BIGINT), 1 FROM item "
      "WHERE project_id = :project AND item_id IN ({})",
      "SELECT project_id, item_id, 'interval', 0, opened_at, closed_at, 1 FROM item_interval WHERE project_id = "
      ":project AND item_id IN ({})",
      "SELECT project_id, item_id, CASE kind WHEN 'inline' THEN 'inline' ELSE 'comment' END, COALESCE(author_id, 0), "
      "created_at, CAST(NULL AS BIGINT), count(*) FROM comment WHERE project_id = :project AND item_id IN ({}) GROUP "
      "BY project_id, item_id, CASE kind WHEN 'inline' THEN 'inline' ELSE 'comment' END, COALESCE(author_id, 0), "
      "created_at",
      "SELECT project_id, item_id, 'review', COALESCE(author_id, 0), submitted_at, CAST(NULL AS BIGINT), count(*) FROM "
      "review WHERE project_id = :project AND submitted_at IS NOT NULL AND item_id IN ({}) GROUP BY project_id, "
      "item_id, COALESCE(author_id, 0), submitted_at"};
  for (const std::string& list : id_lists(fresh, same))
    for (const std::string_view facts : kFacts)
      database.execute("INSERT INTO summary_before (project_id, item_id, kind, identity_id, at, until, n) " +
                           fmt::format(fmt::runtime(facts), list),
                       project);
}

void touch_commits(Database& database, std::int64_t project_id, const std::vector<TouchedCommit>& commits) {
  if (commits.empty()) return;
  lock(database, project_id);
  const auto before = touched(database, project_id);
  if (!before || !count_touched(database, project_id, *before, static_cast<std::int64_t>(commits.size()))) return;
  std::vector<std::vector<Value>> rows;
  for (const TouchedCommit& commit : commits)
    rows.push_back(
        {project_id, std::int64_t{0}, std::string("commit"), commit.author_id, commit.committed_at, std::int64_t{1}});
  database.insert({"summary_before",
                   {"project_id", "item_id", "kind", "identity_id", "at", "n"},
                   {"project_id", "item_id", "kind", "identity_id", "at"},
                   OnConflict::ignore},
                  rows);
}

bool may_count_summaries(Database& database, std::int64_t project_id) {
  if (database.engine() != "postgresql") return true;  // its transactions write one after the other
  return database
             .integer("SELECT CASE WHEN pg_try_advisory_xact_lock(:lock) THEN 1 ELSE 0 END",
                      {{"lock", project_id + kProjectLock}})
             .value_or(0) == 1;
}

}  // namespace resident
