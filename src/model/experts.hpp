// Experts: who knows a file, a folder or a module. What people committed and reviewed there, halved for every year that
// has passed; an expert is living while present anywhere in the project (model/presence.hpp).
#pragma once

#include <functional>
#include <map>
#include <model/modules.hpp>
#include <model/presence.hpp>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident {

struct Expert {
  std::int64_t person = 0;
  double score = 0;  // commits + half the reviews, each halved a year
  std::int64_t commits = 0, reviews = 0;
  Timestamp last_here = 0;
  Timestamp last_active = 0;  // anywhere in the project
  bool living = false;
};

// What is known of one module.
struct ModuleKnowledge {
  std::int64_t changes = 0, recent_changes = 0;  // commits that touched it: ever, and in the year before
  Timestamp last_change = 0;
  std::set<std::int64_t> recent_people;  // authors of the recent ones
  std::vector<Expert> experts;           // best first
};

// How experts are found, for `definition`.
extern const char* const kExpertDefinition;

// Experts of some files, best first: those for which `counts` is true.
std::vector<Expert> experts_of(const Context& context, const People& people,
                               const std::function<bool(std::int64_t path_id)>& counts);
// The same of few files, which alone are read.
std::vector<Expert> experts_of_files(const Context& context, const People& people,
                                     const std::set<std::int64_t>& path_ids);
// Of every module with any change, in one pass.
std::map<std::string, ModuleKnowledge> knowledge_by_module(const Context& context, const People& people, ModuleMap& map,
                                                           const Presence& presence);
std::unordered_map<std::string, std::vector<Expert>> experts_by_module(const Context& context, const People& people,
                                                                       ModuleMap& map);

}  // namespace resident
