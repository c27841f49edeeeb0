// Which modules each commit, issue and pull request is about, and since when that could be known: for counts by module
// that must not know the future. Modules are those of model/modules.hpp.
//
//   commits         the files they changed (default branch, no merges)
//   pull requests   the files they change; where those are not known, the files of their commits
//   issues          a label that names a module ([project.NAME.module_labels], or "area: net", "topic-net" where a
//                   module is called so), else what title and text name (model/module_names.hpp), else the files of
//                   commits that name the issue
//
// What is about several modules is about each of them in equal parts. Bots' items and spam are left out.
#pragma once

#include <model/module_names.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resident {

class ModulePlaces {
 public:
  using Module = std::uint32_t;  // a place in names()
  enum class How { files, commits, label, text };
  struct Place {
    std::vector<Module> modules;  // in order, each once
    Timestamp known_at = 0;       // since when it could be known
    How how = How::files;
    double share() const { return 1.0 / static_cast<double>(modules.size()); }
  };
  struct Item {
    std::int64_t id = 0;
    bool is_pull = false;
    std::int64_t author = 0;  // person; 0: unknown
    Timestamp created_at = 0;
    Place place;  // without modules: nothing tells
  };

  // Nothing later than the context's moment is seen; texts and files of pull requests are those of today.
  ModulePlaces(const Context& context, const People& people);

  const std::vector<std::string>& names() const { return names_; }
  std::optional<Module> find(const std::string& name) const;
  // Null where the commit is unknown, a merge, not on the default branch, or changed nothing that counts.
  const Place* commit(std::int64_t commit_id) const;
  const Item* item(std::int64_t item_id) const;
  const std::vector<Item>& items() const { return items_; }  // in order of id
  // The module that a text of any other kind (a question in a channel) speaks of.
  std::optional<Module> of_text(const std::string& title, const std::string& body);
  // The module of a file; nothing for paths that do not count.
  std::optional<Module> of_path(std::int64_t path_id);
  ModuleMap& map() { return map_; }
  // "area: net" → "net": what stands behind a word that says that a label names a part of the code; "" for others.
  static std::string part_in_label(std::string_view label);

 private:
  Module number_of(const std::string& name);
  static void add(Place& place, Module module);
  void read_commits(const Context& context);
  void read_items(const Context& context, const People& people);
  void place_by_files(const Context& context);
  void place_by_commits(const Context& context, bool is_pull);
  void place_by_labels(const Context& context);
  void place_by_texts(const Context& context);
  std::optional<Module> of_label(const Context& context, const std::string& label);
  Item* find_item(std::int64_t item_id);

  ModuleMap map_;
  ModuleNames texts_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, Module> numbers_;
  std::unordered_map<std::string, std::optional<Module>> labels_;
  std::unordered_map<std::int64_t, std::optional<Module>> paths_;
  std::unordered_map<std::int64_t, Place> commits_;
  std::vector<Item> items_;
};

}  // namespace resident
