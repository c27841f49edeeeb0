#include <set>
#include <store/path_marks.hpp>

namespace resident {

void keep_path_marks(Writer& writer, const std::function<std::vector<std::string>(const std::string& path)>& marks_of) {
  writer.flush();
  Database& database = writer.database();
  const Parameters project{{"project", writer.project_id()}};
  std::set<std::pair<std::int64_t, std::string>> stored, wanted;
  for (const auto rows = database.query("SELECT path_id, mark FROM path_mark WHERE project_id = :project", project);
       rows->next();)
    stored.emplace(rows->integer(0), rows->string(1));
  for (const auto rows = database.query("SELECT path_id, path FROM path WHERE project_id = :project", project);
       rows->next();)
    for (std::string& mark : marks_of(rows->string(1))) wanted.emplace(rows->integer(0), std::move(mark));
  const auto write = [&](const char* sql, const std::pair<std::int64_t, std::string>& row) {
    database.execute(sql, {{"project", writer.project_id()}, {"path", row.first}, {"mark", row.second}});
  };
  for (const auto& row : stored)
    if (!wanted.contains(row))
      write("DELETE FROM path_mark WHERE project_id = :project AND path_id = :path AND mark = :mark", row);
  for (const auto& row : wanted)
    if (!stored.contains(row))
      write("INSERT INTO path_mark (project_id, path_id, mark) VALUES (:project, :path, :mark)", row);
}

}  // namespace resident
