#include <algorithm>
#include <cli/exported_tables.hpp>

namespace resident {

std::vector<std::string> stored_tables(Database& database) {
  const bool is_sqlite = database.engine() == "sqlite";
  std::vector<std::string> names;
  for (const auto rows = database.query(
           is_sqlite
               ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND "
                 // What FTS5 keeps of an index.
                 "name NOT LIKE 'search!_words!_%' ESCAPE '!' ORDER BY name"
               : "SELECT CAST(c.relname AS TEXT) AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
                 "ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname = "
                 "current_schema() ORDER BY 1");
       rows->next();)
    names.push_back(rows->string(0));
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> exported_tables(Database& database) {
  std::vector<std::string> names = stored_tables(database);
  std::erase_if(names, [](const std::string& name) {
    return std::any_of(kNotExported.begin(), kNotExported.end(), [&](const auto& each) { return each.table == name; });
  });
  return names;
}

}  // namespace resident
