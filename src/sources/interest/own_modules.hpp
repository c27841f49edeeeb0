// Modules that a project itself has, told from the paths of its files: what others' imports are joined to. Python: from
// the topmost folder with an __init__ file down; C and C++: a header is known by each end of its path, where only one
// file has it. An import of a name that is itself a module (`from a import b`) is a use of that module.
#pragma once

#include <sources/interest/language.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace resident::interest {

class OwnModules {
 public:
  struct Module {
    const Language* language = nullptr;
    std::string name, path;
  };

  // Files of languages other than Python, C and C++ are passed by.
  explicit OwnModules(const std::vector<std::string>& paths);
  // In order of their paths, one for each file that can be imported.
  const std::vector<Module>& all() const { return modules_; }
  // The name of the module that is meant; empty where it is none of these.
  std::string_view meant(const Language& language, const Mention& mention) const;

 private:
  void add(const Language& language, std::string name, const std::string& path);
  void add_header(const Language& language, const std::string& path);

  std::vector<Module> modules_;
  std::unordered_map<std::string, std::size_t> by_name_;  // language and name
  std::unordered_set<std::string> ambiguous_;
};

// Files below a folder, relative to it, links and .git left out.
std::vector<std::string> paths_below(const std::string& folder);

}  // namespace resident::interest
