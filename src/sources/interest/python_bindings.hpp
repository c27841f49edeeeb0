// Which names a Python file binds to modules, and what it takes of them by a dot: `import os.path as p` and `p.join` is
// join of os.path. By name, not by scope: a local variable of the same name is taken for the module.
#pragma once

#include <sources/interest/mentions.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace resident::interest {

class PythonBindings {
 public:
  // alias: empty where the module is bound by its first part.
  void add(std::string_view module, std::string_view alias);
  // A statement in which names are no uses. In order.
  void leave_out(const char* from, const char* to) { statements_.emplace_back(from, to); }
  void find_attributes(std::string_view text, Mentions& mentions) const;

 private:
  struct Place {
    const char* at;
    std::string_view name;
  };
  std::vector<Place> places(std::string_view text) const;
  void read(const Place& place, std::string_view text, Mentions& mentions) const;

  std::unordered_map<std::string_view, std::string_view> modules_;  // by the name that is bound
  std::unordered_set<std::string_view> dotted_;                     // all that are imported by their own names
  std::vector<std::pair<const char*, const char*>> statements_;
};

}  // namespace resident::interest
