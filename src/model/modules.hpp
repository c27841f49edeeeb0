// Modules: files grouped by configured rules (first match wins), or by folder: a folder that holds more than a
// quarter of the files is split into its subfolders, again and again. Files that the project's .gitattributes mark as
// generated or vendored are of no module, unless `ignored_paths` holds "!linguist-generated", "!linguist-vendored";
// those of documentation are, unless it holds "linguist-documentation".
#pragma once

#include <memory>
#include <model/open_items.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resident {

class ModuleMap {
 public:
  explicit ModuleMap(const Context& context);
  ~ModuleMap();
  // The module's name; "" for paths that do not count (by configuration, or as their mark says).
  const std::string& module_of(std::int64_t path_id);
  std::string module_of_path(const std::string& path) const;  // marks aside
  // What .gitattributes say of the file: "generated", "vendored", "documentation"; "" for nothing, and for what the
  // settings take back.
  std::string_view mark_of(std::int64_t path_id) const;
  const std::string& path(std::int64_t path_id) const;
  bool knows(std::int64_t path_id) const { return paths_.contains(path_id); }
  // "3 files are left out: .gitattributes marks them as generated or vendored."; "" where none of the tree is.
  std::string left_out_sentence() const;
  // Files of the newest tree.
  const std::vector<std::int64_t>& in_head() const { return in_head_; }
  // As if these files were the newest tree: for a moment of the past.
  void set_tree(std::vector<std::int64_t> paths);
  // Files in the newest tree, by module.
  std::unordered_map<std::string, std::int64_t> files();

 private:
  struct Rules;
  void read_marks(const Context& context);
  void split_folders();
  std::unique_ptr<Rules> rules_;
  std::unordered_map<std::int64_t, std::string> paths_;
  std::unordered_map<std::int64_t, std::string> modules_;
  std::vector<std::int64_t> in_head_;
};

// Whether the default branch has commits later than the moment: then the newest tree is not that of the moment.
bool branch_went_on(const Context& context);

}  // namespace resident
