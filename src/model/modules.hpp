// Modules: files grouped by configured rules (first match wins), or by folder: a folder that holds more than a
// quarter of the files is split into its subfolders, again and again.
#pragma once

#include <memory>
#include <model/open_items.hpp>
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

}  // namespace resident
