#include <store/read/stored_project.hpp>

namespace resident {

Parameters source_parameters(const Writer& writer) {
  return {{"project", writer.project_id()}, {"source", writer.source_id()}};
}

std::string project_name(Writer& writer) {
  return writer.database()
      .text("SELECT name FROM project WHERE project_id = :project", {{"project", writer.project_id()}})
      .value_or("");
}

std::string project_url(Writer& writer) {
  return writer.database()
      .text("SELECT url FROM project WHERE project_id = :project", {{"project", writer.project_id()}})
      .value_or("");
}

std::string place_of_clone(Writer& writer) {
  return writer.database()
      .text("SELECT min(location) FROM source WHERE project_id = :project AND kind = 'git'",
            {{"project", writer.project_id()}})
      .value_or("");
}

std::string earlier_clone(Writer& writer) {
  return writer.database()
      .text(
          "SELECT min(location) FROM source WHERE project_id = :project AND kind = 'git' AND source_id < :source AND "
          "cursor IS NOT NULL",
          source_parameters(writer))
      .value_or("");
}

void move_source(Writer& writer, const std::string& location) {
  writer.flush();
  writer.database().execute(
      "UPDATE source SET location = :location WHERE project_id = :project AND source_id = :source",
      {{"location", location}, {"project", writer.project_id()}, {"source", writer.source_id()}});
}

}  // namespace resident
