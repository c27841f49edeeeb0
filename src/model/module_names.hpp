// Where in the code an issue belongs, by the names that its text gives: paths and file
// names anywhere in it, a module's own name in its title. Names that several modules
// share say nothing.
#pragma once

#include <map>
#include <model/modules.hpp>
#include <optional>
#include <string>

namespace resident {

class ModuleNames {
 public:
  // From the files of the map's tree; replaces what was learnt before.
  void learn(ModuleMap& map);
  struct Place {
    std::string module, why;
  };
  // The module that the text speaks of most.
  std::optional<Place> find(const std::string& title, const std::string& body) const;
  // The only module whose name ends in that (in lower case); "" where there is none, or several.
  std::string module_called(const std::string& name) const;

 private:
  std::map<std::string, std::string> of_file_;  // by file name; "": several
  std::map<std::string, std::string> by_name_;  // by the last part of its name, in lower case; "": several
};

}  // namespace resident
