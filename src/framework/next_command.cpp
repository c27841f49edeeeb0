#include <fmt/format.h>

#include <base/shell.hpp>
#include <framework/next_command.hpp>
#include <net/remote_address.hpp>

namespace resident {

std::string tracker_command(const Context& context) {
  const std::string project = shell_word(context.project);
  const auto address = parse_remote_address({}, context.url);
  if (address && !address->kind.empty())
    return fmt::format("resident add {} --project {}", address->location(), project);
  return fmt::format("resident add github-metadata DIR --project {} (or ietf-archive, jsonl)", project);
}

std::vector<std::string> unread_sources(const Context& context) {
  std::vector<std::string> names;
  for (const auto rows = context.database.query("SELECT kind, location FROM source WHERE project_id = :project AND "
                                                "state = 'new' ORDER BY source_id",
                                                {{"project", context.project_id}});
       rows->next();)
    names.push_back(fmt::format("{} {}", rows->text(0), rows->text(1)));
  return names;
}

}  // namespace resident
