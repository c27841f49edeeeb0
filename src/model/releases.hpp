// Releases of the project until the moment: those of the configuration, else tags whose names match release_tags.
#pragma once

#include <framework/analysis.hpp>
#include <string>
#include <vector>

namespace resident {

struct Release {
  std::string name;
  Timestamp at;
  std::string sha;  // "": no tag of it is known
};

// In order of time. origin: where they are from, for people.
std::vector<Release> load_releases(const Context& context, std::string& origin);

// Which third of its cycle a moment lies in: 1, 2, 3; 0 where it lies in no cycle that has ended.
int third_of_cycle(const std::vector<Release>& releases, Timestamp at);

}  // namespace resident
