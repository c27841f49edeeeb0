// Modules and experts: what changes, who knows it, and who of them is still here.
#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/text.hpp>
#include <cmath>
#include <framework/analysis.hpp>
#include <framework/next_command.hpp>
#include <map>
#include <model/experts.hpp>
#include <model/file_touches.hpp>
#include <model/lines.hpp>
#include <model/modules.hpp>
#include <set>

namespace resident {

namespace {

// Of the lines of each module, those by people who are gone; empty where lines are not known.
std::map<std::string, std::pair<std::int64_t, std::int64_t>> orphaned_lines(const Context& context,
                                                                            const People& people,
                                                                            const Presence& presence, ModuleMap& map) {
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> result;
  if (!why_no_lines(context).empty()) return result;
  each_lines(context, people, line_moment(context), false, [&](const Lines& lines) {
    auto& [orphaned, all] = result[map.module_of(lines.path_id)];
    all += lines.count;
    if (presence.is_gone(lines.person)) orphaned += lines.count;
  });
  return result;
}

// What is known of a module, as the page shows it.
struct ModuleRow {
  std::string module;
  const ModuleKnowledge* knowledge = nullptr;
  std::int64_t files = 0, open_pulls = 0, living = 0;
  std::string living_names = {}, former = {};
  Timestamp expert_active = 0;
  std::optional<double> orphaned = {};  // share of its standing lines
  double need = 0;                      // most first: what moves and is known by few
};

std::map<std::string, std::set<std::int64_t>> open_pulls_by_module(const Context& context, ModuleMap& map) {
  std::map<std::string, std::set<std::int64_t>> open_pulls;
  const auto rows = context.database.query(
      "SELECT f.path_id, f.item_id FROM item_file f JOIN item_interval v ON v.project_id = f.project_id AND v.item_id "
      "= f.item_id "
      "WHERE f.project_id = :project AND v.opened_at <= :as_of AND (v.closed_at IS NULL OR v.closed_at > :as_of)",
      context.parameters());
  while (rows->next())
    if (const std::string& module = map.module_of(rows->integer(0)); !module.empty())
      open_pulls[module].insert(rows->integer(1));
  return open_pulls;
}

void name_experts(const People& people, ModuleRow& row) {
  const auto& experts = row.knowledge->experts;
  std::int64_t shown = 0;
  for (const auto& expert : experts) {
    if (!expert.living || expert.score < 1) continue;
    ++row.living;
    if (shown < 3) {
      row.living_names += (row.living_names.empty() ? "" : ", ") + people.name(expert.person);
      ++shown;
    }
  }
  if (experts.empty()) return;
  row.expert_active = experts.front().last_active;
  // Who knew it best when they left: by undecayed commits, where clearly more than any active expert.
  const auto best = std::max_element(experts.begin(), experts.end(),
                                     [](const Expert& a, const Expert& b) { return a.commits < b.commits; });
  if (!best->living) row.former = people.name(best->person);
}

std::vector<ModuleRow> module_rows(const Context& context, const People& people, ModuleMap& map,
                                   const std::map<std::string, ModuleKnowledge>& known, const Presence& presence) {
  const auto files = map.files();
  auto orphaned = orphaned_lines(context, people, presence, map);
  auto open_pulls = open_pulls_by_module(context, map);
  std::vector<ModuleRow> rows;
  for (const auto& [module, knowledge] : known) {
    const auto found_files = files.find(module);
    if (found_files == files.end() || found_files->second == 0) continue;  // gone from the tree
    ModuleRow row{.module = module, .knowledge = &knowledge, .files = found_files->second};
    name_experts(people, row);
    const auto [gone, all] = orphaned[module];
    if (all != 0) row.orphaned = static_cast<double>(gone) / static_cast<double>(all);
    row.open_pulls = static_cast<std::int64_t>(open_pulls[module].size());
    row.need = (std::log2(1 + static_cast<double>(knowledge.recent_changes)) +
                2 * std::log2(1 + static_cast<double>(row.open_pulls))) /
               (0.5 + static_cast<double>(row.living));
    rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const ModuleRow& a, const ModuleRow& b) { return a.need > b.need; });
  return rows;
}

std::vector<Result> run_modules(const Context& context) {
  const People people = load_people(context);
  ModuleMap map(context);
  if (branch_went_on(context)) map.set_tree(standing_files(context, people, map));
  const Presence presence(context, people);
  const auto known = knowledge_by_module(context, people, map, presence);
  const auto lines = module_rows(context, people, map, known, presence);

  Result result =
      context.result("modules", "Modules", "Where is work needed: what changes, who knows it, and who still does?");
  result.columns = {{"module", "Module", ColumnType::text},
                    {"files", "Files", ColumnType::integer, "files", "that stand as of the moment"},
                    {"recent_changes", "Changes, 1 year", ColumnType::integer, "commits"},
                    {"recent_contributors", "People, 1 year", ColumnType::integer, "people"},
                    {"changes", "Changes, ever", ColumnType::integer, "commits"},
                    {"last_change", "Last change", ColumnType::date},
                    {"living_experts", "Active experts", ColumnType::integer, "people",
                     "with at least a point, active in the last year"},
                    {"experts", "Best known by", ColumnType::text, "", "active, most expert first"},
                    {"former_expert", "Former expert", ColumnType::text, "", "knew it best, and is away"},
                    {"expert_last_active", "Best expert active", ColumnType::date},
                    {"open_pulls", "Open PRs", ColumnType::integer, "pull requests"},
                    {"orphaned", "Orphaned", ColumnType::share, "",
                     "of the lines that stand, by people who are away (`resident ownership`)"}};
  result.set_roles(
      {{"module", ColumnRole::module}, {"experts", ColumnRole::person}, {"former_expert", ColumnRole::person}});
  std::int64_t orphans = 0, active_modules = 0;
  for (const auto& row : lines) {
    const ModuleKnowledge& known_of = *row.knowledge;
    const bool is_active = known_of.recent_changes > 0 || row.open_pulls > 0;
    active_modules += is_active;
    orphans += row.living == 0 && is_active;
    result.rows.push_back({row.module, row.files, known_of.recent_changes,
                           static_cast<std::int64_t>(known_of.recent_people.size()), known_of.changes,
                           known_of.last_change, row.living, row.living_names, row.former,
                           row.expert_active ? Cell(row.expert_active) : Cell(), row.open_pulls,
                           row.orphaned ? Cell(*row.orphaned) : Cell()});
  }
  result.claim =
      lines.empty() ? why_no_code(context)
      : active_modules == 1
          ? fmt::format("One module changed in the last year or has open pull requests: it {} an active expert.",
                        orphans == 1 ? "is without" : "has")
          : fmt::format(
                "{} of {} that changed in the last year or have open pull requests {} without an active expert.",
                orphans, plural(active_modules, "module"), orphans == 1 ? "is" : "are");
  result.sample_size = static_cast<std::int64_t>(lines.size());
  result.definition =
      std::string(kExpertDefinition) +
      " An active expert has at least one point. In order of need: what changes and is known by few comes first.";
  result.method =
      context.config.modules.empty()
          ? "modules by folder (a folder with more than a quarter of the files is split); rules can be configured"
          : "modules by the configured rules";
  if (const std::string left_out = map.left_out_sentence(); !left_out.empty()) result.notes.push_back(left_out);
  result.evidence.push_back(
      {"changes by path", fmt::format("SELECT p.path, count(*) AS changes FROM git_commit c JOIN file_change f USING "
                                      "(project_id, commit_id) JOIN path p USING "
                                      "(project_id, path_id) WHERE c.project_id = {} AND c.on_default = 1 AND "
                                      "c.committed_at <= {} GROUP BY p.path ORDER BY changes DESC",
                                      context.project_id, context.as_of)});
  return {result};
}

std::vector<Result> run_experts(const Context& context) {
  const std::string wanted = context.argument("path");
  if (wanted.empty())
    throw Error(ErrorKind::usage, "experts needs a path or a module", "for example `resident experts src/main.c`");
  const People people = load_people(context);
  ModuleMap map(context);
  std::string prefix = wanted;
  while (prefix.size() > 1 && prefix.ends_with('/')) prefix.pop_back();
  bool any_path = false;
  const auto matches_path = [&](std::int64_t id) {
    const std::string& path = map.path(id);
    return path == prefix || (path.starts_with(prefix) && path.size() > prefix.size() && path[prefix.size()] == '/');
  };
  std::vector<std::string> modules;
  for (const auto& [module, count] : map.files()) modules.push_back(module);
  const auto rows =
      context.database.query("SELECT path_id FROM path WHERE project_id = :project", {{"project", context.project_id}});
  while (rows->next()) any_path = any_path || matches_path(rows->integer(0));
  const bool is_module = std::find(modules.begin(), modules.end(), wanted) != modules.end();
  if (!any_path && !is_module) {
    const std::string nearest = near_miss(wanted, modules);
    throw Error(ErrorKind::usage, fmt::format("the history knows no path or module {}", one_line(wanted)),
                nearest.empty() ? "`resident modules` lists the modules" : fmt::format("did you mean {}?", nearest));
  }
  const auto experts = experts_of(
      context, people, [&](std::int64_t id) { return is_module ? map.module_of(id) == wanted : matches_path(id); });
  Result result =
      context.result("experts", "Experts of " + one_line(wanted), "Who knows this code, and is still here to ask?");
  result.columns = {{"person", "Person", ColumnType::text},
                    {"score", "Points", ColumnType::number, "", "commits and half the reviews, halved a year"},
                    {"commits", "Commits", ColumnType::integer},
                    {"reviews", "Reviews", ColumnType::integer, "", "of pull requests that touch it"},
                    {"last_here", "Last here", ColumnType::date},
                    {"last_active", "Last active", ColumnType::date, "", "anywhere in the project"},
                    {"living", "Active", ColumnType::text}};
  result.set_roles({{"person", ColumnRole::person}});
  std::string best;
  for (const auto& expert : experts) {
    if (best.empty() && expert.living) best = people.name(expert.person);
    result.rows.push_back({people.name(expert.person), std::round(expert.score * 100) / 100, expert.commits,
                           expert.reviews, expert.last_here, expert.last_active,
                           std::string(expert.living ? "yes" : "no")});
  }
  result.claim = experts.empty() ? "Nobody is known to have worked on it."
                 : best.empty()
                     ? fmt::format("None of the {} who worked on {} is still active.",
                                   plural(static_cast<long long>(experts.size()), "person", "people"), one_line(wanted))
                     : fmt::format("Ask {}: of those still active, they know {} best.", best, one_line(wanted));
  result.sample_size = static_cast<std::int64_t>(experts.size());
  result.definition = kExpertDefinition;
  return {result};
}

}  // namespace

extern const Analysis modules_analysis, experts_analysis;
const Analysis modules_analysis{"modules",
                                "Modules",
                                "Where is work needed: what changes, who knows it, and who still does?",
                                {},
                                run_modules,
                                {groups::kCode, "Modules: what changes, who knows it, who still does",
                                 "Rules that group files to modules are configuration; without any, folders are "
                                 "modules.\nExample: resident modules"},
                                {{"modules", 10}}};
const Analysis experts_analysis{"experts",
                                "Experts",
                                "Who knows this code, and is still here to ask?",
                                {{"path", "PATH", "a file, a folder or a module"}},
                                run_experts,
                                {groups::kCode, "Who knows a file, a folder or a module, and is still here to ask",
                                 "Example: resident experts src/main.c", "path"},
                                {{"file", 10, {{"path", std::string(kPageSubject)}}}}};

}  // namespace resident
