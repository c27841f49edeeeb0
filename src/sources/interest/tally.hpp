// How often each module, and each name of it, is used: by how many projects, in how many files, how many times. One
// tally a thread, joined at the end; a corpus of any size takes no more memory than it has different names a project.
#pragma once

#include <cstdint>
#include <sources/interest/language.hpp>
#include <sources/interest/own_modules.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resident::interest {

struct TallyOptions {
  bool names = false;               // also what is taken of a module
  bool relative = false;            // also modules of the project itself
  bool each = false;                // keep every place
  std::vector<std::string> wholes;  // only these modules and parts of them; none: all
  const OwnModules* own = nullptr;  // where set, only these modules count, by their names there
};

struct Use {
  const Language* language = nullptr;
  std::string module, name;
  std::int64_t projects = 0, files = 0, count = 0;
  double weight = 0;  // sum of those of the projects
};

struct Place {
  const Language* language = nullptr;
  std::size_t project = 0;
  std::string file;
  std::int64_t line = 0;
  std::string module, name;
  bool conditional = false;
};

class Tally {
 public:
  explicit Tally(const TallyOptions& options) : options_(&options) {}
  // All mentions of one file.
  void add(const Language& language, std::size_t project, std::string_view file, std::string_view text,
           const Mentions& mentions);

  // Most projects first, then most files, then most often, then by name.
  // weights: of each project, by its number; none: no weight.
  static std::vector<Use> joined(const std::vector<Tally>& tallies, const std::vector<double>& weights = {});
  static std::vector<Place> places(std::vector<Tally>& tallies);
  // Projects with a file of the languages, and with a use that counts.
  static std::int64_t projects(const std::vector<Tally>& tallies);
  static std::int64_t users(const std::vector<Tally>& tallies);
  std::int64_t files() const { return files_; }
  std::int64_t relative() const { return relative_; }

 private:
  struct Count {
    std::int64_t files = 0, count = 0, last_file = -1;
    std::size_t last_offset = 0;
  };
  bool counts(const Language& language, const Mention& mention);
  void place(const Language& language, std::size_t project, std::string_view file, std::int64_t line,
             const Mention& mention);

  const TallyOptions* options_;
  std::unordered_map<std::string, Count> counts_;  // by language, project, module and name
  std::vector<bool> seen_, used_;                  // projects
  std::vector<Place> places_;
  std::string key_;
  std::int64_t files_ = 0, relative_ = 0;
};

}  // namespace resident::interest
