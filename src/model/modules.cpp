// Files grouped to modules: by configured rules, else by folder.

#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/pattern.hpp>
#include <base/text.hpp>
#include <map>
#include <model/modules.hpp>
#include <set>

namespace resident {

namespace {

constexpr std::string_view kLinguist = "linguist-";

// In this order: of two marks the first counts.
enum class Mark : std::uint8_t { generated, vendored, documentation };
constexpr std::string_view kMarks[] = {"generated", "vendored", "documentation"};

std::optional<Mark> mark_named(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kMarks); ++i)
    if (kMarks[i] == name) return static_cast<Mark>(i);
  return std::nullopt;
}

}  // namespace

struct ModuleMap::Rules {
  struct Rule {
    Pattern pattern;
    std::string name;
  };
  std::vector<Rule> rules;
  std::vector<Pattern> ignored;
  std::set<std::string> split;  // folders that are not modules themselves: their subfolders are
  std::unordered_map<std::int64_t, Mark> marks;
  std::set<Mark> left_out{Mark::generated, Mark::vendored}, taken_back;

  // An entry of ignored_paths.
  void ignore(const std::string& entry) {
    const bool is_back = entry.starts_with('!');
    std::string_view name = std::string_view(entry).substr(is_back);
    if (!name.starts_with(kLinguist)) {
      ignored.emplace_back(entry);
      return;
    }
    name.remove_prefix(kLinguist.size());
    const auto mark = mark_named(name);
    if (!mark)
      throw Error(ErrorKind::usage, fmt::format("ignored_paths: there is no mark '{}'", one_line(entry)),
                  "linguist-generated, linguist-vendored and linguist-documentation are; each with ! to let it count");
    if (is_back) {
      left_out.erase(*mark);
      taken_back.insert(*mark);
    } else {
      left_out.insert(*mark);
    }
  }
  bool is_left_out(std::int64_t path_id) const {
    const auto found = marks.find(path_id);
    return found != marks.end() && left_out.contains(found->second);
  }
};

ModuleMap::ModuleMap(const Context& context) : rules_(std::make_unique<Rules>()) {
  for (const auto& rule : context.config.modules) rules_->rules.push_back({Pattern(rule.pattern), rule.name});
  for (const auto& entry : context.config.ignored_paths) rules_->ignore(entry);
  read_marks(context);
  const auto rows = context.database.query("SELECT path_id, path, in_head FROM path WHERE project_id = :project",
                                           {{"project", context.project_id}});
  while (rows->next()) {
    paths_.emplace(rows->integer(0), rows->string(1));
    if (rows->integer(2) == 1) in_head_.push_back(rows->integer(0));
  }
  if (rules_->rules.empty()) split_folders();
}

ModuleMap::~ModuleMap() = default;

void ModuleMap::read_marks(const Context& context) {
  for (const auto rows = context.database.query("SELECT path_id, mark FROM path_mark WHERE project_id = :project",
                                                {{"project", context.project_id}});
       rows->next();) {
    const auto mark = mark_named(rows->string(1));
    if (!mark || rules_->taken_back.contains(*mark)) continue;
    const auto [found, is_new] = rules_->marks.emplace(rows->integer(0), *mark);
    if (!is_new) found->second = std::min(found->second, *mark);
  }
}

std::string_view ModuleMap::mark_of(std::int64_t path_id) const {
  const auto found = rules_->marks.find(path_id);
  return found == rules_->marks.end() ? std::string_view() : kMarks[static_cast<std::size_t>(found->second)];
}

std::string ModuleMap::left_out_sentence() const {
  std::map<Mark, std::int64_t> count;
  std::int64_t all = 0;
  for (const std::int64_t id : in_head_)
    if (rules_->is_left_out(id)) ++all, ++count[rules_->marks.at(id)];
  if (all == 0) return {};
  std::string words;
  for (const auto& [mark, files] : count)
    words += (words.empty() ? "" : " or ") + std::string(kMarks[static_cast<std::size_t>(mark)]);
  return fmt::format("{} left out: .gitattributes marks {} as {}.",
                     plural(static_cast<long long>(all), "file is", "files are"), all == 1 ? "it" : "them", words);
}

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
  std::int64_t total = 0;
  for (const auto id : in_head_) {
    if (rules_->is_left_out(id)) continue;
    ++total;
    const std::string& path = paths_.at(id);
    for (std::size_t slash = path.find('/'), begin = 0; slash != std::string::npos;
         begin = slash + 1, slash = path.find('/', begin)) {
      ++size[path.substr(0, slash)];
      subfolders[begin == 0 ? "" : path.substr(0, begin - 1)].insert(path.substr(0, slash));
    }
  }
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
  const bool counts = path != paths_.end() && !rules_->is_left_out(path_id);
  return modules_.emplace(path_id, counts ? module_of_path(path->second) : std::string()).first->second;
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
