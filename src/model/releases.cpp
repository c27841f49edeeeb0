#include <fmt/format.h>

#include <algorithm>
#include <base/pattern.hpp>
#include <model/cycle_points.hpp>
#include <model/releases.hpp>

namespace resident {

std::vector<Release> releases_of(const Context& context, std::string* origin) {
  std::vector<Release> list;
  const auto tag = [&](const std::string& name) {
    return context.database
        .text("SELECT min(sha) FROM git_ref WHERE project_id = :project AND name IN (:name, :with_v)",
              {{"project", context.project_id}, {"name", "refs/tags/" + name}, {"with_v", "refs/tags/v" + name}})
        .value_or("");
  };
  if (!context.config.releases.empty()) {
    if (origin) *origin = "releases of the configuration";
    const Pattern pattern(context.config.release_tags);
    for (const auto& each : context.config.releases)
      if (const auto stage = stage_of(each.name, pattern); !stage || stage->point == CyclePoint::release)
        list.push_back({each.name, each.at, tag(each.name)});
  } else {
    if (origin) *origin = fmt::format("tags that match {}", context.config.release_tags);
    const Pattern pattern(context.config.release_tags);
    const auto rows = context.database.query(
        "SELECT name, min(tagged_at), min(sha) FROM git_ref WHERE project_id = :project AND name LIKE 'refs/tags/%' "
        "AND tagged_at IS NOT NULL GROUP BY name ORDER BY name",
        {{"project", context.project_id}});
    while (rows->next()) {
      const std::string name = rows->string(0).substr(10);
      if (pattern.found_in(name)) list.push_back({name, rows->integer(1), rows->string(2)});
    }
  }
  std::erase_if(list, [&](const Release& each) { return each.at > context.as_of; });
  std::stable_sort(list.begin(), list.end(), [](const Release& a, const Release& b) { return a.at < b.at; });
  return list;
}

int third_of_cycle(const std::vector<Release>& releases, Timestamp at) {
  const auto next = std::upper_bound(releases.begin(), releases.end(), at,
                                     [](Timestamp moment, const Release& each) { return moment < each.at; });
  if (next == releases.begin() || next == releases.end()) return 0;
  const Timestamp begin = std::prev(next)->at;
  return static_cast<int>(3 * (at - begin) / (next->at - begin)) + 1;
}

}  // namespace resident
