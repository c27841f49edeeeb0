// The text of a git configuration as a list of settings. Nothing is included and nothing is run: what a clone's own
// configuration says is read as data. (git-config, "Syntax".)
#pragma once

#include <string>
#include <vector>

namespace resident::git {

// One setting: "core.bare", "remote.origin.url" in lower case but for the middle part, and its value.
struct ConfigSetting {
  std::string key, value;
};

// All of a git configuration, without what it includes: git includes nothing either where it looks at the format.
std::vector<ConfigSetting> read_settings(const std::string& config);

}  // namespace resident::git
