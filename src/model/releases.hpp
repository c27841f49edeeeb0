// Releases of a project: those of its configuration (a beta or a candidate that stands there is none), else tags that
// match release_tags.
#pragma once

#include <framework/analysis.hpp>
#include <string>
#include <vector>

namespace resident {

struct Release {
  std::string name;
  Timestamp at = 0;
  std::string sha;  // "": no tag of it is known
};

// Up to the context's moment, in order of time. origin: where they come from, in words, if it is wanted.
std::vector<Release> releases_of(const Context& context, std::string* origin = nullptr);

// Which third of its cycle a moment lies in: 1, 2, 3; 0 where it lies in no cycle that has ended.
int third_of_cycle(const std::vector<Release>& releases, Timestamp at);

}  // namespace resident
