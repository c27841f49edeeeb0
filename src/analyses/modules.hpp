// Modules and their experts. Files are grouped to modules by configured rules
// (first match wins), or by folder: a folder that holds more than a quarter of the
// files is split into its subfolders, again and again. Expertise is what people
// committed and reviewed there, halved for every year that has passed, and an
// expert is living while active anywhere in the project in the last year.
#pragma once

#include <analyses/queues/thread.hpp>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident {

class ModuleMap {
 public:
  explicit ModuleMap(const Context& context);
  ~ModuleMap();
  // The module's name; "" for paths that do not count (generated, news, …).
  const std::string& module_of(std::int64_t path_id);
  std::string module_of_path(const std::string& path) const;
  const std::string& path(std::int64_t path_id) const;
  bool knows(std::int64_t path_id) const { return paths_.contains(path_id); }
  // Files of the newest tree.
  const std::vector<std::int64_t>& in_head() const { return in_head_; }
  // As if these files were the newest tree: for a moment of the past.
  void set_tree(std::vector<std::int64_t> paths);
  // Files in the newest tree, by module.
  std::unordered_map<std::string, std::int64_t> files();

 private:
  struct Rules;
  void split_folders();
  std::unique_ptr<Rules> rules_;
  std::unordered_map<std::int64_t, std::string> paths_;
  std::unordered_map<std::int64_t, std::string> modules_;
  std::vector<std::int64_t> in_head_;
};

// Whether the default branch has commits later than the moment: then the newest tree is not that of the moment.
bool branch_went_on(const Context& context);

// When each person was last active anywhere in the project, as of the moment:
// commits, items, comments, reviews and events but those that merely happen to people.
std::unordered_map<std::int64_t, Timestamp> last_activity(const Context& context, const People& people);
// The same of one person, by way of the indices: quick where few are asked about.
std::optional<Timestamp> last_activity_of(const Context& context, const People& people, std::int64_t person);

struct Expert {
  std::int64_t person = 0;
  double score = 0;  // commits + half the reviews, each halved a year
  std::int64_t commits = 0, reviews = 0;
  Timestamp last_here = 0;
  Timestamp last_active = 0;  // anywhere in the project
  bool living = false;
};

// Experts of some files, best first: those for which `counts` is true.
std::vector<Expert> experts_of(const Context& context, const People& people,
                               const std::function<bool(std::int64_t path_id)>& counts);
// Of every module, in one pass.
std::unordered_map<std::string, std::vector<Expert>> experts_by_module(const Context& context, const People& people,
                                                                       ModuleMap& map);

}  // namespace resident
