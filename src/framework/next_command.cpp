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

std::string why_no_code(const Context& context) {
  const Parameters project{{"project", context.project_id}};
  const auto first = context.database.integer(
      "SELECT min(committed_at) FROM git_commit WHERE project_id = :project AND on_default = 1", project);
  if (first && *first > context.as_of)
    return fmt::format("No code is known of that moment: the clone's history begins on {}.", format_date(*first));
  if (first) return "The clone has no files that count.";
  const auto state =
      context.database.text("SELECT min(state) FROM source WHERE project_id = :project AND kind = 'git'", project);
  if (!state) return "No code is known: add a clone with `resident add git`.";
  return *state == "new" ? "No code is known: the clone was not read yet; `resident sync` reads it."
                         : "No code is known: the clone has no commit.";
}

}  // namespace resident
