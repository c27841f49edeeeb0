#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <framework/next_command.hpp>
#include <model/lines.hpp>

namespace resident {

const char* const kLineDefinition =
    "A line is whose who last changed it, as `git blame --first-parent` says: along the first parents of the default "
    "branch, following renames; a merge's lines are credited to the author of most of them. Moving or reindenting a "
    "line makes it new.";

int month_number(Timestamp time) {
  const CivilDate date = date_of(time);
  return 12 * date.year + date.month - 1;
}

Timestamp start_of_month_number(int month) {
  const int year = month >= 0 ? month / 12 : -((11 - month) / 12);
  return days_from_civil({year, month - 12 * year + 1, 1}) * kDay;
}

LineMoment line_moment(const Context& context, bool whole_months) {
  LineMoment moment;
  if (!whole_months) moment.is_newest = !branch_went_on(context);
  moment.at = moment.is_newest ? context.as_of : start_of_month(context.as_of);
  moment.month = month_number(moment.at);
  return moment;
}

void each_lines(const Context& context, const People& people, const LineMoment& moment, bool dead,
                const std::function<void(const Lines&)>& each) {
  Parameters parameters{{"project", context.project_id}, {"at", moment.at}};
  const auto standing = context.database.query(
      fmt::format("SELECT path_id, author_id, born_at, lines, commit_id FROM line_owner WHERE project_id = :project "
                  "AND born_at {} :at",
                  moment.is_newest ? "<=" : "<"),
      parameters);
  Lines lines;
  while (standing->next()) {
    lines.path_id = standing->integer(0);
    lines.has_origin = standing->integer(4) != 0 && !standing->is_null(1);
    lines.person = lines.has_origin ? people.person(standing->integer(1)) : 0;
    lines.born_at = standing->integer(2);
    lines.born_month = month_number(lines.born_at);
    lines.count = standing->integer(3);
    each(lines);
  }
  if (moment.is_newest && !dead) return;
  parameters = {{"project", context.project_id}, {"month", static_cast<std::int64_t>(moment.month)}};
  const auto died = context.database.query(
      fmt::format("SELECT path_id, author_id, born_month, died_month, lines FROM line_death WHERE project_id = "
                  ":project AND born_month {} :month{}",
                  moment.is_newest ? "<=" : "<", dead ? "" : " AND died_month >= :month"),
      parameters);
  while (died->next()) {
    lines.path_id = died->integer(0);
    lines.has_origin = died->integer(1) != 0;
    lines.person = lines.has_origin ? people.person(died->integer(1)) : 0;
    lines.born_month = static_cast<int>(died->integer(2));
    lines.died_month = static_cast<int>(died->integer(3));
    if (!moment.is_newest && lines.died_month >= moment.month) lines.died_month = kStanding;
    lines.born_at = start_of_month_number(lines.born_month);
    lines.count = died->integer(4);
    each(lines);
  }
}

std::string why_no_lines(const Context& context) {
  const Parameters project{{"project", context.project_id}};
  const auto exists = [&](const char* table) {
    return context.database.integer(fmt::format("SELECT 1 FROM {} WHERE project_id = :project LIMIT 1", table), project)
        .has_value();
  };
  const bool has_code = exists("git_commit");
  if (has_code && (exists("line_owner") || exists("line_death"))) return {};
  return has_code ? "It is not known yet whose lines stand: `resident sync` reads the history for it."
                  : why_no_code(context);
}

PathFilter::PathFilter(const Context& context, ModuleMap& map)
    : map_(map), module_(context.argument("module")), path_(context.argument("path")) {
  while (path_.size() > 1 && path_.ends_with('/')) path_.pop_back();
  if (!module_.empty()) {
    std::vector<std::string> modules;
    for (const auto& [module, count] : map.files()) modules.push_back(module);
    std::sort(modules.begin(), modules.end());
    if (std::find(modules.begin(), modules.end(), module_) == modules.end()) {
      const std::string nearest = near_miss(module_, modules);
      throw Error(ErrorKind::usage, fmt::format("there is no module {}", one_line(module_)),
                  nearest.empty() ? "`resident modules` lists the modules"
                                  : fmt::format("did you mean {}?", one_line(nearest)));
    }
  }
  if (path_.empty()) return;
  const auto rows =
      context.database.query("SELECT path_id FROM path WHERE project_id = :project", {{"project", context.project_id}});
  while (rows->next())
    if (map.knows(rows->integer(0)) && is_below(rows->integer(0))) return;
  std::vector<std::string> paths;
  for (const auto id : map.in_head()) paths.push_back(map.path(id));
  const std::string nearest = near_miss(path_, paths);
  throw Error(ErrorKind::usage, fmt::format("the history knows no path {}", one_line(path_)),
              nearest.empty() ? "give a file or a folder as git writes it, like src/main.c"
                              : fmt::format("did you mean {}?", one_line(nearest)));
}

bool PathFilter::is_below(std::int64_t path_id) const {
  const std::string& path = map_.path(path_id);
  return path.starts_with(path_) && (path.size() == path_.size() || path[path_.size()] == '/');
}

bool PathFilter::counts(std::int64_t path_id) const {
  const std::string& module = map_.module_of(path_id);
  if (module.empty() || (!module_.empty() && module != module_)) return false;
  return path_.empty() || is_below(path_id);
}

std::string PathFilter::text() const {
  if (!path_.empty()) return " of " + one_line(path_);
  return module_.empty() ? "" : " of " + one_line(module_);
}

std::string line_method(const LineMoment& moment) {
  return moment.is_newest
             ? "Lines of the newest tree (line_owner)."
             : fmt::format(
                   "As it stood at the beginning of the month, {}: lines of the newest tree written before "
                   "then, and lines that were removed since (line_owner and line_death, which is kept by "
                   "month), each with its author as known today and with its path of today or of its removal.",
                   moment.text());
}

}  // namespace resident
