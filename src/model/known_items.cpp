#include <model/known_items.hpp>

namespace resident {

bool knows_items(const Context& context, std::string_view kind) {
  if (kind.empty())
    return context.database
        .integer("SELECT 1 FROM item WHERE project_id = :project LIMIT 1", {{"project", context.project_id}})
        .has_value();
  return context.database
      .integer("SELECT 1 FROM item WHERE project_id = :project AND kind = :kind LIMIT 1",
               {{"project", context.project_id}, {"kind", std::string(kind)}})
      .has_value();
}

}  // namespace resident
