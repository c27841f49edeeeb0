#include <model/known_items.hpp>
#include <string>

namespace resident {

bool knows_items(const Context& context, std::string_view kind) {
  Parameters parameters = context.parameters();
  if (!kind.empty()) parameters.emplace_back("kind", std::string(kind));
  return context.database
      .integer(std::string("SELECT 1 FROM item WHERE project_id = :project AND created_at <= :as_of") +
                   (kind.empty() ? "" : " AND kind = :kind") + " LIMIT 1",
               parameters)
      .has_value();
}

}  // namespace resident
