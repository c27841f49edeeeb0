// Files grouped to modules: by configured rules, else by folder.

#include <algorithm>
#include <base/pattern.hpp>
#include <map>
#include <model/modules.hpp>
#include <set>

namespace resident {

struct ModuleMap::Rules {
  struct Rule {
    Pattern pattern;
    std::string name;
  };
  std::vector<Rule> rules;
  std::vector<Pattern> ignored;
  std::set<std::string> split;  // folders that are not modules themselves: their subfolders are
};

ModuleMap::ModuleMap(const Context& context) : rules_(std::make_unique<Rules>()) {
  for (const auto& rule : context.config.modules) rules_->rules.push_back({Pattern(rule.pattern), rule.name});
  for (const auto& pattern : context.config.ignored_paths) rules_->ignored.emplace_back(pattern);
  const auto rows = context.database.query("SELECT path_id, path, in_head FROM path WHERE project_id = :project",
                                           {{"project", context.project_id}});
  while (rows->next()) {
    paths_.emplace(rows->integer(0), rows->string(1));
    if (rows->integer(2) == 1) in_head_.push_back(rows->integer(0));
  }
  if (rules_->rules.empty()) split_folders();
}

ModuleMap::~ModuleMap() = default;

void ModuleMap::set_tree(std::vector<std::int64_t> paths) {
  in_head_ = std::move(paths);
  if (!rules_->rules.empty()) return;  // rules know no tree
  rules_->split.clear();
  modules_.clear();
  split_folders();
}

void ModuleMap::split_folders() {
  std::map<std::string, std::int64_t> size;  // files below a folder
  std::map<std::string, std::set<std::string>> subfolders;
  for (const auto id : in_head_) {
    const std::string& path = paths_.at(id);
    for (std::size_t slash = path.find('/'), begin = 0; slash != std::string::npos;
         begin = slash + 1, slash = path.find('/', begin)) {
      ++size[path.substr(0, slash)];
      subfolders[begin == 0 ? "" : path.substr(0, begin - 1)].insert(path.substr(0, slash));
    }
  }
  const auto total = static_cast<std::int64_t>(in_head_.size());
  for (const auto& [folder, count] : size)
    if (count * 4 > total && subfolders.contains(folder)) rules_->split.insert(folder);
}

std::string ModuleMap::module_of_path(const std::string& path) const {
  for (const auto& pattern : rules_->ignored)
    if (pattern.found_in(path)) return {};
  for (const auto& rule : rules_->rules) {
    std::string_view groups[4];
    const std::size_t count = std::min<std::size_t>(4, rule.pattern.group_count() + 1);
    if (!rule.pattern.search(path, 0, Pattern::Anchor::none, std::span(groups, count))) continue;
    std::string name;
    for (std::size_t i = 0; i < rule.name.size(); ++i) {
      const bool is_group =
          rule.name[i] == '\\' && i + 1 < rule.name.size() && rule.name[i + 1] >= '0' && rule.name[i + 1] <= '3';
      if (!is_group) {
        name += rule.name[i];
        continue;
      }
      const auto group = static_cast<std::size_t>(rule.name[++i] - '0');
      if (group < count) name += std::string(groups[group]);
    }
    return name;
  }
  std::size_t slash = path.find('/');
  if (slash == std::string::npos) return "(top level)";
  while (rules_->split.contains(path.substr(0, slash))) {
    const std::size_t next = path.find('/', slash + 1);
    if (next == std::string::npos) break;
    slash = next;
  }
  return path.substr(0, slash);
}

const std::string& ModuleMap::module_of(std::int64_t path_id) {
  const auto found = modules_.find(path_id);
  if (found != modules_.end()) return found->second;
  const auto path = paths_.find(path_id);
  return modules_.emplace(path_id, path == paths_.end() ? std::string() : module_of_path(path->second)).first->second;
}

const std::string& ModuleMap::path(std::int64_t path_id) const {
  return paths_.at(path_id);
}

std::unordered_map<std::string, std::int64_t> ModuleMap::files() {
  std::unordered_map<std::string, std::int64_t> result;
  for (const auto id : in_head_) ++result[module_of(id)];
  return result;
}

bool branch_went_on(const Context& context) {
  const auto newest = context.database.integer(
      "SELECT max(committed_at) FROM git_commit WHERE project_id = :project AND on_default = 1",
      {{"project", context.project_id}});
  return newest.value_or(0) > context.as_of;
}

}  // namespace resident
