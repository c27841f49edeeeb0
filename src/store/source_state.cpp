#include <base/error.hpp>
#include <store/source_state.hpp>

namespace resident {

StoredSource stored_source(Database& database, std::int64_t project_id, std::int64_t source_id) {
  const auto rows =
      database.query("SELECT kind, location, state FROM source WHERE project_id = :project AND source_id = :source",
                     {{"project", project_id}, {"source", source_id}});
  if (!rows->next()) throw Error("there is no such source");
  return {source_id, rows->string(0), rows->string(1), rows->string(2)};
}

std::vector<StoredSource> stored_sources(Database& database, std::int64_t project_id) {
  std::vector<StoredSource> sources;
  for (const auto rows = database.query(
           "SELECT source_id, kind, location, state FROM source WHERE project_id = :project ORDER BY source_id",
           {{"project", project_id}});
       rows->next();)
    sources.push_back({rows->integer(0), rows->string(1), rows->string(2), rows->string(3)});
  return sources;
}

void set_source_state(Database& database, std::int64_t project_id, std::int64_t source_id, const std::string& state,
                      const std::string& message, std::optional<Timestamp> synced_at) {
  Transaction transaction(database);
  database.execute(
      "UPDATE source SET state = :state, message = :message, synced_at = COALESCE(:synced_at, synced_at) "
      "WHERE project_id = :project AND source_id = :source",
      {{"state", state},
       {"message", text_or_null(message)},
       {"synced_at", value_of(synced_at)},
       {"project", project_id},
       {"source", source_id}});
  transaction.commit();
}

void set_synced_at(Database& database, std::int64_t project_id, std::int64_t source_id, Timestamp synced_at) {
  Transaction transaction(database);
  database.execute("UPDATE source SET synced_at = :synced_at WHERE project_id = :project AND source_id = :source",
                   {{"synced_at", synced_at}, {"project", project_id}, {"source", source_id}});
  transaction.commit();
}

void mark_synced(Database& database, std::int64_t project_id, std::int64_t source_id, Timestamp synced_at) {
  database.execute(
      "UPDATE source SET state = 'done', synced_at = :now WHERE project_id = :project AND source_id = :source",
      {{"now", synced_at}, {"project", project_id}, {"source", source_id}});
}

bool points_elsewhere(Database& database, std::int64_t project_id) {
  return database
      .integer(
          "SELECT 1 FROM event WHERE project_id = :project AND kind = 'relation_added' AND detail LIKE 'see also "
          "http%' LIMIT 1",
          {{"project", project_id}})
      .has_value();
}

std::vector<std::pair<std::int64_t, std::string>> projects_that_moves_reach(Database& database, std::int64_t project_id,
                                                                            bool all) {
  std::vector<std::pair<std::int64_t, std::string>> projects;
  for (const auto rows = database.query(
           "SELECT p.project_id, p.name FROM project p WHERE p.project_id = :project OR EXISTS (SELECT 1 FROM "
           "item_move m WHERE m.project_id = p.project_id AND (m.first_project_id = :project OR m.first_project_id IS "
           "NULL)) OR :all = 1 ORDER BY p.project_id",
           {{"project", project_id}, {"all", std::int64_t{all}}});
       rows->next();)
    projects.emplace_back(rows->integer(0), rows->string(1));
  return projects;
}

}  // namespace resident
